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

  @Test
  void ctrIsGivenWhatFollowsTheEntrypoint() throws IOException {
    assertEquals(
        List.of("-c", "x"), CtrStarts.afterEntrypoint(List.of("sh"), List.of("sh", "-c", "x")));
    assertEquals(List.of("sh"), CtrStarts.afterEntrypoint(List.of(), List.of("sh")));
  }

  @Test
  void ctrCannotRunWithoutTheEntrypoint() {
    assertThrows(
        NDockerException.class,
        () -> CtrStarts.afterEntrypoint(List.of("start", "now"), List.of("start")));
    assertThrows(
        NDockerException.class,
        () -> CtrStarts.afterEntrypoint(List.of("start"), List.of("sh", "-c", "start")));
  }
}
