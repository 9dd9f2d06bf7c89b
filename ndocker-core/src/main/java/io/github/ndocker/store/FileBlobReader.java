package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads a blob from its file, which stays readable when it is unlinked. */
final class FileBlobReader implements BlobReader {
  private final FileChannel channel;
  private final long size;

  FileBlobReader(FileChannel channel) throws IOException {
    this.channel = channel;
    try {
      this.size = channel.size();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public int read(ByteBuffer destination, long position) throws IOException {
    if (position >= size) {
      return 0; // ext4 refuses positions past its largest file
    }
    int total = 0;
    while (destination.hasRemaining()) {
      int count = channel.read(destination, position + total);
      if (count < 0) {
        break;
      }
      total += count;
    }
    return total;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
