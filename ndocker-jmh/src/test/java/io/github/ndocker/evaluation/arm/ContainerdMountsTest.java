package io.github.ndocker.evaluation.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerdMountsTest {
  @Test
  void anImageOfOneLayerIsABindMountOfItsDirectory() throws IOException {
    assertEquals(
        List.of(Path.of("/c/snapshots/1/fs")),
        ContainerdArm.lowerDirectories("mount -t bind /c/snapshots/1/fs /target -o ro,rbind\n"));
  }

  @Test
  void anImageOfSeveralIsAnOverlayWithTheTopmostFirst() throws IOException {
    assertEquals(
        List.of(Path.of("/c/snapshots/2/fs"), Path.of("/c/snapshots/1/fs")),
        ContainerdArm.lowerDirectories(
            "mount -t overlay overlay /target -o"
                + " index=off,lowerdir=/c/snapshots/2/fs:/c/snapshots/1/fs\n"));
  }

  @Test
  void whatNamesNoDirectoryIsAnError() {
    assertThrows(NDockerException.class, () -> ContainerdArm.lowerDirectories("mount -t tmpfs\n"));
    assertThrows(NDockerException.class, () -> ContainerdArm.lowerDirectories(""));
  }
}
