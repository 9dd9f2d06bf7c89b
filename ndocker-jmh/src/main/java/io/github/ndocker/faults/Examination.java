package io.github.ndocker.faults;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Opens a store after a fault, looks at all that is there, and deletes it: what is used then is
 * leaked. Also a process of its own, because a heap cannot be closed; its arguments are those of
 * {@link Places}, and one of {@link Of}.
 */
public final class Examination {
  private static final Set<String> NOT_BLOBS = Set.of("lock", "format");

  /** What is looked at. */
  enum Of {
    BLOBS,
    SMALL_IMAGES,
    REAL_IMAGE
  }

  private final Places places;
  private final List<String> notes = new ArrayList<>();
  private long leaked;

  private Examination(Places places) {
    this.places = places;
  }

  /** Prints an inventory. */
  public static void main(String[] arguments) throws IOException {
    List<String> words = List.of(arguments);
    Places places = Places.ofArguments(words);
    of(places, Of.valueOf(words.get(places.toArguments().size())))
        .toLines()
        .forEach(System.out::println);
  }

  static Inventory of(Places places, Of what) throws IOException {
    return switch (what) {
      case BLOBS -> new Examination(places).store();
      case SMALL_IMAGES -> smallImages(places);
      case REAL_IMAGE -> realImage(places);
    };
  }

  private static Inventory smallImages(Places places) throws IOException {
    Map<String, Boolean> found;
    try (EngineUnderTest engine = EngineUnderTest.open(places)) {
      found = engine.images();
      engine.finish();
    }
    return withoutImages(places, found, List.of());
  }

  private static Inventory realImage(Places places) throws IOException {
    List<String> problems;
    try (RealImage image = RealImage.open(places)) {
      problems = image.problems();
      image.finish();
    }
    return withoutImages(places, Map.of(RealImage.NAME, problems.isEmpty()), problems);
  }

  /** When all are removed. */
  private static Inventory withoutImages(
      Places places, Map<String, Boolean> found, List<String> problems) throws IOException {
    Examination rest = new Examination(places);
    rest.notes.addAll(problems);
    Inventory blobs = rest.store();
    rest.leak(blobs.found().size(), "blobs that no image needs: " + blobs.found().keySet());
    rest.leakFiles(places.state().resolve("spool"), file -> false);
    rest.leakFiles(places.state().resolve("metadata"), file -> false);
    rest.leakFiles(places.state().resolve("index"), file -> false);
    return new Inventory(found, rest.leaked, rest.notes);
  }

  private Inventory store() throws IOException {
    Map<String, Boolean> found = new TreeMap<>();
    try (StoreUnderTest opened = StoreUnderTest.open(places)) {
      TwoTierStore store = opened.store();
      long bytes = 0;
      for (Tier tier : Tier.values()) {
        for (Digest blob : store.blobs(tier)) {
          found.put(blob.toString(), Blob.isIntact(store, blob));
          bytes += store.locate(blob).orElseThrow().bytesOn(tier);
        }
      }
      if (places.fastKind() == Places.Kind.FILES) {
        long used = store.usage(Tier.FAST).usedBytes() + store.usage(Tier.SLOW).usedBytes();
        leak(used - bytes, "used beside blobs");
      }
      for (Tier tier : Tier.values()) {
        for (Digest blob : store.blobs(tier)) {
          store.delete(blob);
        }
      }
      store.sweep();
      for (Tier tier : Tier.values()) {
        leak(store.usage(tier).usedBytes(), "used by no blob on " + tier);
      }
      tryRoom(store);
    }
    leakFiles(places.slow(), file -> NOT_BLOBS.contains(file));
    if (places.fastKind() == Places.Kind.FILES) {
      leakFiles(places.fast(), file -> NOT_BLOBS.contains(file));
    } else {
      leakFiles(places.fast(), file -> !file.contains("creating"));
    }
    return new Inventory(found, leaked, notes);
  }

  /** Not only the count of what is used. */
  private void tryRoom(TwoTierStore store) throws IOException {
    long room = store.usage(Tier.FAST).capacityBytes() * 3 / 4;
    try {
      store.write(Tier.FAST, room).close();
    } catch (TierFullException e) {
      if (places.fastKind() == Places.Kind.HEAP) {
        leak(e.neededBytes() - e.freeBytes(), "no room in an empty heap: " + e.getMessage());
      }
    }
  }

  private interface Expected {
    boolean test(String fileName);
  }

  private void leakFiles(Path directory, Expected expected) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        if (!expected.test(String.valueOf(file.getFileName()))) {
          leak(Math.max(1, Files.size(file)), "left " + file);
        }
      }
    }
  }

  private void leak(long bytes, String what) {
    if (bytes != 0) {
      leaked += Math.abs(bytes);
      notes.add(bytes + " leaked, " + what);
    }
  }
}
