package io.github.ndocker.image;

import io.github.ndocker.api.Digest;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image, read as Docker reads it: {@code [host[:port]/]path[:tag][@digest]}.
 *
 * <p>Without a host the image is one of Docker Hub, {@code docker.io}, and with a path of one
 * component there it is an official one, {@code library/}. With neither tag nor digest the tag is
 * {@code latest}. The grammar is that of the distribution project's reference package. Immutable.
 *
 * @param registry host and, where it is not the scheme's own, port
 * @param repository the path below the host, lower case
 * @param tag the tag, if one was given or implied
 * @param digest the digest of the manifest, if it is pinned; it decides then, not the tag
 */
public record ImageReference(
    String registry, String repository, Optional<String> tag, Optional<Digest> digest) {
  private static final String DOCKER_HUB = "docker.io";
  private static final String OFFICIAL = "library/";

  /** Host, slash and path together, by the grammar. */
  private static final int MAX_NAME_LENGTH = 255;

  /** Name, a tag of 128 characters, a sha512 digest: what is longer need not be looked at. */
  private static final int MAX_LENGTH = MAX_NAME_LENGTH + 1 + 128 + 1 + 135;

  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final Pattern HOST =
      Pattern.compile(
          "(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[0-9a-fA-F:]{2,45}])(?::[0-9]{1,5})?");
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
  private static final Pattern PATH = Pattern.compile(COMPONENT + "(?:/" + COMPONENT + ")*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final Pattern HEX_ONLY = Pattern.compile("[0-9a-f]{64}");

  /**
   * Checks that every part is well-formed.
   *
   * @throws IllegalArgumentException if one is not, or if there is neither tag nor digest
   */
  public ImageReference {
    Objects.requireNonNull(tag, "tag");
    Objects.requireNonNull(digest, "digest");
    if (registry.length() + 1 + repository.length() > MAX_NAME_LENGTH) {
      throw new IllegalArgumentException(
          "the name has more than " + MAX_NAME_LENGTH + " characters");
    }
    if (!HOST.matcher(registry).matches() || !isPort(registry)) {
      throw new IllegalArgumentException("'" + registry + "' is not a host with an optional port");
    }
    if (!PATH.matcher(repository).matches()) {
      throw new IllegalArgumentException(
          "'"
              + repository
              + "' is not a path of lower-case letters and digits, with . _ - / in between");
    }
    if (tag.isPresent() && !TAG.matcher(tag.get()).matches()) {
      throw new IllegalArgumentException(
          "'" + tag.get() + "' is not a tag: at most 128 letters, digits, and _ . -");
    }
    if (tag.isEmpty() && digest.isEmpty()) {
      throw new IllegalArgumentException("neither tag nor digest");
    }
  }

  /**
   * Parses a reference.
   *
   * @param text as a person or a Dockerfile writes it
   * @return the reference, with the defaults filled in
   * @throws InvalidReferenceException if the text is not a reference
   */
  public static ImageReference parse(String text) throws InvalidReferenceException {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new InvalidReferenceException(
          text, "a reference has between 1 and " + MAX_LENGTH + " characters");
    }
    try {
      return parseParts(text);
    } catch (IllegalArgumentException e) {
      InvalidReferenceException refused =
          new InvalidReferenceException(text, String.valueOf(e.getMessage()));
      refused.initCause(e);
      throw refused;
    }
  }

  private static ImageReference parseParts(String text) {
    Optional<Digest> digest = Optional.empty();
    String rest = text;
    int at = rest.indexOf('@');
    if (at >= 0) {
      digest = Optional.of(Digest.parse(rest.substring(at + 1)));
      rest = rest.substring(0, at);
    }
    Optional<String> tag = digest.isPresent() ? Optional.empty() : Optional.of("latest");
    int colon = rest.lastIndexOf(':');
    if (colon > rest.lastIndexOf('/')) {
      tag = Optional.of(rest.substring(colon + 1));
      rest = rest.substring(0, colon);
    }
    int slash = rest.indexOf('/');
    if (slash < 0 && HEX_ONLY.matcher(rest).matches()) {
      throw new IllegalArgumentException("64 hexadecimal digits are an image ID, not a name");
    }
    if (slash < 0 || !isHost(rest.substring(0, slash))) {
      return ofHub(rest, tag, digest);
    }
    String registry = rest.substring(0, slash);
    String repository = rest.substring(slash + 1);
    return registry.equals(DOCKER_HUB) || registry.equals("index.docker.io")
        ? ofHub(repository, tag, digest)
        : new ImageReference(registry, repository, tag, digest);
  }

  private static ImageReference ofHub(String path, Optional<String> tag, Optional<Digest> digest) {
    return new ImageReference(
        DOCKER_HUB, path.indexOf('/') < 0 ? OFFICIAL + path : path, tag, digest);
  }

  /** The rule by which Docker tells a host from the first component of a path. */
  private static boolean isHost(String component) {
    return component.equals("localhost")
        || component.indexOf('.') >= 0
        || component.indexOf(':') >= 0
        || component.chars().anyMatch(letter -> letter >= 'A' && letter <= 'Z');
  }

  private static boolean isPort(String host) {
    int colon = host.lastIndexOf(':');
    if (colon < 0 || host.endsWith("]")) {
      return true;
    }
    int port = Integer.parseInt(host.substring(colon + 1));
    return port >= 1 && port <= 65_535;
  }

  /**
   * What a registry is asked for.
   *
   * @return the digest if the image is pinned, the tag otherwise
   */
  public String target() {
    return digest.map(Digest::toString).orElseGet(() -> tag.orElse("latest"));
  }

  /**
   * This image at one digest.
   *
   * @param manifest digest of a manifest
   * @return a reference that is pinned to it
   */
  public ImageReference at(Digest manifest) {
    return new ImageReference(registry, repository, tag, Optional.of(manifest));
  }

  /** Returns the whole reference, with nothing left to a default. */
  @Override
  public String toString() {
    return registry
        + "/"
        + repository
        + tag.map(name -> ":" + name).orElse("")
        + digest.map(pinned -> "@" + pinned).orElse("");
  }
}
