package io.github.ndocker.llpl;

import com.intel.pmem.llpl.PersistentHeap;
import com.intel.pmem.llpl.Util;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** LLPL's native part, and through it the PMDK libraries of the host. */
final class LlplLibrary {
  private LlplLibrary() {}

  /** Loads the library, which the first touch of a heap does, and says how small a heap may be. */
  static synchronized long load() throws IOException {
    // LLPL copies its library out of the jar and deletes the copy when the JVM exits, which a
    // killed one does not: so it gets a directory of its own, which goes once the copy is mapped
    Path directory = Files.createTempDirectory("ndocker-llpl-");
    try {
      Util.setLLPLTempDirectory(directory.toString());
      return load(() -> PersistentHeap.MINIMUM_HEAP_SIZE);
    } finally {
      Files.deleteIfExists(directory.resolve("libllpl.so"));
      Files.delete(directory);
    }
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
