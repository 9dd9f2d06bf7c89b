package io.github.ndocker.hotfile;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import io.github.ndocker.linux.OpenEvents;
import io.github.ndocker.linux.PageResidency;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Watches one cold start (HBCSA's dynamic analysis): which files are opened, by events, and which
 * of their pages were read, by what is in the page cache afterwards.
 *
 * <p>For that to be exact the superblock is one that nothing else uses, freshly mounted, with
 * read-ahead off: then a page is resident if and only if the container read it. For one thread.
 */
public final class ColdStartTrace implements Closeable {
  private static final int WAIT_MILLIS = 20;

  /** More is no cold start, but a container that fills this process's memory with names. */
  private static final int MAX_FILES = 200_000;

  /** What the last look takes at most: the container may go on opening files meanwhile. */
  private static final int LAST_TAKES = 1_000;

  private final Path root;
  private final Path image;
  private final Path realImage;
  private final OpenEvents events;
  private final Set<Path> opened = new LinkedHashSet<>();
  private final FutureTask<Void> watching = new FutureTask<>(this::watch, null);
  private volatile boolean stopping;

  /** Written by the watching thread, read after it has ended. */
  private boolean truncated;

  /**
   * Begins to watch, before the container exists.
   *
   * @param root the mount point of the container's root file system
   * @param image the mount point of the image below it
   * @throws IOException if the kernel does not let this process watch
   */
  public ColdStartTrace(Path root, Path image) throws IOException {
    // the kernel names files by their real paths
    this.root = root.toRealPath();
    this.image = image;
    this.realImage = image.toRealPath();
    this.events = new OpenEvents(root);
    Thread thread = new Thread(watching, "ndocker-trace");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Ends the watch and says what was read until now.
   *
   * @param chainId the image
   * @param workload a name for what was started
   * @return the profile; incomplete if events were lost, or there were too many files
   * @throws IOException if the kernel fails
   */
  public Profile finish(ChainId chainId, String workload) throws IOException {
    stop();
    List<HotFile> files = new ArrayList<>();
    Set<String> paths = new LinkedHashSet<>();
    for (Path path : opened) {
      String inImage = path.startsWith(root) ? "/" + root.relativize(path) : path.toString();
      if (paths.add(inImage)) {
        hotFile(inImage).ifPresent(files::add);
      }
    }
    return Profile.ofOneRun(chainId, workload, !events.overflowed() && !truncated, files);
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } finally {
      events.close();
    }
  }

  /**
   * A file of the image, with the ranges that are resident; empty for what the container made
   * itself.
   */
  private Optional<HotFile> hotFile(String path) throws IOException {
    Path file = image.resolve(path.substring(1));
    // where the container put a directory in place of the image's link, the path leads out of it
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || !file.toRealPath().equals(realImage.resolve(path.substring(1)))) {
      return Optional.empty();
    }
    long size = Files.size(file);
    return Optional.of(new HotFile(path, ranges(PageResidency.of(file, size), size)));
  }

  static List<ByteRange> ranges(BitSet pages, long size) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int first = pages.nextSetBit(0); first >= 0; ) {
      int end = pages.nextClearBit(first);
      long offset = (long) first * PageResidency.PAGE_BYTES;
      ranges.add(
          new ByteRange(offset, Math.min((long) end * PageResidency.PAGE_BYTES, size) - offset));
      first = pages.nextSetBit(end);
    }
    return ranges;
  }

  /**
   * The watching thread: hands on events as they come, so that their queue stays short, and a last
   * time after the stop.
   */
  private void watch() {
    try {
      while (!stopping) {
        events.take(WAIT_MILLIS, this::keep);
      }
      for (int takes = 0; takes < LAST_TAKES && events.take(0, this::keep) > 0; takes++) {
        // what was queued before the stop
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void keep(Path path) {
    if (opened.size() < MAX_FILES) {
      opened.add(path);
    } else {
      truncated = true;
    }
  }

  /**
   * Waits for the watching thread, which ends within moments, also when interrupted: it must not
   * read from a descriptor that is closed behind its back, and may be another file's by then.
   */
  private void stop() throws IOException {
    stopping = true;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          watching.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw new IOException("the trace failed: " + e.getMessage(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
