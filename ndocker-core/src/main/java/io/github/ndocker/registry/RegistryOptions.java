package io.github.ndocker.registry;

import io.github.ndocker.trust.TrustPolicies;
import io.github.ndocker.trust.TrustPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * How patient a {@link RegistryClient} is, and whom it trusts without TLS. Immutable.
 *
 * @param plainHttp registries, as references name them, that are asked by plain HTTP; loopback
 *     addresses always are
 * @param connectTimeout how long a connection may take to come about
 * @param stallTimeout how long a connection may be silent, and how long an answer may take to begin
 * @param leastBytesPerSecond what an answer must bring in the mean while it is waited for, looked
 *     at once in a stall time-out; 0 for no such limit
 * @param tries how often a request is sent before its failure counts, at least 1
 * @param firstPause the pause before the second try; each further one is twice as long
 * @param tls what to trust, and what to show, by registry as references name it; all others are
 *     trusted as the platform trusts them
 * @param mirrors hosts that are asked before a registry, in this order, by registry as references
 *     name it
 * @param trust which images are accepted
 */
public record RegistryOptions(
    Set<String> plainHttp,
    Duration connectTimeout,
    Duration stallTimeout,
    long leastBytesPerSecond,
    int tries,
    Duration firstPause,
    Map<String, SSLContext> tls,
    Map<String, List<String>> mirrors,
    TrustPolicies trust) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a time-out is not positive, there is no try, or a mirror is
   *     no host
   */
  public RegistryOptions {
    plainHttp = Set.copyOf(plainHttp);
    tls = Map.copyOf(tls);
    Map<String, List<String>> copied = new HashMap<>();
    mirrors.forEach(
        (registry, hosts) -> {
          hosts.forEach(RegistryOptions::requireHost);
          copied.put(registry, List.copyOf(hosts));
        });
    mirrors = Map.copyOf(copied);
    Objects.requireNonNull(firstPause, "firstPause");
    Objects.requireNonNull(trust, "trust");
    if (connectTimeout.isNegative()
        || connectTimeout.isZero()
        || stallTimeout.isNegative()
        || stallTimeout.isZero()
        || firstPause.isNegative()
        || leastBytesPerSecond < 0
        || tries < 1) {
      throw new IllegalArgumentException(
          "connect time-out "
              + connectTimeout
              + ", stall time-out "
              + stallTimeout
              + ", at least "
              + leastBytesPerSecond
              + " bytes/s, tries "
              + tries);
    }
  }

  /**
   * What suits registries on the internet: 10 s to connect, 30 s of silence, 1 KiB/s, 3 tries; any
   * image is accepted.
   *
   * @return the options
   */
  public static RegistryOptions defaults() {
    return new RegistryOptions(
        Set.of(),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        1 << 10,
        3,
        Duration.ofMillis(250),
        Map.of(),
        Map.of(),
        TrustPolicies.of(TrustPolicy.acceptAny()));
  }

  /**
   * These options with other registries asked by plain HTTP.
   *
   * @param registries as references name them
   * @return the options
   */
  public RegistryOptions withPlainHttp(Set<String> registries) {
    return with(draft -> draft.plainHttp = registries);
  }

  /**
   * These options with another stall time-out.
   *
   * @param silence how long a connection may be silent
   * @return the options
   */
  public RegistryOptions withStallTimeout(Duration silence) {
    return with(draft -> draft.stallTimeout = silence);
  }

  /**
   * These options with another least rate. Whoever sends a byte now and then is not silent, but
   * would never be done either.
   *
   * @param bytesPerSecond what an answer must bring while it is waited for; 0 for no limit
   * @return the options
   */
  public RegistryOptions withLeastBytesPerSecond(long bytesPerSecond) {
    return with(draft -> draft.leastBytesPerSecond = bytesPerSecond);
  }

  /**
   * These options with another number of tries.
   *
   * @param number how often a request is sent before its failure counts
   * @param pause before the second try
   * @return the options
   */
  public RegistryOptions withTries(int number, Duration pause) {
    return with(
        draft -> {
          draft.tries = number;
          draft.firstPause = pause;
        });
  }

  /**
   * These options with a registry that has a certificate authority of its own, or wants to see a
   * certificate. It is asked by HTTPS even if it is on this host.
   *
   * @param registry as references name it
   * @param context what is trusted and shown; {@link RegistryTls} makes one of files
   * @return the options
   */
  public RegistryOptions withTls(String registry, SSLContext context) {
    Map<String, SSLContext> all = new HashMap<>(tls);
    all.put(registry, context);
    return with(draft -> draft.tls = all);
  }

  /**
   * These options with hosts that have copies of a registry's images. One that does not answer, or
   * does not have what is asked for, is passed over, and the registry itself comes last. A mirror
   * gets a login of its own if there is one, never that of the registry.
   *
   * @param registry as references name it
   * @param hosts host and port of each, the first one to be asked first
   * @return the options
   */
  public RegistryOptions withMirrors(String registry, List<String> hosts) {
    Map<String, List<String>> all = new HashMap<>(mirrors);
    all.put(registry, hosts);
    return with(draft -> draft.mirrors = all);
  }

  /**
   * These options with a word on which images are accepted. Those that are not are refused when
   * they are resolved, before anything else of them is fetched.
   *
   * @param policies by registry or repository
   * @return the options
   */
  public RegistryOptions withTrust(TrustPolicies policies) {
    return with(draft -> draft.trust = policies);
  }

  private RegistryOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** These options while one of them is changed. */
  private static final class Draft {
    private Set<String> plainHttp;
    private final Duration connectTimeout;
    private Duration stallTimeout;
    private long leastBytesPerSecond;
    private int tries;
    private Duration firstPause;
    private Map<String, SSLContext> tls;
    private Map<String, List<String>> mirrors;
    private TrustPolicies trust;

    private Draft(RegistryOptions options) {
      plainHttp = options.plainHttp;
      connectTimeout = options.connectTimeout;
      stallTimeout = options.stallTimeout;
      leastBytesPerSecond = options.leastBytesPerSecond;
      tries = options.tries;
      firstPause = options.firstPause;
      tls = options.tls;
      mirrors = options.mirrors;
      trust = options.trust;
    }

    private RegistryOptions options() {
      return new RegistryOptions(
          plainHttp,
          connectTimeout,
          stallTimeout,
          leastBytesPerSecond,
          tries,
          firstPause,
          tls,
          mirrors,
          trust);
    }
  }

  private static void requireHost(String mirror) {
    // an underscore, for example, makes a name that no address can have
    if (URI.create("https://" + mirror).getHost() == null || mirror.indexOf('/') >= 0) {
      throw new IllegalArgumentException("'" + mirror + "' is not a host with an optional port");
    }
  }
}
