package io.github.ndocker.budget;

import io.github.ndocker.api.ChainId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Images and their segments by number, in the order of their IDs, so that ties always end alike.
 */
final class Candidates {
  final List<HotImage> images;

  /** Segments of each image. */
  final int[][] segments;

  final long[] segmentBytes;

  /** Seconds, with what moving costs taken off and what staying saves added. */
  final double[] worth;

  final boolean[] resident;

  Candidates(List<HotImage> given, Set<ChainId> residents, double hysteresis, double moveSeconds) {
    images = new ArrayList<>(given);
    images.sort(Comparator.comparing(image -> image.image().toString()));
    segments = new int[images.size()][];
    worth = new double[images.size()];
    resident = new boolean[images.size()];
    Map<String, Integer> numbers = new HashMap<>();
    List<Long> sizes = new ArrayList<>();
    for (int image = 0; image < images.size(); image++) {
      HotImage hot = images.get(image);
      if (image > 0 && hot.image().equals(images.get(image - 1).image())) {
        throw new IllegalArgumentException("image " + hot.image() + " is there twice");
      }
      segments[image] = new int[hot.segments().size()];
      for (int i = 0; i < segments[image].length; i++) {
        HotSegment segment = hot.segments().get(i);
        int number = numbers.computeIfAbsent(segment.id(), id -> numbers.size());
        if (number == sizes.size()) {
          sizes.add(segment.bytes());
        } else if (sizes.get(number) != segment.bytes()) {
          throw new IllegalArgumentException(
              "segment " + segment.id() + " has " + segment.bytes() + " and other bytes");
        }
        segments[image][i] = number;
      }
      resident[image] = residents.contains(hot.image());
    }
    segmentBytes = sizes.stream().mapToLong(Long::longValue).toArray();
    requireCountable();
    for (int image = 0; image < images.size(); image++) {
      HotImage hot = images.get(image);
      worth[image] =
          resident[image]
              ? hot.seconds() * (1 + hysteresis)
              : Math.max(0, hot.seconds() - moveSeconds * hot.bytes());
    }
  }

  private void requireCountable() {
    long sum = 0;
    for (long bytes : segmentBytes) {
      if (bytes > Long.MAX_VALUE - sum) {
        throw new IllegalArgumentException("the segments have more bytes than can be counted");
      }
      sum += bytes;
    }
  }

  int count() {
    return images.size();
  }

  boolean isPinned(int image) {
    return images.get(image).pinned();
  }
}
