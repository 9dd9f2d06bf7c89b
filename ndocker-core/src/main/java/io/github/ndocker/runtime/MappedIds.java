package io.github.ndocker.runtime;

import io.github.ndocker.rootfs.IdMapping;
import java.util.List;
import java.util.OptionalLong;

/** What the users and groups of a container are on the host. */
final class MappedIds {
  private MappedIds() {}

  /** Empty if the mappings have none for it. */
  static OptionalLong onHost(List<IdMapping> mappings, long id) {
    for (IdMapping mapping : mappings) {
      if (id >= mapping.containerId() && id - mapping.containerId() < mapping.size()) {
        return OptionalLong.of(mapping.hostId() + (id - mapping.containerId()));
      }
    }
    return OptionalLong.empty();
  }
}
