package io.github.ndocker.evaluation.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceTest {
  @TempDir Path memory;

  @Test
  void readsAheadAsItsKindDoesWhateverUsedTheLoopDeviceBefore() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "emulated devices need root");
    Map<String, String> before = readAhead();
    for (DeviceProfile profile : DeviceProfile.values()) {
      try (Device device = Device.emulated(memory, "device", profile)) {
        String upper =
            HostCommand.run(
                    "findmnt", "--noheadings", "--output", "SOURCE", device.root().toString())
                .strip();
        assertEquals(
            String.valueOf(profile.readAheadKib()),
            readAhead().get(Path.of(upper).getFileName().toString()));
      }
      // a loop device that there was not before has no value to go back to
      Map<String, String> after = readAhead();
      after.keySet().retainAll(before.keySet());
      assertEquals(before, after);
    }
  }

  private static Map<String, String> readAhead() throws IOException {
    Map<String, String> kib = new TreeMap<>();
    try (DirectoryStream<Path> loops = Files.newDirectoryStream(Path.of("/sys/block"), "loop*")) {
      for (Path loop : loops) {
        kib.put(
            loop.getFileName().toString(),
            Files.readString(loop.resolve("queue/read_ahead_kb")).strip());
      }
    }
    return kib;
  }
}
