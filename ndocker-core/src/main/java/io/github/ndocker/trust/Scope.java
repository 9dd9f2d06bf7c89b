package io.github.ndocker.trust;

import io.github.ndocker.image.ImageReference;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A registry, or a path in it with all that is below. Registries are compared as the network does:
 * without regard to case, and a standard port is as good as none. Immutable.
 *
 * @param registry host and port
 * @param path the first components of repositories; empty for all of the registry
 */
public record Scope(String registry, String path) {
  private static final String DOCKER_HUB = "docker.io";

  /** References may name Docker Hub by any of its hosts, and get the same images. */
  private static final Set<String> HUB_HOSTS =
      Set.of("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com");

  /** Of HTTPS and of HTTP. */
  private static final Set<Integer> STANDARD_PORTS = Set.of(443, 80);

  /**
   * Checks both parts.
   *
   * @throws IllegalArgumentException if one is not well-formed
   */
  public Scope {
    // the rules for names are there; an empty path needs a stand-in
    String name = path.isEmpty() ? "any" : path;
    registry =
        canonical(
            new ImageReference(registry, name, Optional.of("latest"), Optional.empty()).registry());
  }

  /**
   * Parses a scope.
   *
   * @param text a registry, or a registry, a slash and a path, such as {@code docker.io/library};
   *     nothing is left to a default
   * @return the scope
   * @throws IllegalArgumentException if the text is something else
   */
  public static Scope parse(String text) {
    int slash = text.indexOf('/');
    String registry = slash < 0 ? text : text.substring(0, slash);
    if (!registry.contains(".") && !registry.contains(":") && !registry.equals("localhost")) {
      throw new IllegalArgumentException(
          "'" + text + "' does not begin with a registry; that of Docker Hub is " + DOCKER_HUB);
    }
    if (slash == text.length() - 1) {
      throw new IllegalArgumentException("'" + text + "' ends in a slash");
    }
    return new Scope(registry, slash < 0 ? "" : text.substring(slash + 1));
  }

  /** The repository of an image. */
  static Scope of(ImageReference reference) {
    return new Scope(reference.registry(), reference.repository());
  }

  /**
   * Whether an image is of this scope.
   *
   * @param reference the image
   * @return whether it is
   */
  public boolean covers(ImageReference reference) {
    return closeness(reference) >= 0;
  }

  /** How much of the image's name this scope has: the more, the closer; -1 if it is outside. */
  int closeness(ImageReference reference) {
    Scope repository = of(reference);
    if (!registry.equals(repository.registry)) {
      return -1;
    }
    // "docker.io/python" is what people write for docker.io/library/python
    String official = "library/" + path;
    if (registry.equals(DOCKER_HUB) && repository.path.equals(official)) {
      return official.length();
    }
    boolean below =
        path.isEmpty() || repository.path.equals(path) || repository.path.startsWith(path + "/");
    return below ? path.length() : -1;
  }

  private static String canonical(String registry) {
    String lower = registry.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    String host = lower;
    String port = "";
    if (colon >= 0 && !lower.endsWith("]")) {
      host = lower.substring(0, colon);
      int number = Integer.parseInt(lower.substring(colon + 1));
      port = STANDARD_PORTS.contains(number) ? "" : ":" + number;
    }
    return HUB_HOSTS.contains(host) && port.isEmpty() ? DOCKER_HUB : host + port;
  }

  /** Returns the scope as it is parsed. */
  @Override
  public String toString() {
    return path.isEmpty() ? registry : registry + "/" + path;
  }
}
