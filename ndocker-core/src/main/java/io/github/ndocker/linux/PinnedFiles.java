package io.github.ndocker.linux;

import java.io.Closeable;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps the files that were used last in the memory of the kernel, by name and inode but not by
 * content: finding them again reads nothing, also when the kernel has dropped all it could.
 *
 * <p>A deleted file takes space as long as it is pinned, so who deletes one unpins it afterwards. A
 * file system with a pinned file cannot be unmounted. Thread-safe.
 */
public final class PinnedFiles implements Closeable {
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;

  private final int limit;
  private final Map<Path, Descriptor> pinned = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /**
   * None yet.
   *
   * @param limit how many files at most, each a file descriptor of this process
   */
  public PinnedFiles(int limit) {
    this.limit = limit;
  }

  /**
   * Pins a file; if there are too many then, the one that was used least recently is unpinned. A
   * file that is not there or cannot be pinned is left out. Does nothing once closed.
   *
   * @param file which
   */
  public synchronized void pin(Path file) {
    // opened in here, so that a deletion is either before that or finds it pinned
    if (closed || pinned.get(file) != null) {
      return;
    }
    try {
      pinned.put(file, Descriptor.open(file, LibC.O_PATH));
    } catch (SystemCallException e) {
      // finding it again is only slower; others need descriptors more
      if (e.errno() == EMFILE || e.errno() == ENFILE) {
        unpinAll();
      }
      return;
    }
    if (pinned.size() > limit) {
      unpin(pinned.keySet().iterator().next());
    }
  }

  /**
   * Pins a file no more. Does nothing if it is not pinned.
   *
   * @param file which
   */
  public synchronized void unpin(Path file) {
    Descriptor descriptor = pinned.remove(file);
    if (descriptor != null) {
      descriptor.close();
    }
  }

  /**
   * How many files are pinned.
   *
   * @return at most the limit
   */
  public synchronized int size() {
    return pinned.size();
  }

  @Override
  public synchronized void close() {
    closed = true;
    unpinAll();
  }

  private void unpinAll() {
    pinned.values().forEach(Descriptor::close);
    pinned.clear();
  }
}
