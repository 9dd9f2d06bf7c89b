package io.github.ndocker.trust;

import java.util.List;
import java.util.Objects;

/** Which images are accepted. Immutable. */
public sealed interface TrustPolicy permits TrustPolicy.AcceptAny, TrustPolicy.SignedBy {
  /** Every image, signed or not. No signature is looked for. */
  record AcceptAny() implements TrustPolicy {}

  /**
   * Images with at least one good signature of one of the keys.
   *
   * @param keys the keys, between 1 and 32
   * @param names what becomes of the name that a signature is given to
   */
  record SignedBy(List<TrustedKey> keys, NameRule names) implements TrustPolicy {
    /** Each of them is tried on each signature. */
    private static final int MAX_KEYS = 32;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there is no key, or too many
     */
    public SignedBy {
      keys = List.copyOf(keys);
      Objects.requireNonNull(names, "names");
      if (keys.isEmpty() || keys.size() > MAX_KEYS) {
        throw new IllegalArgumentException(
            keys.size() + " keys; a policy has between 1 and " + MAX_KEYS);
      }
    }

    /**
     * The same keys with another rule.
     *
     * @param rule what becomes of the name that a signature is given to
     * @return the policy
     */
    public SignedBy withNames(NameRule rule) {
      return new SignedBy(keys, rule);
    }
  }

  /**
   * Accepts every image.
   *
   * @return the policy
   */
  static TrustPolicy acceptAny() {
    return new AcceptAny();
  }

  /**
   * Accepts what one of the keys has signed, with {@link NameRule#SAME_IF_NAMED}.
   *
   * @param keys the keys
   * @return the policy
   * @throws IllegalArgumentException if there is no key, or too many
   */
  static SignedBy signedBy(List<TrustedKey> keys) {
    return new SignedBy(keys, NameRule.SAME_IF_NAMED);
  }
}
