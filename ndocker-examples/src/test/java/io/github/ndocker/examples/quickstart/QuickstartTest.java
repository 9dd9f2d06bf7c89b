package io.github.ndocker.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.image.Platform;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuickstartTest {
  private static final Set<String> MOUNTABLE = Set.of("ext4", "xfs", "btrfs");

  @Test
  void deploysTracesPromotesAndRunsAnImage(@TempDir Path directory) throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    assumeTrue(Platform.host().architecture().equals("amd64"), "the program is for amd64");
    assumeTrue(isOnPath("crun"), "crun is not installed");
    assumeTrue(Files.isDirectory(Path.of("/sys/fs/erofs")), "the kernel has no EROFS");
    assumeTrue(
        MOUNTABLE.contains(Files.getFileStore(directory).type()),
        "metadata cannot be mounted from " + Files.getFileStore(directory).type());
    Path nvme = Files.createDirectory(directory.resolve("nvme"));
    Path disk = Files.createDirectory(directory.resolve("disk"));
    try (HostileRegistry registry =
        HostileRegistry.serving(PrintingImage.create(), HostileRegistry.Fault.NONE)) {
      String printed =
          Quickstart.run(nvme, disk, registry.reference(), new Readiness.Exits(PrintingImage.TEXT));
      assertEquals(PrintingImage.TEXT, printed);
    }
    // the pack is all that is left on the fast tier
    assertEquals(1, blobsIn(nvme));
    // three layers, and the records of the image, its profile and its promotion
    assertEquals(6, blobsIn(disk));
  }

  private static long blobsIn(Path tier) throws IOException {
    try (var blobs = Files.list(tier.resolve("layers/blobs/sha256"))) {
      return blobs.count();
    }
  }

  private static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv("PATH").split(":", -1))
        .anyMatch(entry -> Files.isExecutable(Path.of(entry, program)));
  }
}
