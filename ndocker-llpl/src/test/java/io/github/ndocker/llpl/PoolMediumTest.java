package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolMediumTest {
  private static final List<String> MOUNTS =
      List.of(
          "/dev/vda / ext4 rw,relatime 0 0",
          "tmpfs /dev/shm tmpfs rw 0 0",
          "/dev/pmem0 /mnt/pmem ext4 rw,dax=always 0 0",
          "/dev/pmem1 /mnt/pmem/old xfs rw,dax 0 0",
          "/dev/pmem2 /mnt/maybe xfs rw,dax=inode 0 0",
          "/dev/sdb /mnt/with\\040space ext4 rw 0 0",
          "odd");

  @Test
  void judgesByTheInnermostMount() {
    assertEquals(PoolMedium.FILES, PoolMedium.of(Path.of("/srv/pools"), MOUNTS));
    assertEquals(PoolMedium.MEMORY, PoolMedium.of(Path.of("/dev/shm/pools"), MOUNTS));
    assertEquals(PoolMedium.PERSISTENT_MEMORY, PoolMedium.of(Path.of("/mnt/pmem/a"), MOUNTS));
    assertEquals(PoolMedium.PERSISTENT_MEMORY, PoolMedium.of(Path.of("/mnt/pmem/old/a"), MOUNTS));
    assertEquals(PoolMedium.FILES, PoolMedium.of(Path.of("/mnt/pmemory"), MOUNTS));
    assertEquals(PoolMedium.FILES, PoolMedium.of(Path.of("/mnt/maybe"), MOUNTS));
  }

  @Test
  void saysWhatSurvivesAPowerCut() {
    Path pool = Path.of("/pool");
    assertTrue(PoolMedium.PERSISTENT_MEMORY.describe(pool).survivesPowerCut());
    assertFalse(PoolMedium.MEMORY.describe(pool).survivesPowerCut());
    assertEquals(
        !"1".equals(System.getenv("PMEM_IS_PMEM_FORCE")),
        PoolMedium.FILES.describe(pool).survivesPowerCut());
    assertEquals(
        "emulated persistent memory, lost at a power cut",
        PoolMedium.MEMORY.describe(pool).medium());
  }
}
