package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnprivilegedMountTest {
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  @TempDir Path directory;

  @Test
  void saysWhatIsNotPermittedAndLeavesNothing() throws Exception {
    Path metadata = Files.write(directory.resolve("metadata"), new byte[4096]);
    ErofsSource source = new ErofsSource(metadata, List.of(), true);
    RootfsProvider provider = Providers.in(directory, RootfsWay.EROFS_FILES);
    FutureTask<MountException> attempt =
        new FutureTask<>(
            () -> {
              dropCapabilitiesOfThisThread();
              return assertThrows(
                  MountException.class,
                  () ->
                      provider.mount(
                          "one",
                          source,
                          RootfsOptions.writableIn(directory.resolve("writable")),
                          name -> {}));
            });
    Thread thread = new Thread(attempt);
    thread.start();
    MountException refused = attempt.get();
    assertTrue(refused.getMessage().contains("mounting needs root"), refused.getMessage());
    assertFalse(Files.exists(directory.resolve("writable")));
    for (String parent : List.of("mounts/roots", "mounts/trees")) {
      try (Stream<Path> left = Files.list(directory.resolve(parent))) {
        assertEquals(List.of(), left.toList());
      }
    }
  }

  @Test
  void saysWhichSystemItIsThatMountsNothing() throws Exception {
    RootfsProvider provider = Providers.in(directory, RootfsWay.EROFS_FILES);
    ErofsSource source = new ErofsSource(directory.resolve("none"), List.of(), true);
    String system = System.setProperty("os.name", "Mac OS X");
    try {
      MountException refused =
          assertThrows(
              MountException.class,
              () -> provider.mount("one", source, RootfsOptions.READ_ONLY, name -> {}));
      assertEquals("mounting needs Linux; this is Mac OS X", refused.getMessage());
    } finally {
      System.setProperty("os.name", system);
    }
  }

  /** Credentials belong to threads, as far as the kernel is concerned. */
  private static void dropCapabilitiesOfThisThread() {
    try (Memory header = new Memory(8);
        Memory none = new Memory(24)) {
      header.setInt(0, CAPABILITY_VERSION_3);
      header.setInt(4, 0);
      none.clear();
      int answer =
          NativeLibrary.getInstance("c")
              .getFunction("capset")
              .invokeInt(new Object[] {header, none});
      assertEquals(0, answer);
    }
  }
}
