package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Writes one blob of a file tier: data, force, rename, force of the directories. */
final class FileTierWriter implements TierWriter {
  private enum State {
    OPEN,
    COMMITTED,
    DISCARDED
  }

  private final FileTier tier;
  private final Path file;
  private final FileChannel channel;
  private long reserved;
  private long written;
  private State state = State.OPEN;

  private FileTierWriter(FileTier tier, Path file, FileChannel channel, long reserved) {
    this.tier = tier;
    this.file = file;
    this.channel = channel;
    this.reserved = reserved;
  }

  static FileTierWriter begin(FileTier tier, long expectedBytes) throws IOException {
    if (expectedBytes < 0) {
      throw new IllegalArgumentException("a blob of " + expectedBytes + " bytes");
    }
    tier.budget().take(expectedBytes);
    boolean begun = false;
    try {
      Path file = createIncoming(tier);
      FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
      begun = true;
      return new FileTierWriter(tier, file, channel, expectedBytes);
    } finally {
      if (!begun) {
        tier.budget().giveUnwritten(expectedBytes);
      }
    }
  }

  private static Path createIncoming(FileTier tier) throws IOException {
    try {
      return tier.directory().createIncoming();
    } catch (IOException e) {
      throw FullMedium.translate(e, tier.directory().root(), 1);
    }
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    requireOpen();
    int count = source.remaining();
    if (written + count > reserved) {
      try {
        tier.budget().take(written + count - reserved);
      } catch (TierFullException e) {
        discard();
        throw e;
      }
      reserved = written + count;
    }
    try {
      while (source.hasRemaining()) {
        channel.write(source);
      }
    } catch (IOException e) {
      IOException failure = FullMedium.translate(e, tier.directory().root(), source.remaining());
      discardAfter(failure);
      throw failure;
    }
    written += count;
    tier.budget().written(count);
  }

  @Override
  public void force() throws IOException {
    requireOpen();
    try {
      channel.force(false);
    } catch (IOException e) {
      IOException failure = FullMedium.translate(e, tier.directory().root(), written);
      discardAfter(failure);
      throw failure;
    }
  }

  @Override
  public void commit(Digest name) throws IOException {
    requireOpen();
    try {
      channel.force(true);
      channel.close();
      if (tier.publish(file, name, written)) {
        tier.budget().giveUnwritten(reserved - written);
        state = State.COMMITTED;
      } else {
        discard();
      }
    } catch (IOException e) {
      // a second force could report success although the pages were dropped: never retry, discard
      IOException failure = FullMedium.translate(e, tier.directory().root(), written);
      discardAfter(failure);
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    if (state == State.OPEN) {
      discard();
    }
  }

  private void requireOpen() throws IOException {
    if (state != State.OPEN) {
      throw new IOException(
          "the blob was " + (state == State.COMMITTED ? "committed" : "discarded"));
    }
  }

  private void discardAfter(IOException failure) {
    try {
      if (state == State.OPEN) {
        discard();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void discard() throws IOException {
    state = State.DISCARDED;
    tier.budget().giveUnwritten(reserved - written);
    try {
      channel.close();
    } finally {
      Files.deleteIfExists(file);
      tier.budget().give(written);
    }
  }
}
