package io.github.ndocker.store;

import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a medium without space from one that fails. */
final class FullMedium {
  private FullMedium() {}

  /** The failure as a full tier if that is what it means, else the failure itself. */
  static IOException translate(IOException failure, Path directory, long neededBytes) {
    if (failure instanceof TierFullException) {
      return failure;
    }
    String message = String.valueOf(failure.getMessage());
    long usable = usable(directory, failure);
    // NIO has no type for ENOSPC and EDQUOT, only the text of strerror, in the language of the host
    if (message.contains("No space left")
        || message.contains("quota exceeded")
        || usable < Math.min(neededBytes, 4096)) {
      TierFullException full =
          new TierFullException(directory.toString(), neededBytes, Math.min(usable, neededBytes));
      full.initCause(failure);
      return full;
    }
    return failure;
  }

  private static long usable(Path directory, IOException failure) {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      failure.addSuppressed(e);
      return Long.MAX_VALUE;
    }
  }
}
