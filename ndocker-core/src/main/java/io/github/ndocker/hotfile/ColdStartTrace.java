package io.github.ndocker.hotfile;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.api.ProfiledProcess;
import io.github.ndocker.linux.OpenEvent;
import io.github.ndocker.linux.OpenEvents;
import io.github.ndocker.linux.PageResidency;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one cold start (HBCSA's dynamic analysis): which files are opened, by events, and which
 * of their pages were read, by what is in the page cache afterwards.
 *
 * <p>For that to be exact the superblock is one that nothing else uses, freshly mounted, with
 * read-ahead off: then a page is resident if and only if the container read it. For one thread.
 */
public final class ColdStartTrace implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ColdStartTrace.class);

  /** Also how late the end of a phase may be noticed. */
  private static final int WAIT_MILLIS = 10;

  /** A smaller file is read in a moment. */
  private static final long LARGE_BYTES = 256 << 10;

  /** Of what size large files are looked at, all together: that takes some 10 ms. */
  private static final long MAX_LOOKED_AT = 1 << 30;

  /** Looking takes one part in so many of the time at most. */
  private static final int LOOK_SHARE = 50;

  /** What bytes that are no character of this process's locale are read as. */
  private static final char UNKNOWN = '\uFFFD';

  /** What the last look takes at most: the container may go on opening files meanwhile. */
  private static final int LAST_TAKES = 1_000;

  private static final Path ROOT = Path.of("/");

  private final Path root;
  private final Path image;
  private final Path realImage;
  private final OpenEvents events;
  private final Runnable beforeTake;
  private final LongSupplier clock;

  /** What was opened, in the order of that, and in which phase. */
  private final Map<String, Integer> opened = new LinkedHashMap<>();

  private final NameBudget names = NameBudget.ofFiles();

  private final ReadPhases phases = new ReadPhases();

  /** Opened since the last look, and large: how large. */
  private final Map<String, Long> largeSince = new LinkedHashMap<>();

  private final List<LargeFile> large = new ArrayList<>();
  private long largeBytes;
  private long nextLook = Long.MIN_VALUE;
  private final ProcessTree processes = new ProcessTree();
  private final FutureTask<Void> watching = new FutureTask<>(this::watch, null);
  private volatile boolean stopping;
  private volatile boolean begun;
  private volatile long lastFirstAccess;
  private volatile long firstExec;

  /** Written by the watching thread, read after it has ended. */
  private boolean truncated;

  /** Likewise: a file of the image was opened whose name cannot be told. */
  private boolean unnamed;

  /**
   * Begins to watch, before the container exists.
   *
   * @param root the mount point of the container's root file system
   * @param image the mount point of the image below it
   * @param boundedQueue whether the kernel may drop events rather than use more memory
   * @throws IOException if the kernel does not let this process watch
   */
  public ColdStartTrace(Path root, Path image, boolean boundedQueue) throws IOException {
    this(root, image, boundedQueue, () -> {}, System::nanoTime);
  }

  /** With something to do before events are taken, to be slow, and a clock in nanoseconds. */
  ColdStartTrace(
      Path root, Path image, boolean boundedQueue, Runnable beforeTake, LongSupplier clock)
      throws IOException {
    // the kernel names files by their real paths
    this.root = root.toRealPath();
    this.image = image;
    this.realImage = image.toRealPath();
    this.beforeTake = beforeTake;
    this.clock = clock;
    this.lastFirstAccess = clock.getAsLong();
    this.events = new OpenEvents(root, boundedQueue);
    Thread thread = new Thread(watching, "ndocker-trace");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * How long no file was opened for the first time. May be called while another thread waits.
   *
   * @return the time in nanoseconds; 0 as long as nothing was executed
   */
  public long quietNanos() {
    return begun ? clock.getAsLong() - lastFirstAccess : 0;
  }

  /**
   * Ends the watch and says what was read until now.
   *
   * @return the findings
   * @throws IOException if the kernel fails
   */
  public TraceFindings finish() throws IOException {
    stop();
    Map<String, ProfiledFile> files = new LinkedHashMap<>();
    for (Map.Entry<String, Integer> each : opened.entrySet()) {
      String path = each.getKey();
      Optional<ProfiledFile> file = profiled(path, each.getValue());
      if (file.isEmpty() && path.endsWith(OpenEvent.DELETED)) {
        String name = path.substring(0, path.length() - OpenEvent.DELETED.length());
        file = profiled(name, each.getValue());
      }
      file.ifPresent(hot -> files.putIfAbsent(hot.path(), hot));
    }
    List<String> gaps = new ArrayList<>();
    if (events.overflowed()) {
      gaps.add("the kernel dropped events: files may be missing");
    }
    if (truncated || names.isExceeded() || processes.isTruncated()) {
      gaps.add(ProfileBounds.MORE_USED);
    }
    if (unnamed) {
      gaps.add("files were read whose names this process's locale cannot spell");
    }
    Optional<String> forgotten = forgotten(files);
    if (forgotten.isPresent()) {
      gaps.add("the kernel has dropped pages that were read, such as those of " + forgotten.get());
    }
    return new TraceFindings(List.copyOf(files.values()), processes.executables(), gaps);
  }

  /**
   * A program that was executed and has no page in memory: without its first one nothing can be
   * executed, so memory was short, or somebody has dropped the page cache.
   */
  private Optional<String> forgotten(Map<String, ProfiledFile> files) throws IOException {
    for (ProfiledProcess process : processes.executables()) {
      ProfiledFile file = files.get(process.executable());
      if (file != null && file.ranges().isEmpty() && isOfTheImage(file.path())) {
        return Optional.of(file.path());
      }
    }
    return Optional.empty();
  }

  /** Not put in the place of the image's file by the container, nor removed by it. */
  private boolean isOfTheImage(String path) throws IOException {
    Path shown = root.resolve(path.substring(1));
    Path file = image.resolve(path.substring(1));
    try {
      return Files.isRegularFile(shown, LinkOption.NOFOLLOW_LINKS)
          && Files.size(shown) == Files.size(file)
          && Files.getLastModifiedTime(shown).equals(Files.getLastModifiedTime(file));
    } catch (NoSuchFileException e) {
      // the container goes on, and has just removed it
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      stop();
    } finally {
      events.close();
    }
  }

  /** A file of the image, with the ranges that were read. */
  private Optional<ProfiledFile> profiled(String path, int openedIn) throws IOException {
    Optional<Path> file = ofTheImage(path);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    long size = Files.size(file.get());
    List<CountedRange> ranges =
        phases.ranges(path, PageResidency.of(file.get(), size), size, openedIn);
    return Optional.of(new ProfiledFile(path, Optional.empty(), 1, ranges));
  }

  /** A large file of the image, by its path in the container and in the image's mount. */
  private record LargeFile(String path, Path file) {}

  /** The image's file; empty for what the container made itself. */
  private Optional<Path> ofTheImage(String path) throws IOException {
    Path file = image.resolve(path.substring(1));
    // where the container put a directory in place of the image's link, the path leads out of it
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
            && file.toRealPath().equals(realImage.resolve(path.substring(1)))
        ? Optional.of(file)
        : Optional.empty();
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
        beforeTake.run();
        events.take(WAIT_MILLIS, this::keep);
        look();
      }
      // what was queued before the stop
      int takes = 0;
      while (events.take(0, this::keep) > 0) {
        if (++takes == LAST_TAKES) {
          truncated = true;
          break;
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** When a phase has ended: which pages of large files were read in it. */
  private void look() {
    long begin = begun ? clock.getAsLong() - firstExec : 0;
    int phase = Profile.phaseAt(begin);
    if (!phases.hasEnded(phase) || begin < nextLook) {
      return;
    }
    largeSince.forEach(this::addIfOfTheImage);
    largeSince.clear();
    for (LargeFile each : large) {
      try {
        phases.read(each.path(), PageResidency.of(each.file(), Files.size(each.file())));
      } catch (IOException e) {
        LOG.debug("what was read of {} counts as later: {}", each.path(), e.getMessage());
      }
    }
    phases.end(phase);
    long end = clock.getAsLong() - firstExec;
    nextLook = end + LOOK_SHARE * (end - begin);
  }

  /** Not what the container has put in the place of a file that may be much larger. */
  private void addIfOfTheImage(String path, long size) {
    try {
      Optional<Path> file = ofTheImage(path);
      if (file.isPresent() && Files.size(file.get()) == size) {
        large.add(new LargeFile(path, file.get()));
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be looked at: {}", path, e.getMessage());
    }
  }

  private int phase() {
    return begun ? Profile.phaseAt(clock.getAsLong() - firstExec) : 0;
  }

  private void keep(OpenEvent event) {
    Path inContainer = inContainer(event.path());
    String path = inContainer.toString();
    if (event.exec()) {
      processes.executed(event.pid(), path);
      if (!begun) {
        firstExec = clock.getAsLong();
        // what was opened before it says nothing of how long it has been quiet
        lastFirstAccess = firstExec;
        begun = true;
      }
    } else {
      processes.opened(event.pid());
    }
    if (path.indexOf(UNKNOWN) >= 0) {
      unnamed |= isInTheImage(inContainer);
      return;
    }
    if (!opened.containsKey(path) && names.admits(path)) {
      opened.put(path, phase());
      if (event.size() >= LARGE_BYTES && event.size() <= MAX_LOOKED_AT - largeBytes) {
        largeBytes += event.size();
        largeSince.put(path, event.size());
      }
      lastFirstAccess = clock.getAsLong();
    }
  }

  private Path inContainer(Path path) {
    return path.startsWith(root) ? ROOT.resolve(root.relativize(path)) : path;
  }

  /** By the bytes of its name, which this process need not be able to spell. */
  private boolean isInTheImage(Path inContainer) {
    return inContainer.isAbsolute()
        && Files.isRegularFile(
            image.resolve(ROOT.relativize(inContainer)), LinkOption.NOFOLLOW_LINKS);
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
