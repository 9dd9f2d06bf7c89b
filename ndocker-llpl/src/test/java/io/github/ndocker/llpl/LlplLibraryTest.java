package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class LlplLibraryTest {
  @Test
  void turnsEveryWayOfFailingToLoadIntoOneCheckedException() {
    for (Error failure :
        List.of(
            new UnsatisfiedLinkError("libpmemobj.so.1"),
            new ExceptionInInitializerError("AnyHeap"),
            new NoClassDefFoundError("AnyHeap"))) {
      PersistentMemoryUnavailableException thrown =
          assertThrows(
              PersistentMemoryUnavailableException.class,
              () ->
                  LlplLibrary.load(
                      () -> {
                        throw failure;
                      }));
      assertSame(failure, thrown.getCause());
    }
  }
}
