package io.github.ndocker.api;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;

/**
 * The identity of a stack of layers ("Layer ChainID", OCI image specification): {@code ChainID(L0)
 * = DiffID(L0)} and {@code ChainID(L0|...|Ln) = sha256(ChainID(L0|...|Ln-1) + " " + DiffID(Ln))}.
 * Immutable.
 *
 * @param digest the digest of the chain
 */
public record ChainId(Digest digest) {
  /** Checks that the digest is there. */
  public ChainId {
    Objects.requireNonNull(digest, "digest");
  }

  /**
   * The chain ID of the whole stack.
   *
   * @param layers diff IDs from the bottom layer up, at least one
   * @return the chain ID of the topmost layer
   * @throws IllegalArgumentException if there is no layer
   */
  public static ChainId of(List<DiffId> layers) {
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("a chain has at least one layer");
    }
    ChainId chain = new ChainId(layers.get(0).digest());
    for (DiffId layer : layers.subList(1, layers.size())) {
      chain = chain.append(layer);
    }
    return chain;
  }

  /**
   * The chain ID of this stack with one more layer on top.
   *
   * @param layer diff ID of the layer above
   * @return the longer chain's ID
   */
  public ChainId append(DiffId layer) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return new ChainId(Digest.sha256(sha256.digest((digest + " " + layer).getBytes(US_ASCII))));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Returns {@code algorithm:hex}. */
  @Override
  public String toString() {
    return digest.toString();
  }
}
