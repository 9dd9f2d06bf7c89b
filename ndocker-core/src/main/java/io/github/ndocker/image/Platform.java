package io.github.ndocker.image;

import java.util.Locale;
import java.util.Objects;

/**
 * What an image is built to run on, in the words of the Go toolchain, as the OCI image
 * specification wants it ("Image Index", platform). Immutable.
 *
 * @param os the operating system, such as {@code linux}
 * @param architecture the processor, such as {@code amd64}
 * @param variant of the processor, such as {@code v7}; empty if there is none to tell
 */
public record Platform(String os, String architecture, String variant) {
  /** Checks that nothing is missing. */
  public Platform {
    Objects.requireNonNull(os, "os");
    Objects.requireNonNull(architecture, "architecture");
    Objects.requireNonNull(variant, "variant");
  }

  /**
   * The platform of containers on this host.
   *
   * @return {@code linux} on the processor that this Java machine runs on
   */
  public static Platform host() {
    String architecture = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    return new Platform(
        "linux",
        switch (architecture) {
          case "x86_64" -> "amd64";
          case "aarch64" -> "arm64";
          case "x86", "i386", "i686" -> "386";
          default -> architecture;
        },
        "");
  }

  /**
   * Whether what is built for another platform runs on this one. A variant counts only where both
   * sides name one.
   *
   * @param built the platform of an image
   * @return true if it may be used here
   */
  public boolean accepts(Platform built) {
    return os.equals(built.os)
        && architecture.equals(built.architecture)
        && (variant.isEmpty() || built.variant.isEmpty() || variant.equals(built.variant));
  }

  /** Returns {@code os/architecture[/variant]}. */
  @Override
  public String toString() {
    return os + "/" + architecture + (variant.isEmpty() ? "" : "/" + variant);
  }
}
