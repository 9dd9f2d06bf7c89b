package io.github.ndocker.simulation;

import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A fast tier that holds the hot segments of images, each once, and no more than its budget. */
final class SimulatedFastTier {
  private final List<HotImage> images;
  private final long budget;
  private final Set<Integer> held = new LinkedHashSet<>();
  private final Map<HotSegment, Integer> users = new HashMap<>();
  private long bytes;
  private long writtenBytes;

  SimulatedFastTier(List<HotImage> images, long budget) {
    this.images = images;
    this.budget = budget;
  }

  boolean holds(int image) {
    return held.contains(image);
  }

  Set<Integer> held() {
    return held;
  }

  long budget() {
    return budget;
  }

  long writtenBytes() {
    return writtenBytes;
  }

  boolean fits(int image) {
    return marginal(image) <= budget - bytes;
  }

  private long marginal(int image) {
    return images.get(image).segments().stream()
        .filter(segment -> !users.containsKey(segment))
        .mapToLong(HotSegment::bytes)
        .sum();
  }

  void evict(int image) {
    if (!held.remove(image)) {
      throw new IllegalStateException("image " + image + " is not there");
    }
    for (HotSegment segment : images.get(image).segments()) {
      if (users.merge(segment, -1, Integer::sum) == 0) {
        users.remove(segment);
        bytes -= segment.bytes();
      }
    }
  }

  /** Takes evictions back, which then have never happened: nothing is written. */
  void restore(List<Integer> evicted) {
    long before = writtenBytes;
    evicted.forEach(this::admit);
    writtenBytes = before;
  }

  void admit(int image) {
    if (!fits(image) || !held.add(image)) {
      throw new IllegalStateException("image " + image + " does not fit, or is there already");
    }
    long added = marginal(image);
    bytes += added;
    writtenBytes += added;
    for (HotSegment segment : images.get(image).segments()) {
      users.merge(segment, 1, Integer::sum);
    }
  }
}
