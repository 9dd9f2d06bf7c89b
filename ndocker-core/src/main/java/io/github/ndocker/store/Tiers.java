package io.github.ndocker.store;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The two tiers of a store. */
record Tiers(BlobTier fast, BlobTier slow) implements Closeable {
  BlobTier of(Tier tier) {
    return tier == Tier.FAST ? fast : slow;
  }

  long usedBytes() {
    return fast.usage().usedBytes() + slow.usage().usedBytes();
  }

  /** Opens all copies as one blob. */
  BlobReader open(Placement placement) throws IOException {
    Map<Tier, BlobReader> parts = new EnumMap<>(Tier.class);
    try {
      for (StoredCopy copy : placement.copies()) {
        parts.put(copy.tier(), of(copy.tier()).read(copy.key()));
      }
    } catch (IOException | RuntimeException e) {
      for (BlobReader part : parts.values()) {
        part.close();
      }
      throw e;
    }
    return placement.runs().isEmpty()
        ? parts.values().iterator().next()
        : new SplitReader(parts, placement.runs());
  }

  /** Where all copies are; empty if one of them is gone. */
  Optional<BlobLocation> locate(Placement placement) {
    Map<Tier, List<BlobExtent>> places = new EnumMap<>(Tier.class);
    for (StoredCopy copy : placement.copies()) {
      List<BlobExtent> extents = extentsOf(copy);
      if (extents.isEmpty()) {
        return Optional.empty();
      }
      places.put(copy.tier(), extents);
    }
    if (placement.runs().isEmpty()) {
      return Optional.of(new BlobLocation(places.values().iterator().next()));
    }
    List<BlobExtent> extents = new ArrayList<>();
    Map<Tier, Long> ends = new EnumMap<>(Tier.class);
    for (SplitBlob.Run run : placement.runs()) {
      long end = ends.merge(run.tier(), run.length(), Long::sum);
      BlobLocation part = new BlobLocation(Objects.requireNonNull(places.get(run.tier())));
      extents.addAll(part.range(end - run.length(), end));
    }
    return Optional.of(new BlobLocation(extents));
  }

  private List<BlobExtent> extentsOf(StoredCopy copy) {
    return of(copy.tier()).locate(copy.key()).stream()
        .map(at -> new BlobExtent(copy.tier(), at.file(), at.offset(), at.length()))
        .toList();
  }

  /** What is there of a copy, in bytes. */
  long bytesOf(StoredCopy copy) {
    return of(copy.tier()).locate(copy.key()).stream().mapToLong(BlobTier.Extent::length).sum();
  }

  /** What a tier has of a blob, in bytes. */
  long bytesOn(Placement placement, Tier tier) {
    return placement.copies().stream()
        .filter(copy -> copy.tier() == tier)
        .mapToLong(this::bytesOf)
        .sum();
  }

  @Override
  public void close() throws IOException {
    try (fast) {
      slow.close();
    }
  }
}
