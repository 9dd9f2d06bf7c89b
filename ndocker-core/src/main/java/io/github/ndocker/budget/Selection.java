package io.github.ndocker.budget;

import io.github.ndocker.api.ChainId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Some of the candidates, what they need together, and a way back. Not thread-safe. */
final class Selection {
  private final Candidates candidates;
  private final boolean[] selected;

  /** How many of the selected images have each segment. */
  private final int[] users;

  /** Images that are in and were out at the last {@link #mark}, or the other way round. */
  private final Set<Integer> changed = new LinkedHashSet<>();

  private long bytes;

  Selection(Candidates candidates) {
    this.candidates = candidates;
    this.selected = new boolean[candidates.count()];
    this.users = new int[candidates.segmentBytes.length];
  }

  boolean has(int image) {
    return selected[image];
  }

  /** A copy of the selected images' names. */
  Set<ChainId> images() {
    Set<ChainId> images = new HashSet<>();
    for (int image = 0; image < selected.length; image++) {
      if (selected[image]) {
        images.add(candidates.images.get(image).image());
      }
    }
    return images;
  }

  boolean needs(int segment) {
    return users[segment] > 0;
  }

  long bytes() {
    return bytes;
  }

  /** What the image would add. */
  long marginalBytes(int image) {
    return bytesUsedBy(image, 0);
  }

  /** What is freed without the image. */
  long freedBytes(int image) {
    return bytesUsedBy(image, 1);
  }

  private long bytesUsedBy(int image, int number) {
    long sum = 0;
    for (int segment : candidates.segments[image]) {
      if (users[segment] == number) {
        sum += candidates.segmentBytes[segment];
      }
    }
    return sum;
  }

  /** Takes the image in, or out if it is in. */
  void toggle(int image) {
    int change = selected[image] ? -1 : 1;
    for (int segment : candidates.segments[image]) {
      int before = users[segment];
      users[segment] += change;
      if (before + Math.min(change, 0) == 0) {
        bytes += change * candidates.segmentBytes[segment];
      }
    }
    selected[image] = !selected[image];
    if (!changed.remove(image)) {
      changed.add(image);
    }
  }

  /** What is done from here on can be undone. */
  void mark() {
    changed.clear();
  }

  /** Goes back to the mark. */
  void undo() {
    List.copyOf(changed).forEach(this::toggle);
  }

  /** The worth of what came in since the mark, less that of what went out. */
  double gain() {
    double gain = 0;
    for (int image : changed) {
      gain += selected[image] ? candidates.worth[image] : -candidates.worth[image];
    }
    return gain;
  }

  double worth() {
    double sum = 0;
    for (int image = 0; image < selected.length; image++) {
      sum += selected[image] ? candidates.worth[image] : 0;
    }
    return sum;
  }
}
