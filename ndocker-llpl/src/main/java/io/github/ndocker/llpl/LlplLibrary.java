package io.github.ndocker.llpl;

import com.intel.pmem.llpl.PersistentHeap;

/** LLPL's native part, and through it the PMDK libraries of the host. */
final class LlplLibrary {
  private LlplLibrary() {}

  /** Loads the library, which the first touch of a heap does, and says how small a heap may be. */
  static long load() throws PersistentMemoryUnavailableException {
    return load(() -> PersistentHeap.MINIMUM_HEAP_SIZE);
  }

  static long load(FirstTouch touch) throws PersistentMemoryUnavailableException {
    try {
      return touch.minimumHeapSize();
    } catch (UnsatisfiedLinkError | ExceptionInInitializerError | NoClassDefFoundError e) {
      // which of them depends on whether this is the first attempt in this JVM
      throw new PersistentMemoryUnavailableException(e);
    }
  }

  /** What makes the JVM initialize LLPL's classes. */
  interface FirstTouch {
    long minimumHeapSize();
  }
}
