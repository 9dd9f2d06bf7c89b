package io.github.ndocker.evaluation;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceReads;
import io.github.ndocker.evaluation.host.HostCommand;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that reads a file of a device from front to back, again and again, until closed. */
final class DeviceReader implements Closeable {
  private static final String FILE_MEGABYTES = "256";
  private static final int START_MILLIS = 5000;
  private static final int POLL_MILLIS = 10;

  private final Device device;
  private final Process process;
  private final DeviceReads before;

  private DeviceReader(Device device, Process process, DeviceReads before) {
    this.device = device;
    this.process = process;
    this.before = before;
  }

  static DeviceReader start(Device device) throws IOException {
    Path file = device.root().resolve("read-by-another");
    if (!Files.exists(file)) {
      HostCommand.run(
          "dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + FILE_MEGABYTES, "oflag=direct");
    }
    DeviceReads before = device.reads();
    return new DeviceReader(
        device,
        new ProcessBuilder(
                "sh",
                "-c",
                "while dd if=\"$1\" of=/dev/null bs=1M iflag=direct; do :; done",
                "sh",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start(),
        before);
  }

  /** Waits until the device is busy: the tokens that had collected are gone. */
  void awaitReading() throws IOException {
    long least = device.profile().bytesPerSecond() / 2;
    for (int waited = 0; device.reads().minus(before).bytes() < least; waited += POLL_MILLIS) {
      if (waited > START_MILLIS) {
        throw new NDockerException("nothing reads the slow device");
      }
      pause();
    }
  }

  @Override
  public void close() throws IOException {
    // the shell first, so that it starts no other
    List<ProcessHandle> reading = process.descendants().toList();
    process.destroyForcibly();
    reading.forEach(ProcessHandle::destroyForcibly);
    pause();
  }

  private void pause() throws IOException {
    try {
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted beside a reader of the slow device", e);
    }
  }
}
