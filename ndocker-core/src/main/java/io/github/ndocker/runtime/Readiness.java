package io.github.ndocker.runtime;

import io.github.ndocker.api.NDockerException;

/** The rule that says when a container is ready, as HelloBench has them. */
public sealed interface Readiness {
  /**
   * Ready when the container has ended with exit code 0 and has printed a text.
   *
   * @param text must be in its output; empty if any output will do
   */
  record Exits(String text) implements Readiness {}

  /**
   * Ready when its output contains a text.
   *
   * @param text what to wait for
   */
  record Prints(String text) implements Readiness {
    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if it is empty
     */
    public Prints {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("an empty text is in every output");
      }
    }
  }

  /**
   * Ready when a TCP port of its network namespace accepts a connection on loopback.
   *
   * @param port 1 to 65535
   */
  record Listens(int port) implements Readiness {
    /**
     * Checks the port.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public Listens {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("TCP port " + port);
      }
    }
  }

  /**
   * Parses {@code exit}, {@code exit:TEXT}, {@code line:TEXT} or {@code tcp:PORT}.
   *
   * @param text the rule
   * @return the rule
   * @throws NDockerException if the text is not a rule
   */
  static Readiness parse(String text) throws NDockerException {
    int colon = text.indexOf(':');
    String kind = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    try {
      return switch (kind) {
        case "exit" -> new Exits(value);
        case "line" -> new Prints(value);
        case "tcp" -> new Listens(Integer.parseInt(value));
        default -> throw new IllegalArgumentException("unknown rule");
      };
    } catch (IllegalArgumentException e) {
      throw new NDockerException(
          "not a readiness rule: '" + text + "'; use exit, exit:TEXT, line:TEXT or tcp:PORT", e);
    }
  }
}
