package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.HotPack;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.MissedReads;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.hotfile.ResidentFiles;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts what was read of an image and is not in its packs. Thread-safe. */
final class MissCount {
  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final MetadataImages metadata;
  private final RootfsProvider rootfs;

  MissCount(
      TwoTierStore store, Catalogue catalogue, MetadataImages metadata, RootfsProvider rootfs) {
    this.store = store;
    this.catalogue = catalogue;
    this.metadata = metadata;
    this.rootfs = rootfs;
  }

  /** What a run has read, however often it has. */
  HotMisses of(ImageRecord image, Profile run) throws IOException {
    if (!run.image().equals(image.chainId())) {
      throw new IllegalArgumentException(
          "a profile of " + run.image() + ", and an image of " + image.chainId());
    }
    return count(image, run.hotFiles(), tree(image));
  }

  /** What all containers have read since the image was mounted; empty if that cannot be seen. */
  Optional<HotMisses> ofMounts(ImageRecord image) throws IOException {
    MergedTree tree = tree(image);
    ResidentFiles resident = new ResidentFiles(tree);
    int mounts =
        rootfs.lookWithoutReadAhead(MetadataImages.treeOf(image.chainId()), resident::look);
    return mounts == 0 ? Optional.empty() : Optional.of(count(image, resident.files(), tree));
  }

  private HotMisses count(ImageRecord image, List<HotFile> read, MergedTree tree)
      throws IOException {
    Map<Digest, HotPackLayout> packs = new LinkedHashMap<>();
    for (HotPack pack : HotPlaces.of(catalogue.promotions().find(image.chainId()), store).packs()) {
      packs.put(pack.name(), pack.layout());
    }
    MissedReads missed = MissedReads.of(read, packs, tree, layers(image), this::slowBytes);
    return new HotMisses(
        packs.values().stream()
            .flatMap(pack -> pack.ranges().stream())
            .mapToLong(PackedRange::length)
            .sum(),
        missed.readBytes(),
        missed.files().stream().mapToLong(MissedReads.Missed::bytes).sum(),
        missed.files().stream().mapToInt(MissedReads.Missed::ranges).sum(),
        missed.files().size(),
        missed.files().stream()
            .sorted(Comparator.comparingLong(MissedReads.Missed::bytes).reversed())
            .limit(HotMisses.MOST_FILES)
            .map(file -> new MissedFile(file.path(), file.bytes(), file.ranges()))
            .toList());
  }

  /** A layer that is lost is nowhere. */
  private long slowBytes(DiffId layer, long from, long to) {
    long bytes = 0;
    long begin = 0;
    Optional<BlobLocation> location = store.locate(layer.digest());
    for (BlobExtent extent : location.map(BlobLocation::extents).orElse(List.of())) {
      long end = begin + extent.length();
      if (extent.tier() == Tier.SLOW) {
        bytes += Math.max(0, Math.min(to, end) - Math.max(from, begin));
      }
      begin = end;
    }
    return bytes;
  }

  private MergedTree tree(ImageRecord image) throws IOException {
    return metadata.tree(layers(image));
  }

  private static List<DiffId> layers(ImageRecord image) {
    return image.layers().stream().map(Layer::diffId).toList();
  }
}
