package io.github.ndocker.registry;

import java.time.Duration;
import java.util.Objects;
import java.util.Set;

/**
 * How patient a {@link RegistryClient} is, and whom it trusts without TLS. Immutable.
 *
 * @param plainHttp registries, as references name them, that are asked by plain HTTP; loopback
 *     addresses always are
 * @param connectTimeout how long a connection may take to come about
 * @param stallTimeout how long a connection may be silent
 * @param tries how often a request is sent before its failure counts, at least 1
 * @param firstPause the pause before the second try; each further one is twice as long
 */
public record RegistryOptions(
    Set<String> plainHttp,
    Duration connectTimeout,
    Duration stallTimeout,
    int tries,
    Duration firstPause) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a time-out is not positive or there is no try
   */
  public RegistryOptions {
    plainHttp = Set.copyOf(plainHttp);
    Objects.requireNonNull(firstPause, "firstPause");
    if (connectTimeout.isNegative()
        || connectTimeout.isZero()
        || stallTimeout.isNegative()
        || stallTimeout.isZero()
        || firstPause.isNegative()
        || tries < 1) {
      throw new IllegalArgumentException(
          "connect time-out "
              + connectTimeout
              + ", stall time-out "
              + stallTimeout
              + ", tries "
              + tries);
    }
  }

  /**
   * What suits registries on the internet: 10 s to connect, 30 s of silence, 3 tries.
   *
   * @return the options
   */
  public static RegistryOptions defaults() {
    return new RegistryOptions(
        Set.of(), Duration.ofSeconds(10), Duration.ofSeconds(30), 3, Duration.ofMillis(250));
  }

  /**
   * These options with other registries asked by plain HTTP.
   *
   * @param registries as references name them
   * @return the options
   */
  public RegistryOptions withPlainHttp(Set<String> registries) {
    return new RegistryOptions(registries, connectTimeout, stallTimeout, tries, firstPause);
  }

  /**
   * These options with another stall time-out.
   *
   * @param silence how long a connection may be silent
   * @return the options
   */
  public RegistryOptions withStallTimeout(Duration silence) {
    return new RegistryOptions(plainHttp, connectTimeout, silence, tries, firstPause);
  }

  /**
   * These options with another number of tries.
   *
   * @param number how often a request is sent before its failure counts
   * @param pause before the second try
   * @return the options
   */
  public RegistryOptions withTries(int number, Duration pause) {
    return new RegistryOptions(plainHttp, connectTimeout, stallTimeout, number, pause);
  }
}
