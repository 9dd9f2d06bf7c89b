package io.github.ndocker.registry;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which addresses are asked, and by which scheme. */
final class Addresses {
  private static final String DOCKER_HUB = "docker.io";

  /** Docker Hub's name in references is not that of the host that speaks the protocol. */
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[(?:0*:)*0*1]|(?:0*:)*0*1");

  private final Set<String> plainHttp;

  private final Set<String> tls;

  /**
   * Addresses.
   *
   * @param plainHttp registries that may be asked by plain HTTP
   * @param tls registries that are not, even if they are on this host
   */
  Addresses(Set<String> plainHttp, Set<String> tls) {
    this.plainHttp = plainHttp;
    this.tls = tls.stream().map(Addresses::host).collect(Collectors.toUnmodifiableSet());
  }

  URI of(String registry, String path) {
    String host = host(registry);
    URI https = URI.create("https://" + host + path);
    return isPlainHttpAllowed(https) ? URI.create("http://" + host + path) : https;
  }

  /** The host that speaks the protocol for a registry, with its port. */
  static String host(String registry) {
    return registry.equals(DOCKER_HUB) ? DOCKER_HUB_HOST : registry;
  }

  /**
   * Why an address that a registry sends us to must not be asked; empty if it may be.
   *
   * @param from the address that sent us
   * @param to the address it names
   */
  Optional<String> refusal(URI from, URI to) {
    String scheme = to.getScheme();
    if (to.getHost() == null || to.getRawUserInfo() != null) {
      return Optional.of("an address without a host or with a login in it");
    }
    if (!"https".equalsIgnoreCase(scheme)
        && !("http".equalsIgnoreCase(scheme) && isPlainHttpAllowed(to))) {
      return Optional.of("an address that is not HTTPS");
    }
    // else any registry could have requests sent to services that trust this host
    if (isLoopback(to) && !isLoopback(from)) {
      return Optional.of("an address on this host");
    }
    return Optional.empty();
  }

  /** Whether credentials for one address may be shown to the other. */
  static boolean sameOrigin(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && one.getHost().equalsIgnoreCase(other.getHost())
        && one.getPort() == other.getPort();
  }

  private boolean isPlainHttpAllowed(URI address) {
    String authority = address.getRawAuthority();
    return !tls.contains(authority) && (isLoopback(address) || plainHttp.contains(authority));
  }

  private static boolean isLoopback(URI address) {
    return address.getHost() != null && LOOPBACK.matcher(address.getHost()).matches();
  }
}
