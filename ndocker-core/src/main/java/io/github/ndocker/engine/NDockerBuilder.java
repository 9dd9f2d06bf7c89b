package io.github.ndocker.engine;

import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.hotfile.Hbcsa;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.placement.Pipelined;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.StoreInUseException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Options of an engine. What is not set is what serves most hosts best; {@link Pipeline#SEQUENTIAL}
 * and {@link Lass} are what the paper has.
 */
public final class NDockerBuilder {
  /** A quarter of what a hard disk reads or writes, so that three are left for all else. */
  private static final long BACKGROUND_BYTES_PER_SECOND = 32L << 20;

  /** Two pages: with one read of a small file the next one comes for nothing. */
  private static final long WHOLE_FILE_BYTES = 8 << 10;

  /** Days are alike, so what was started yesterday says what is started today. */
  private static final Duration START_HALF_LIFE = Duration.ofDays(1);

  /** 1,000 years: their milliseconds are a number, which those of the longest duration are not. */
  private static final Duration LONGEST = Duration.ofDays(365_250);

  final Path state;
  final BlobTier fast;
  final BlobTier slow;
  Path indexes;
  Path writable;
  LayerPlacementPolicy placement = new Pipelined();
  Pipeline pipeline = Pipeline.STREAMING;
  HotFileDetector detector = new Hbcsa();
  RegistryClient registry = new RegistryClient();
  List<RootfsWay> rootfsWays = List.of(RootfsWay.values());
  Path unpacked;
  LayerLimits layerLimits = LayerLimits.DEFAULT;
  boolean rebuildDamagedCatalogue;
  StoreListener listener = StoreListener.NONE;
  long backgroundBytesPerSecond = BACKGROUND_BYTES_PER_SECOND;
  OptionalLong scrubBytesPerSecond = OptionalLong.empty();
  Path running;
  String runtime = "crun";
  long wholeFileBytes = WHOLE_FILE_BYTES;
  boolean readAheadOfPromoted;

  /** How long what was started counts as urgent; for tests to be fast. */
  Duration starting = BackgroundWork.STARTING;

  Optional<Long> hotBudgetBytes = Optional.empty();
  Duration startHalfLife = START_HALF_LIFE;
  Optional<Duration> balanceEvery = Optional.empty();

  NDockerBuilder(Path state, BlobTier fast, BlobTier slow) {
    this.state = state.toAbsolutePath();
    this.fast = fast;
    this.slow = slow;
    this.indexes = this.state.resolve("index");
    this.writable = this.state.resolve("writable");
    this.running = this.state;
    this.unpacked = this.state.resolve("unpacked");
  }

  /**
   * Where layer indexes go: they are read when an image is deployed or promoted, never when a
   * container starts. By default in the state directory.
   *
   * @param directory made if missing
   * @return this
   */
  public NDockerBuilder indexes(Path directory) {
    indexes = directory.toAbsolutePath();
    return this;
  }

  /**
   * Hot files of at most this size are packed as a whole, larger ones by the pages that are read.
   * By default 8 KiB. Starts have all of a pack read, so what is packed in excess costs them time.
   *
   * @param bytes 0 for pages only, {@link Long#MAX_VALUE} for whole files only
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public NDockerBuilder wholeFilesUpTo(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("files of at most " + bytes + " bytes");
    }
    wholeFileBytes = bytes;
    return this;
  }

  /**
   * Whether the kernel reads ahead in files of images that are promoted after this. By default it
   * does not: their hot ranges lie among cold ones of the slow tier, and it would read these. So
   * each start has its packs read by the engine. It always does after {@link
   * NDocker#promotePredicted}; then of packs on the fast tier the engine reads nothing.
   *
   * @param reads whether it does
   * @return this
   */
  public NDockerBuilder readAheadOfPromoted(boolean reads) {
    readAheadOfPromoted = reads;
    return this;
  }

  /**
   * Where containers' writable layers go. By default in the state directory.
   *
   * @param directory made if missing
   * @return this
   */
  public NDockerBuilder writable(Path directory) {
    writable = directory.toAbsolutePath();
    return this;
  }

  /**
   * Where mount points, bundles and the records of running containers go. By default in the state
   * directory. On a host without a fast medium a directory on tmpfs, such as one in {@code /run},
   * saves a start the seeks for what would not outlive the boot anyway.
   *
   * @param directory made if missing; of this engine alone, and the same one as long as containers
   *     run
   * @return this
   */
  public NDockerBuilder running(Path directory) {
    running = directory.toAbsolutePath();
    return this;
  }

  /**
   * Which tier a layer is stored on while its image is deployed. {@link Pipelined} by default.
   *
   * @param policy the policy
   * @return this
   */
  public NDockerBuilder placement(LayerPlacementPolicy policy) {
    placement = policy;
    return this;
  }

  /**
   * How layers get from the registry to the tiers. {@link Pipeline#STREAMING} by default.
   *
   * @param way {@link Pipeline#SEQUENTIAL} wants a policy that places whole layers, such as {@link
   *     Lass}
   * @return this
   */
  public NDockerBuilder pipeline(Pipeline way) {
    pipeline = way;
    return this;
  }

  /**
   * What of an image is kept on the fast tier after that. {@link Hbcsa} by default.
   *
   * @param hotFiles the detector
   * @return this
   */
  public NDockerBuilder detector(HotFileDetector hotFiles) {
    detector = hotFiles;
    return this;
  }

  /**
   * How images are fetched.
   *
   * @param client the client
   * @return this
   */
  public NDockerBuilder registry(RegistryClient client) {
    registry = client;
    return this;
  }

  /**
   * What a layer may contain, and how far it may inflate. {@link LayerLimits#DEFAULT} by default.
   *
   * @param limits at least those that the images here were deployed with
   * @return this
   */
  public NDockerBuilder layerLimits(LayerLimits limits) {
    layerLimits = limits;
    return this;
  }

  /**
   * What happens to a damaged catalogue. By default the engine does not open, so that a person can
   * look at it.
   *
   * @param rebuild true to keep it under another name and make a new one, of its rows that are
   *     still good and of the records that lie on the slow tier; {@link NDocker#check} tells what
   *     is missing then
   * @return this
   */
  public NDockerBuilder rebuildDamagedCatalogue(boolean rebuild) {
    rebuildDamagedCatalogue = rebuild;
    return this;
  }

  /**
   * Which OCI runtime starts containers. {@code crun} by default.
   *
   * @param program {@code crun} or {@code runc}: a name in the path, or an absolute path
   * @return this
   */
  public NDockerBuilder runtime(String program) {
    runtime = program;
    return this;
  }

  /**
   * How the kernel may get at an image's tree, the best way first: each image is mounted in the
   * first one that works. By default all there are, in their order.
   *
   * @param ways at least one
   * @return this
   * @throws IllegalArgumentException if there is none
   */
  public NDockerBuilder rootfsWays(List<RootfsWay> ways) {
    if (ways.isEmpty()) {
      throw new IllegalArgumentException("no way to mount anything");
    }
    rootfsWays = List.copyOf(ways);
    return this;
  }

  /**
   * Where trees are unpacked on hosts that mount no EROFS ({@link RootfsWay#DIRECTORIES}): once
   * more the bytes of each image that is started, outside of the tiers' budgets. By default in the
   * state directory.
   *
   * @param directory made if missing
   * @return this
   */
  public NDockerBuilder unpacked(Path directory) {
    unpacked = directory.toAbsolutePath();
    return this;
  }

  /**
   * Who hears what happens to blobs. Nobody by default.
   *
   * @param hears such as metrics
   * @return this
   */
  public NDockerBuilder listener(StoreListener hears) {
    listener = hears;
    return this;
  }

  /**
   * How fast moves in the background ({@link NDocker#moves}) copy. 32 MiB a second by default: a
   * quarter of what a hard disk can do. A start or a deployment stops them for as long as it takes.
   *
   * @param bytesPerSecond the rate, or 0 for no limit
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public NDockerBuilder backgroundBytesPerSecond(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
    }
    backgroundBytesPerSecond = bytesPerSecond;
    return this;
  }

  /**
   * Reads all blobs again and again, and reports damaged ones to the listener. Not done by default.
   * As a rule of thumb, 1 MiB a second reads 80 GiB a day.
   *
   * @param bytesPerSecond how fast
   * @return this
   * @throws IllegalArgumentException if it is not positive
   */
  public NDockerBuilder scrub(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("a rate of " + bytesPerSecond + " bytes a second");
    }
    scrubBytesPerSecond = OptionalLong.of(bytesPerSecond);
    return this;
  }

  /**
   * As {@link #hotBudget(long, Duration)}, where starts weigh half as much after a day.
   *
   * @param bytes what the packs may take together
   * @return this
   * @throws IllegalArgumentException if it is negative
   */
  public NDockerBuilder hotBudget(long bytes) {
    return hotBudget(bytes, START_HALF_LIFE);
  }

  /**
   * Has the engine count starts, and divide so much of the fast tier among the hot packs of all
   * images as {@link HotBudget#balance} does it. By default it does not: an image has packs from
   * when it is promoted until it is demoted.
   *
   * @param bytes what the packs may take together
   * @param halfLife after which a start weighs half as much; see src-docs/budget.md
   * @return this
   * @throws IllegalArgumentException if the bytes are negative, or it is less than a millisecond or
   *     more than 1,000 years
   */
  public NDockerBuilder hotBudget(long bytes, Duration halfLife) {
    if (bytes < 0 || !isInMillis(halfLife)) {
      throw new IllegalArgumentException(
          "a budget of " + bytes + " bytes with a half-life of " + halfLife);
    }
    hotBudgetBytes = Optional.of(bytes);
    startHalfLife = halfLife;
    return this;
  }

  /**
   * Balances the fast tier in the background again and again, if there is a {@link #hotBudget}.
   * While images are deployed, mounted or traced it rests most of the time between two images. Not
   * done by default.
   *
   * @param every how long it waits in between
   * @return this
   * @throws IllegalArgumentException if it is less than a millisecond or more than 1,000 years
   */
  public NDockerBuilder balanceEvery(Duration every) {
    if (!isInMillis(every)) {
      throw new IllegalArgumentException("a balance every " + every);
    }
    balanceEvery = Optional.of(every);
    return this;
  }

  private static boolean isInMillis(Duration time) {
    return time.compareTo(Duration.ofMillis(1)) >= 0 && time.compareTo(LONGEST) <= 0;
  }

  /**
   * Opens the engine. If that fails, both tiers are closed: they have to be opened again for
   * another attempt.
   *
   * @return the engine, to be closed by the caller
   * @throws StoreInUseException if another process has opened the state directory
   * @throws IOException if a medium or the catalogue fails
   */
  public NDocker open() throws IOException {
    return EngineOpening.open(this);
  }
}
