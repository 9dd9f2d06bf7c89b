package io.github.ndocker.llpl;

import java.util.List;

/**
 * A committed blob.
 *
 * @param length in bytes
 * @param ranges where its bytes are, from the first to the last; none if it has none
 * @param home the pool whose directory it is in
 * @param slots its records there
 */
record StoredBlob(long length, List<PageRange> ranges, Pool home, List<Integer> slots) {
  StoredBlob {
    ranges = List.copyOf(ranges);
    slots = List.copyOf(slots);
  }
}
