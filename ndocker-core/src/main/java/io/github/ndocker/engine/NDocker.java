package io.github.ndocker.engine;

import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.Usage;
import io.github.ndocker.erofs.ImageTree;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.source.ImageSource;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.AbsentTier;
import io.github.ndocker.store.BackgroundMoves;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.Restraint;
import io.github.ndocker.store.RightOfWay;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The engine: {@code deploy -> mount -> start -> trace -> promote}, for a host that wants all of
 * N-Docker. Thread-safe.
 *
 * <p>Mounting and starting need root, Linux with EROFS and overlayfs, and an OCI runtime;
 * everything else does not. One process owns a state directory at a time. Closing leaves mounted
 * root filesystems and running containers alone: nothing of this library is in their read path.
 */
public final class NDocker implements Closeable {
  private final EngineParts parts;

  /** Takes over the parts. */
  NDocker(EngineParts parts) {
    this.parts = parts;
  }

  /**
   * Begins to configure an engine for a host without a fast medium. Promoted images still start
   * faster: their hot packs lie in one piece on the slow tier and are read ahead.
   *
   * @param state as there
   * @param slow the only tier; the engine closes it, also if it cannot be opened
   * @return the options
   */
  public static NDockerBuilder builder(Path state, BlobTier slow) {
    return new NDockerBuilder(state, new AbsentTier(), slow);
  }

  /**
   * Begins to configure an engine.
   *
   * @param state a directory for the catalogue, metadata images and mount points, on the fastest
   *     disk file system there is (not tmpfs: the kernel cannot mount metadata from it); made if
   *     missing
   * @param fast the fast tier; the engine closes it, also if it cannot be opened
   * @param slow the slow tier; the engine closes it, also if it cannot be opened
   * @return the options
   */
  public static NDockerBuilder builder(Path state, BlobTier fast, BlobTier slow) {
    return new NDockerBuilder(state, fast, slow);
  }

  /**
   * Fetches an image from its registry and makes it ready to start, placing each layer by the
   * placement policy. An image that is there already costs one request, for its manifest, and those
   * for signatures if it must be signed.
   *
   * @param reference the image
   * @param listener hears how it goes on
   * @return what was done
   * @throws IOException if the registry, the image or a medium is not as it should be; nothing of
   *     the image is visible then (all of it, if only the space of the image it replaced could not
   *     be freed), what was stored before is untouched, and the same call may be made again
   */
  public Deployment deploy(ImageReference reference, DeploymentListener listener)
      throws IOException {
    return deploy(reference, parts.registry, listener, new Cancellation());
  }

  /**
   * As {@link #deploy(ImageReference, DeploymentListener)}, from somewhere else than its registry.
   *
   * @param reference the name it is deployed under; which image of the source it is, that says
   * @param source such as an {@link io.github.ndocker.source.OciLayout} or an {@link
   *     io.github.ndocker.source.ImageArchive}; used until this returns, and not closed
   * @param listener hears how it goes on
   * @return what was done
   * @throws UntrustedSourceException if images of that name must be signed
   * @throws IOException if the source, the image or a medium is not as it should be; as there
   */
  public Deployment deploy(
      ImageReference reference, ImageSource source, DeploymentListener listener)
      throws IOException {
    return deploy(reference, source, listener, new Cancellation());
  }

  /**
   * As {@link #deploy(ImageReference, DeploymentListener)}, to be cancelled.
   *
   * @param reference the image
   * @param listener hears how it goes on
   * @param cancellation ends the deployment
   * @return what was done
   * @throws DeploymentCancelledException if it was cancelled in time
   * @throws IOException as there
   */
  public Deployment deploy(
      ImageReference reference, DeploymentListener listener, Cancellation cancellation)
      throws IOException {
    return deploy(reference, parts.registry, listener, cancellation);
  }

  /**
   * As {@link #deploy(ImageReference, ImageSource, DeploymentListener)}, to be cancelled: whatever
   * it waits for, it ends soon, and nothing of it is left. A write to a tier that is under way is
   * waited for, and so are promotions before what was stored is removed. Once the image is in the
   * catalogue it is too late, and this returns as usual.
   *
   * @param reference the name it is deployed under
   * @param source where it comes from; not closed
   * @param listener hears how it goes on
   * @param cancellation ends the deployment
   * @return what was done
   * @throws DeploymentCancelledException if it was cancelled in time
   * @throws IOException as there
   */
  public Deployment deploy(
      ImageReference reference,
      ImageSource source,
      DeploymentListener listener,
      Cancellation cancellation)
      throws IOException {
    // a client looks for signatures itself, by a policy of its own
    if (!(source instanceof RegistryClient) && !parts.registry.acceptsAny(reference)) {
      throw new UntrustedSourceException(reference);
    }
    try (RightOfWay.Use urgent = rightOfWay().take()) {
      return parts.deployer.deploy(reference, source, Platform.host(), listener, cancellation);
    }
  }

  /**
   * Brushes the layers that static analysis does not find hot back to the slow tier, and brings
   * those it does to the fast one: what the paper does after deployment, before there is a trace.
   *
   * @param reference a deployed image
   * @return what was moved
   * @throws IOException if the image is not deployed or a medium fails; the image can be started
   *     all the same
   */
  public Promotion settle(ImageReference reference) throws IOException {
    return parts.promoter.promote(
        image(reference), parts.promoter.byHistory(), parts.layerMoves(BrushBack.NOW));
  }

  /**
   * Brings what a traced start read to the fast tier, in a hot pack, and brushes all layers back to
   * the slow one before it returns. What images with the same layers have packed already is not
   * packed again. Containers that run keep their mounts; new ones start from the new state.
   *
   * <p>Every start has the pack read ahead while it goes on. On a host without a fast medium it is
   * written to the slow tier, in one piece.
   *
   * @param reference a deployed image
   * @param workload the workload that was traced
   * @return what was packed and moved
   * @throws io.github.ndocker.api.TierFullException if the pack does not fit on the fast tier
   * @throws IOException if the image is not deployed or was not traced, or a medium fails; the
   *     image can be started all the same
   */
  public Promotion promote(ImageReference reference, String workload) throws IOException {
    return promote(reference, workload, BrushBack.NOW);
  }

  /**
   * As {@link #promote(ImageReference, String)}, with a choice of when the layers leave the fast
   * tier.
   *
   * @param reference a deployed image
   * @param workload the workload that was traced
   * @param brushBack when
   * @return what was packed, and what is moved
   * @throws io.github.ndocker.api.TierFullException as there
   * @throws IOException as there
   */
  public Promotion promote(ImageReference reference, String workload, BrushBack brushBack)
      throws IOException {
    return promote(reference, List.of(workload), PromotionOptions.DEFAULT.withBrushBack(brushBack));
  }

  /**
   * As {@link #promote(ImageReference, String)}, for several workloads at once: what any of them
   * reads is packed, once: what the first one reads in its order, then what only the next one does.
   *
   * @param reference a deployed image
   * @param workloads workloads that were traced, that which matters most first
   * @param options how
   * @return what was packed, and what is moved
   * @throws IllegalArgumentException if there is no workload
   * @throws NotTracedException if there is no profile of one
   * @throws io.github.ndocker.api.TierFullException as there
   * @throws IOException as there
   */
  public Promotion promote(
      ImageReference reference, List<String> workloads, PromotionOptions options)
      throws IOException {
    ImageRecord image = image(reference);
    Profile profile = parts.profiles.joined(image, workloads, options.minShareOfRuns());
    List<String> names = workloads.stream().distinct().toList();
    return parts.promoter.promote(
        image,
        parts.promoter.byTraces(profile, names, OptionalDouble.of(options.minShareOfRuns())),
        parts.layerMoves(options.brushBack()));
  }

  /**
   * Counts what the containers of an image have read since it was mounted, and how much of that
   * came from the slow tier because it is not packed. It looks at which pages of the mount are in
   * memory, which takes as long as opening every file of the image, and reads nothing.
   *
   * <p>What it cannot tell: whether a start read it or a container that has been running for days;
   * what the kernel has forgotten since, for want of memory; and what is read through mounts that
   * may read ahead, which are those that were made before the image was promoted, after {@link
   * #promotePredicted} or with {@link NDockerBuilder#readAheadOfPromoted}, or of a trace. None of
   * these count.
   *
   * @param reference a deployed image
   * @return the count; empty if nothing of it is mounted that would tell
   * @throws IOException if the image is not deployed, or the kernel or the catalogue fails
   */
  public Optional<HotMisses> misses(ImageReference reference) throws IOException {
    return parts.misses.ofMounts(image(reference));
  }

  /**
   * As {@link #misses(ImageReference)}, of one run that was traced: that is exact.
   *
   * @param reference a deployed image
   * @param run what {@link #trace} has returned
   * @return the count; if the image is not promoted, everything was missed that is not fast
   * @throws IllegalArgumentException if the run is of another image, perhaps one that had this name
   * @throws IOException if the image is not deployed or the catalogue fails
   */
  public HotMisses misses(ImageReference reference, Profile run) throws IOException {
    return parts.misses.of(image(reference), run);
  }

  /**
   * Traces a start again if the profile is stale, and promotes the image by what that one has read,
   * for this workload and those it is promoted for already. It is stale if there is none, if it is
   * incomplete, if the image is not promoted for the workload, or if a start misses too much
   * ({@link HotMisses#isStale}). If what is mounted shows that little is missed, nothing is
   * started; if only the traced start shows that, it is merged into the profile. A stale profile is
   * replaced, unless the trace is incomplete.
   *
   * @param reference a deployed image
   * @param workload a name for what is started
   * @param spec what to run
   * @param options how
   * @return what was found and done
   * @throws IOException as {@link #trace} and {@link #promote} do; if the trace fails, nothing is
   *     changed
   */
  public Refresh refresh(
      ImageReference reference, String workload, ContainerSpec spec, RefreshOptions options)
      throws IOException {
    ImageRecord image = image(reference);
    return new Refreshing(parts.catalogue, parts.profiles, parts.misses)
        .refresh(
            image,
            workload,
            options,
            () -> {
              try (RightOfWay.Use urgent = rightOfWay().take();
                  TracedStart start =
                      parts.containers.startTraced(
                          image, spec, opened(rootfsOf(spec)), options.trace())) {
                return start.observe(workload);
              }
            },
            workloads -> promote(reference, workloads, options.promotion()));
  }

  /**
   * Brings what a start will most probably read to the fast tier, found by looking at the files of
   * the image: for its first start, before there is a trace. What was not foreseen is read from the
   * slow tier, with read-ahead.
   *
   * @param reference a deployed image
   * @param spec what will be started
   * @param brushBack when the layers leave the fast tier
   * @return what was packed, and what is moved
   * @throws io.github.ndocker.api.TierFullException if the pack does not fit on the fast tier
   * @throws IOException if the image is not deployed, or a medium fails; the image can be started
   *     all the same
   */
  public Promotion promotePredicted(
      ImageReference reference, ContainerSpec spec, BrushBack brushBack) throws IOException {
    return parts.promoter.promote(
        image(reference),
        Promoter.byPrediction(ContainerSpecs.command(spec)),
        parts.layerMoves(brushBack));
  }

  /**
   * Takes back what {@link #promote} has packed of an image. Its layers stay where they are, and so
   * does what other images use of the pack. Containers that run keep their mounts.
   *
   * @param reference a deployed image
   * @return false if it was not promoted
   * @throws IOException if the image is not deployed or a medium fails; the image can be started
   *     all the same
   */
  public boolean demote(ImageReference reference) throws IOException {
    return parts.promoter.demote(image(reference));
  }

  /**
   * The division of the fast tier among all images.
   *
   * @return the budget that {@link NDockerBuilder#hotBudget} gives to hot packs
   * @throws IllegalStateException if it gives none
   */
  public HotBudget hotBudget() {
    return parts.budget.orElseThrow(
        () -> new IllegalStateException("the engine was opened without a budget of hot packs"));
  }

  /**
   * Mounts the root filesystem of an image, with an empty writable layer.
   *
   * @param reference a deployed image
   * @return the root filesystem, to be closed by the caller
   * @throws IOException if the image is not deployed, or the kernel refuses
   */
  public RootFilesystem mount(ImageReference reference) throws IOException {
    return mount(reference, parts.writable);
  }

  /**
   * Mounts the root filesystem of an image. One mount of the image serves all its root filesystems.
   *
   * @param reference a deployed image
   * @param options how it is to be
   * @return the root filesystem, to be closed by the caller
   * @throws io.github.ndocker.rootfs.MountException if this host cannot do it, in a sentence, or
   *     the kernel refuses, with its reasons
   * @throws IOException if the image is not deployed, or a medium fails
   */
  public RootFilesystem mount(ImageReference reference, RootfsOptions options) throws IOException {
    return parts.containers.mount(() -> image(reference), opened(options));
  }

  /**
   * What is mounted, by this process or by an earlier one on the same state directory, and how: for
   * mounts to be found again and closed, and to see why better ways of mounting do not work here.
   *
   * @return the engine's provider
   */
  public RootfsProvider rootfs() {
    return parts.rootfs;
  }

  /**
   * Opens the root filesystem of an image for reading, without a mount and without root. Whatever
   * becomes of the image meanwhile, what it reads from stays until it is closed.
   *
   * @param reference a deployed image
   * @return the tree, to be closed by the caller
   * @throws IOException if the image is not deployed, or a medium fails
   */
  public ImageTree open(ImageReference reference) throws IOException {
    return parts.containers.open(() -> image(reference));
  }

  /**
   * What an image would run by itself.
   *
   * @param reference a deployed image
   * @return arguments, environment, working directory and user of its configuration
   * @throws IOException if the image is not deployed, or its configuration names no program
   */
  public ContainerSpec containerSpec(ImageReference reference) throws IOException {
    ImageConfig config = config(reference);
    return ContainerSpec.ofImage(config, config.cmd());
  }

  /**
   * What an image would run with another command, as {@code docker run IMAGE COMMAND...} does: its
   * entrypoint stays.
   *
   * @param reference a deployed image
   * @param command instead of the command of its configuration
   * @return arguments, environment, working directory and user
   * @throws IOException if the image is not deployed, or there is no program to run
   */
  public ContainerSpec containerSpec(ImageReference reference, List<String> command)
      throws IOException {
    return ContainerSpec.ofImage(config(reference), command);
  }

  /**
   * The configuration of an image.
   *
   * @param reference a deployed image
   * @return the configuration
   * @throws IOException if the image is not deployed
   */
  public ImageConfig config(ImageReference reference) throws IOException {
    return ContainerSpecs.config(image(reference));
  }

  /**
   * Mounts an image and starts a container in it.
   *
   * @param reference a deployed image
   * @param spec what to run
   * @return the container, to be closed by the caller
   * @throws IOException if the image is not deployed, or cannot be mounted or started; nothing is
   *     left mounted then
   */
  public RunningContainer start(ImageReference reference, ContainerSpec spec) throws IOException {
    return start(reference, spec, rootfsOf(spec));
  }

  private RootfsOptions rootfsOf(ContainerSpec spec) {
    RootfsOptions options = spec.files().readOnlyRoot() ? RootfsOptions.READ_ONLY : parts.writable;
    return options.withIdMappings(spec.idMappings());
  }

  /** The container's root must get through the directories that it is in. */
  private RootfsOptions opened(RootfsOptions options) throws IOException {
    if (!options.idMappings().isEmpty()) {
      PrivateFiles.letOthersSearch(parts.state);
      PrivateFiles.letOthersSearch(parts.running);
    }
    return options;
  }

  /**
   * As {@link #start(ImageReference, ContainerSpec)}, in a root filesystem of another kind.
   *
   * @param reference a deployed image
   * @param spec what to run
   * @param options how the root filesystem is to be
   * @return the container, to be closed by the caller
   * @throws IllegalArgumentException if the two have different ID mappings
   * @throws IOException as there
   */
  public RunningContainer start(ImageReference reference, ContainerSpec spec, RootfsOptions options)
      throws IOException {
    if (!options.idMappings().equals(spec.idMappings())) {
      throw new IllegalArgumentException(
          "the container has the IDs "
              + spec.idMappings()
              + ", its root filesystem "
              + options.idMappings());
    }
    return parts.containers.start(mount(reference, options), spec);
  }

  /**
   * As {@link #trace(ImageReference, String, ContainerSpec, TraceOptions)}, until the container is
   * ready or the time is up; the profile is incomplete in the latter case.
   *
   * @param reference a deployed image
   * @param workload a name for what is started
   * @param spec what to run
   * @param readiness when it is ready
   * @param timeout how long to wait for that at most
   * @return what this run read
   * @throws IOException as there
   */
  public Profile trace(
      ImageReference reference,
      String workload,
      ContainerSpec spec,
      Readiness readiness,
      Duration timeout)
      throws IOException {
    TraceEnd end = TraceEnd.ready(readiness).within(timeout);
    return trace(reference, workload, spec, TraceOptions.until(end));
  }

  /**
   * Starts a container once and watches what it touches until the trace ends; ends it then, and
   * keeps the profile, merged with those of earlier runs unless it is to replace them.
   *
   * @param reference a deployed image
   * @param workload a name for what is started
   * @param spec what to run
   * @param options how it is traced, and until when
   * @return what this run touched
   * @throws IOException if the image is not deployed, or the container cannot be started or fails
   *     before the trace has ended; no profile is kept then
   */
  public Profile trace(
      ImageReference reference, String workload, ContainerSpec spec, TraceOptions options)
      throws IOException {
    try (RightOfWay.Use urgent = rightOfWay().take();
        TracedStart start = startTraced(reference, spec, options)) {
      return start.finish(workload);
    }
  }

  /**
   * Begins what {@link #trace} does, for a host that may want to end it early.
   *
   * @param reference a deployed image
   * @param spec what to run
   * @param options how it is traced, and until when
   * @return the container, watched since before it existed; to be closed by the caller
   * @throws IOException if the image is not deployed, or cannot be mounted, watched or started;
   *     nothing is left mounted then
   */
  public TracedStart startTraced(ImageReference reference, ContainerSpec spec, TraceOptions options)
      throws IOException {
    return parts.containers.startTraced(image(reference), spec, opened(rootfsOf(spec)), options);
  }

  /**
   * What is known of the starts of an image.
   *
   * @param reference a deployed image
   * @return its profiles, in the order of their workloads
   * @throws IOException if the image is not deployed or the catalogue fails
   */
  public List<Profile> profiles(ImageReference reference) throws IOException {
    return parts.profiles.of(image(reference));
  }

  /**
   * A profile as a document, to be kept, compared or carried elsewhere.
   *
   * @param reference a deployed image
   * @param workload the workload that was traced
   * @return the document, see {@link io.github.ndocker.hotfile.ProfileDocument}
   * @throws NotTracedException if there is no such profile
   * @throws IOException if the image is not deployed or the catalogue fails
   */
  public String exportProfile(ImageReference reference, String workload) throws IOException {
    return parts
        .profiles
        .find(image(reference), workload)
        .map(ProfileDocument::write)
        .orElseThrow(() -> new NotTracedException(reference, workload));
  }

  /**
   * Takes a profile in, as if its runs had been here. Of a document of another image it keeps what
   * this image holds too, by layer or by content.
   *
   * @param reference a deployed image
   * @param workload a name for what it says of
   * @param text a document, or a list of paths, one a line, with wildcards (see {@link
   *     io.github.ndocker.hotfile.PathList})
   * @param replacing whether it takes the place of an earlier profile of the workload, rather than
   *     being merged into it
   * @return what became of it
   * @throws io.github.ndocker.hotfile.MalformedProfileException if it is no such text, or says what
   *     cannot be of the image; nothing is changed then
   * @throws IOException if the image is not deployed, or a medium fails
   */
  public ProfileImport importProfile(
      ImageReference reference, String workload, String text, boolean replacing)
      throws IOException {
    return parts.profiles.take(image(reference), workload, text, replacing);
  }

  /**
   * The deployed images.
   *
   * @return their references, in the order of their names
   * @throws IOException if the catalogue fails
   */
  public List<String> images() throws IOException {
    return parts.catalogue.images().list().stream().map(ImageRecord::reference).sorted().toList();
  }

  /**
   * Says where an image lies.
   *
   * @param reference a deployed image
   * @return the places of its layers and hot files
   * @throws IOException if the image is not deployed or the catalogue fails
   */
  public Inspection inspect(ImageReference reference) throws IOException {
    return parts.inspector.inspect(image(reference));
  }

  /**
   * Removes an image and every blob that no other image needs. Containers that run keep what they
   * read from.
   *
   * @param reference a deployed image
   * @throws IOException if the image is not deployed or a medium fails
   */
  public void remove(ImageReference reference) throws IOException {
    parts.removal.remove(image(reference));
  }

  /**
   * Deletes every blob that no image, no mount and no deployment or promotion under way needs. What
   * crashes left is found so; {@link #remove} deletes what an image leaves by itself. Starts do not
   * wait for it, and while there are any, and for 5 seconds after, it works a fifth of the time
   * only.
   *
   * @return the number of bytes that became free
   * @throws IOException if a medium fails
   */
  public long gc() throws IOException {
    Restraint restraint = new Restraint(rightOfWay());
    parts.removal.removeRemains(restraint);
    return parts.retention.dropAll(restraint);
  }

  /**
   * Checks the store, and mends it if that is asked for: layers that are damaged or missing are
   * fetched again, one by one; everything that is made of layers is made again. Everything else may
   * go on meanwhile.
   *
   * @param options how
   * @return what was found, and what became of it
   * @throws IOException if the catalogue or a medium fails in a way that keeps the check from going
   *     on
   */
  public CheckReport check(CheckOptions options) throws IOException {
    LayerRefetch refetch =
        new LayerRefetch(parts.store, parts.storage, options.source().orElse(parts.registry));
    CheckReport report =
        new StoreCheck(
                parts.store,
                parts.records,
                parts.retention,
                parts.indexes,
                parts.metadata,
                refetch,
                parts.packs,
                parts.chains,
                options)
            .run();
    if (!report.findings().isEmpty()) {
      // they may be copies of what was damaged; what is mounted stays
      for (String tree : parts.rootfs.unpackedTrees()) {
        parts.rootfs.deleteUnpacked(tree);
      }
    }
    return report;
  }

  /**
   * How full a tier is, after the space of what ended mounts read from has been freed.
   *
   * @param tier which
   * @return blobs and bytes
   * @throws IOException if the medium fails
   */
  public Usage usage(Tier tier) throws IOException {
    parts.store.sweep();
    return parts.store.usage(tier);
  }

  /**
   * What a tier is made of.
   *
   * @param tier which
   * @return its description
   */
  public TierDescription describe(Tier tier) {
    return parts.store.describe(tier);
  }

  /**
   * Moves of blobs in the background, for a host that places them by rules of its own. They stand
   * aside while an image is deployed, mounted or traced, and for 5 seconds after. An image whose
   * blobs have moved gets new metadata when it is next used.
   *
   * @return the queue, closed with the engine
   */
  public BackgroundMoves moves() {
    return parts.background.moves();
  }

  /**
   * What background work stands aside for. A host may take it for longer than the engine does, for
   * example until a container is ready.
   *
   * @return the engine's right of way
   */
  public RightOfWay rightOfWay() {
    return parts.background.rightOfWay();
  }

  @Override
  public void close() throws IOException {
    parts.close();
  }

  private ImageRecord image(ImageReference reference) throws IOException {
    return parts
        .catalogue
        .images()
        .find(reference.toString())
        .orElseThrow(() -> new NotDeployedException(reference));
  }
}
