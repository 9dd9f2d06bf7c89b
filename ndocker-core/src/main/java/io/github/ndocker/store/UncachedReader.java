package io.github.ndocker.store;

import io.github.ndocker.api.BlobExtent;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the extents of a blob front to back, past the page cache where the file system can do that:
 * so it sees what the medium has, and drops nothing that containers read from the cache. For one
 * thread.
 */
final class UncachedReader implements Closeable {
  private static final Optional<OpenOption> DIRECT = direct();

  private final List<BlobExtent> extents;
  private final int pieceBytes;
  private int next;
  private long within;
  private FileChannel channel;
  private ByteBuffer buffer;

  /** Pieces of that size at most. */
  UncachedReader(List<BlobExtent> extents, int pieceBytes) throws IOException {
    this.extents = extents;
    this.pieceBytes = pieceBytes;
    BlobExtent first = extents.get(0);
    this.channel = open(first);
    this.buffer = buffer(first);
  }

  /** How many bytes the next piece has at most; 0 at the end. */
  int nextBytes() {
    if (next == extents.size()) {
      return 0;
    }
    return (int) Math.min(pieceBytes, extents.get(next).length() - within);
  }

  /** The next bytes of the blob, until the next call; none at the end. */
  ByteBuffer read() throws IOException {
    int bytes = nextBytes();
    if (bytes == 0) {
      return ByteBuffer.allocate(0);
    }
    BlobExtent extent = extents.get(next);
    int block = blockSize(extent);
    long begin = extent.offset() + within;
    // whole blocks of the medium, with neighbours of the extent if it does not fill them
    long from = begin - begin % block;
    buffer.clear().limit(Math.toIntExact((begin + bytes - from + block - 1) / block * block));
    int wanted = Math.toIntExact(begin - from) + bytes;
    while (buffer.position() < wanted) {
      int count = channel.read(buffer, from + buffer.position());
      if (count <= 0 || (count % block != 0 && buffer.position() < wanted)) {
        throw new EOFException(
            extent.file() + " ends before byte " + (extent.offset() + extent.length()));
      }
    }
    ByteBuffer piece = buffer.slice(wanted - bytes, bytes);
    advance(bytes);
    return piece;
  }

  private void advance(int bytes) throws IOException {
    within += bytes;
    BlobExtent extent = extents.get(next);
    if (within < extent.length()) {
      return;
    }
    within = 0;
    next++;
    if (next < extents.size() && !extents.get(next).file().equals(extent.file())) {
      channel.close();
      channel = open(extents.get(next));
      // the piece that is being handed out keeps the old one
      buffer = buffer(extents.get(next));
    }
  }

  /** The JDK's own option, by name: some compilers warn of whoever imports it. */
  private static Optional<OpenOption> direct() {
    try {
      Object[] options = Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants();
      return Arrays.stream(options)
          .filter(option -> "DIRECT".equals(String.valueOf(option)))
          .map(OpenOption.class::cast)
          .findFirst();
    } catch (ClassNotFoundException e) {
      return Optional.empty();
    }
  }

  private static FileChannel open(BlobExtent extent) throws IOException {
    if (DIRECT.isPresent()) {
      try {
        return FileChannel.open(extent.file(), StandardOpenOption.READ, DIRECT.get());
      } catch (UnsupportedOperationException | FileSystemException e) {
        // not every file system can; if the file is the matter, this fails as well
        return FileChannel.open(extent.file(), StandardOpenOption.READ);
      }
    }
    return FileChannel.open(extent.file(), StandardOpenOption.READ);
  }

  private ByteBuffer buffer(BlobExtent extent) throws IOException {
    int block = blockSize(extent);
    // room for a piece that begins in the middle of a block, and for aligning
    return ByteBuffer.allocateDirect(pieceBytes + 3 * block).alignedSlice(block);
  }

  private static int blockSize(BlobExtent extent) throws IOException {
    return Math.toIntExact(Files.getFileStore(extent.file()).getBlockSize());
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
