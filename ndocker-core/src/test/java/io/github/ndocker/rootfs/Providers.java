package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Providers of tests, which mount in one way. */
public final class Providers {
  private Providers() {}

  /** One whose directories are all below a test's own. */
  public static RootfsProvider in(Path directory, RootfsWay way) throws IOException {
    return RootfsProvider.open(
        directory.resolve("mounts"), directory.resolve("unpacked"), List.of(way));
  }
}
