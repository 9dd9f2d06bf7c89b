package io.github.ndocker.evaluation.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import org.junit.jupiter.api.Test;

class DeviceProfileTest {
  @Test
  void allowsWhatPassesInTheTimeAndTheTokensThatHadCollected() {
    assertTrue(DeviceProfile.HDD.allows(new DeviceReads(165, 1 << 20), 1));
    assertFalse(DeviceProfile.HDD.allows(new DeviceReads(166, 1 << 20), 1));
    assertTrue(DeviceProfile.HDD.allows(new DeviceReads(1, 132_000_000), 1));
    assertFalse(DeviceProfile.HDD.allows(new DeviceReads(1, 132_000_001), 1));
  }

  @Test
  void withoutALimitEverythingIsPossible() {
    assertTrue(DeviceProfile.NONE.allows(new DeviceReads(Long.MAX_VALUE, Long.MAX_VALUE), 0));
  }

  @Test
  void isKnownByTheNameThatTheScriptsUse() throws NDockerException {
    for (DeviceProfile profile : DeviceProfile.values()) {
      assertEquals(profile, DeviceProfile.named(profile.toString()));
    }
    assertEquals("hdd-free-writes", DeviceProfile.HDD_FREE_WRITES.toString());
  }

  @Test
  void saysWhichProfilesThereAre() {
    NDockerException failure =
        assertThrows(NDockerException.class, () -> DeviceProfile.named("floppy"));
    assertTrue(String.valueOf(failure.getMessage()).contains("hdd, cloud, hdd-free-writes, none"));
  }
}
