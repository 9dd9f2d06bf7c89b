package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.runtime.OciRuntime;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.NamedLocks;
import io.github.ndocker.store.RightOfWay;
import io.github.ndocker.store.TwoTierStore;
import io.github.ndocker.store.WriteBehindTier;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What an engine is made of, opened and closed together. */
final class EngineParts implements Closeable {
  /** More than a policy lets wait, so that pieces in flight do not have to. */
  private static final long WRITE_BEHIND_BYTES = 48L << 20;

  final StateDirectories directories;
  final Catalogue catalogue;
  final TwoTierStore store;
  final RegistryClient registry;
  final Deployer deployer;
  final HotPacks packs;
  final Promoter promoter;
  final Inspector inspector;
  final NamedLocks<ChainId> chains = new NamedLocks<>();
  final Retention retention;
  final LayerIndexFiles indexes;
  final MetadataImages metadata;
  final LayerStorage storage;
  final Records records;
  final Profiles profiles;
  final MissCount misses;
  final RootfsProvider rootfs;
  final RootfsOptions writable;
  final Path state;
  final Path running;
  final ImageRemoval removal;
  final Containers containers;
  final BackgroundWork background;
  final StartReads startReads = new StartReads();
  final Optional<HotBudget> budget;
  final Closeable budgetThreads;

  /** Takes over the tiers, the directories and the catalogue, if it does not throw. */
  EngineParts(NDockerBuilder options, StateDirectories directories, Catalogue catalogue)
      throws IOException {
    this.directories = directories;
    this.catalogue = catalogue;
    Leases leases = Leases.open(catalogue);
    if (catalogue.isIncomplete()) {
      // before anything is freed
      EngineOpening.keepForUnknownMounts(options, leases);
    }
    boolean streaming = options.pipeline == Pipeline.STREAMING;
    WriteBehindTier behind = new WriteBehindTier(options.slow, WRITE_BEHIND_BYTES);
    this.store =
        TwoTierStore.open(
            options.fast, streaming ? behind : options.slow, leases, catalogue, options.listener);
    this.indexes = new LayerIndexFiles(options.indexes, store, options.layerLimits);
    this.metadata =
        new MetadataImages(StateDirectories.metadata(options), store, catalogue, indexes);
    BlobReferences references = new BlobReferences();
    this.retention = new Retention(store, references);
    this.records = new Records(store, catalogue, references, retention);
    records.load();
    catalogue.rebuilt();
    this.profiles = new Profiles(store, catalogue, metadata, records);
    this.rootfs =
        RootfsProvider.open(
            options.running.resolve("mounts"), options.unpacked, options.rootfsWays);
    this.misses = new MissCount(store, catalogue, metadata, rootfs);
    this.packs = new HotPacks(store, catalogue, records, retention);
    StartLedger starts =
        StartLedger.open(catalogue, options.hotBudgetBytes.map(bytes -> options.startHalfLife));
    this.removal =
        new ImageRemoval(
            catalogue, records, packs, starts, retention, indexes, metadata, rootfs, chains);
    this.storage = new LayerStorage(store, indexes, options.layerLimits);
    Path spool = PrivateFiles.directory(options.state.resolve("spool"));
    LayerSpool.sweep(spool);
    LayerPipeline pipeline =
        streaming
            ? new StreamingPipeline(
                store,
                options.placement,
                indexes,
                options.layerLimits,
                () -> options.fast.usage().freeBytes())
            : new SequentialPipeline(options.placement, storage, spool);
    this.registry = options.registry;
    this.deployer = new Deployer(store, catalogue, pipeline, behind, metadata, records, removal);
    this.promoter = new Promoter(store, catalogue, metadata, packs, retention, chains, options);
    this.inspector = new Inspector(store, catalogue, metadata, promoter);
    this.state = options.state;
    this.running = options.running;
    this.writable = RootfsOptions.writableIn(options.writable);
    ImageMounts mounts = new ImageMounts(store, leases, metadata, rootfs, startReads);
    RightOfWay urgent = BackgroundWork.rightOfWayOfStarts(options);
    this.containers =
        new Containers(
            mounts,
            new OciRuntime(
                PrivateFiles.directory(options.running.resolve("runtime")), options.runtime),
            PrivateFiles.directory(options.running.resolve("bundles")),
            retention,
            profiles,
            new BlobWarming(store),
            starts,
            urgent);
    // last: it has threads, which nothing that fails after it would end
    this.background = new BackgroundWork(options, store, catalogue, urgent);
    this.budget =
        options.hotBudgetBytes.map(
            bytes -> new HotBudget(bytes, catalogue, starts, packs, promoter, this::layerMoves));
    this.budgetThreads =
        budget.isEmpty()
            ? () -> {}
            : new BudgetThreads(starts, budget.get(), urgent, options.balanceEvery);
  }

  LayerMoves layerMoves(BrushBack brushBack) {
    return new LayerMoves(
        store,
        metadata,
        brushBack == BrushBack.NOW ? Optional.empty() : Optional.of(background.moves()));
  }

  @Override
  public void close() throws IOException {
    try (directories;
        catalogue;
        store;
        metadata;
        startReads;
        background) {
      budgetThreads.close();
    }
  }
}
