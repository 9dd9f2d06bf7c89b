package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Damages pools and opens them in other processes, which may die of it once, but not twice. */
class DamagedPoolTest {
  private PoolPlace place;

  @BeforeEach
  void storeABlob() throws Exception {
    place = PoolPlace.create();
    assertTrue(PoolProcess.outputOf(PoolProcess.start(place.tier(), "store")).startsWith("stored"));
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }
}
