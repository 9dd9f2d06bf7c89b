package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the kernel holds because of files below a directory: must be nothing after a test. */
public record Kernel(Set<String> superblocks, List<String> mounts, List<String> loopDevices) {
  /** What it must hold when all is closed. */
  public static final Kernel NOTHING = new Kernel(Set.of(), List.of(), List.of());

  /** Looks for a test's superblocks, and for what shows the path of its directory. */
  public static Kernel holds(Path directory, SeenSuperblocks superblocks) throws IOException {
    Path real = directory.toRealPath();
    return new Kernel(
        superblocks.live(),
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .filter(line -> line.contains(real.toString()))
            .collect(Collectors.toList()),
        loopDevicesOver(real));
  }

  /** Their backing files; the kernel cuts long names nowhere but at a page. */
  static List<String> loopDevicesOver(Path directory) throws IOException {
    try (Stream<Path> blocks = Files.list(Path.of("/sys/block"))) {
      return blocks
          .map(block -> block.resolve("loop/backing_file"))
          .filter(Files::exists)
          .map(Kernel::read)
          .filter(file -> file.startsWith(directory.toString()))
          .collect(Collectors.toList());
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "gone";
    }
  }
}
