package io.github.ndocker.faults;

import io.github.ndocker.llpl.LlplTier;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a store keeps what, and how much.
 *
 * @param root all of it
 * @param fastKind what the fast tier is made of
 * @param fastBytes its budget
 * @param slowBytes that of the slow tier, which is files
 */
record Places(Path root, Kind fastKind, long fastBytes, long slowBytes) {
  private static final long FAST_BYTES = 12L << 20;
  private static final long SLOW_BYTES = 48L << 20;

  /** What a fast tier is made of. */
  enum Kind {
    FILES,
    HEAP
  }

  static Places in(Path root, Kind fastKind) {
    return new Places(root, fastKind, FAST_BYTES, SLOW_BYTES);
  }

  Places withBytes(long fast, long slow) {
    return new Places(root, fastKind, fast, slow);
  }

  /** The same in another directory. */
  Places movedTo(Path other) {
    return new Places(other, fastKind, fastBytes, slowBytes);
  }

  Path state() {
    return root.resolve("state");
  }

  Path fast() {
    return root.resolve("fast");
  }

  Path slow() {
    return root.resolve("slow");
  }

  BlobTier openFast() throws IOException {
    return fastKind == Kind.FILES
        ? FileTier.open(fast(), fastBytes)
        : LlplTier.open(fast().resolve("pools"), fastBytes);
  }

  BlobTier openSlow() throws IOException {
    return FileTier.open(slow(), slowBytes);
  }

  /** For the command line of another process. */
  List<String> toArguments() {
    return List.of(root.toString(), fastKind.name(), "" + fastBytes, "" + slowBytes);
  }

  static Places ofArguments(List<String> arguments) {
    return new Places(
        Path.of(arguments.get(0)),
        Kind.valueOf(arguments.get(1)),
        Long.parseLong(arguments.get(2)),
        Long.parseLong(arguments.get(3)));
  }
}
