package io.github.ndocker.linux;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Keeps directories open, and so in the memory of the kernel: a path through them is walked without
 * a read for each of its directories, also when the kernel has dropped all it could. A file system
 * with an open directory cannot be unmounted. Thread-safe.
 */
public final class PinnedDirectories implements Closeable {
  private final List<FileChannel> open = new ArrayList<>();

  /**
   * Opens them.
   *
   * @param directories those that are there
   * @throws IOException if one is not there or cannot be opened; none is open then
   */
  public PinnedDirectories(List<Path> directories) throws IOException {
    try {
      for (Path directory : directories) {
        open.add(FileChannel.open(directory, Set.of(StandardOpenOption.READ)));
      }
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  /** Closing twice is harmless. */
  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (FileChannel directory : open) {
      try {
        directory.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
