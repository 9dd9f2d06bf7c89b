package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // a lock is held, not used
class StoreLockTest {
  @TempDir private Path directory;

  /** Another process that owns a store until its input ends. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws IOException {
      try (StoreLock lock = StoreLock.acquire(Path.of(arguments[0]))) {
        System.out.println("owned");
        System.in.read();
      }
    }
  }

  @Test
  void namesTheProcessThatOwnsTheStore() throws Exception {
    try (OtherProcess owner = OtherProcess.start(Owner.class, directory, "owned")) {
      StoreInUseException inUse =
          assertThrows(StoreInUseException.class, () -> StoreLock.acquire(directory));
      assertEquals(OptionalLong.of(owner.pid()), inUse.pid());
      assertTrue(inUse.getMessage().contains("process " + owner.pid()), inUse.getMessage());
    }
    StoreLock.acquire(directory).close();
  }

  @Test
  void staysWithItsOwnerWhenTheSameProcessTriesAgain() throws IOException {
    StoreLock lock = StoreLock.acquire(directory);
    long pid = ProcessHandle.current().pid();
    for (int i = 0; i < 2; i++) {
      StoreInUseException inUse =
          assertThrows(StoreInUseException.class, () -> StoreLock.acquire(directory));
      assertEquals(OptionalLong.of(pid), inUse.pid());
    }
    lock.close();
    lock.close();
    StoreLock.acquire(directory).close();
  }
}
