package io.github.ndocker.faults;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/** Bytes that nobody else has, and their name. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Blob(Digest name, byte[] bytes) {
  private static final int CHUNK = 1 << 16;
  private static final int SEAM = 512;

  static Blob random(Random random, int mostBytes) {
    byte[] bytes = new byte[random.nextInt(mostBytes + 1)];
    random.nextBytes(bytes);
    return new Blob(Digest.sha256(sha256().digest(bytes)), bytes);
  }

  /** Writes it in pieces, as a download does. */
  void writeTo(TieredBlobStore store, Tier tier, boolean sizeKnown) throws IOException {
    try (BlobWriter writer = store.write(tier, sizeKnown ? bytes.length : 0)) {
      for (int at = 0; at < bytes.length; at += CHUNK) {
        writer.write(ByteBuffer.wrap(bytes, at, Math.min(CHUNK, bytes.length - at)));
      }
      writer.commit(name);
    }
  }

  /** Writes its first half to one tier and the rest to the other. */
  void splitInto(TieredBlobStore store, Tier first) throws IOException {
    int seam = bytes.length / 2 / SEAM * SEAM;
    Tier second = first == Tier.FAST ? Tier.SLOW : Tier.FAST;
    try (SplitBlobWriter writer = store.writeSplit()) {
      writer.write(first, ByteBuffer.wrap(bytes, 0, seam));
      writer.write(second, ByteBuffer.wrap(bytes, seam, bytes.length - seam));
      writer.commit(name);
    }
  }

  /** Whether a store has the bytes that a name stands for. */
  static boolean isIntact(TieredBlobStore store, Digest name) throws IOException {
    try (BlobReader reader = store.read(name)) {
      MessageDigest sha256 = sha256();
      ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
      for (long at = 0; at < reader.size(); ) {
        int count = reader.read(chunk.clear(), at);
        if (count <= 0) {
          return false;
        }
        sha256.update(chunk.flip());
        at += count;
      }
      return Digest.sha256(sha256.digest()).equals(name);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
