package io.github.ndocker.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A small ext4 file system with project quotas, in a file. */
record QuotaDisk(Path path) implements Closeable {
  private static final long BYTES = 64 << 20;
  private static final long SYS_QUOTACTL = 179;
  private static final int GET_NEXT_PROJECT_QUOTA = 0x800009 << 8 | 2;

  static QuotaDisk make(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path image = directory.resolveSibling("disk.ext4");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(BYTES);
    }
    run("mkfs.ext4", "-q", "-O", "quota,project", "-E", "quotatype=prjquota", image.toString());
    try {
      run("mount", "-o", "loop,prjquota", image.toString(), directory.toString());
    } catch (AssertionError e) {
      run("mount", "-o", "loop,ro", image.toString(), directory.toString());
      run("umount", directory.toString());
      Assumptions.abort("this kernel mounts ext4, but not with prjquota (CONFIG_QFMT_V2)");
    }
    return new QuotaDisk(directory);
  }

  /** Whether there is a limit, or something used, by a project of the library's. */
  boolean hasProjects() throws IOException, InterruptedException {
    Process device = new ProcessBuilder("findmnt", "-n", "-o", "SOURCE", path.toString()).start();
    String node = new String(device.getInputStream().readAllBytes(), UTF_8).strip();
    assertEquals(0, device.waitFor());
    try (Memory quota = new Memory(80)) {
      long answer =
          NativeLibrary.getInstance("c")
              .getFunction("syscall")
              .invokeLong(
                  new Object[] {SYS_QUOTACTL, GET_NEXT_PROJECT_QUOTA, node, 0x4e440000, quota});
      return answer == 0;
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", path.toString());
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
