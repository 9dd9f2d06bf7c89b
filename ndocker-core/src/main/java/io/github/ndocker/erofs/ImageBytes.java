package io.github.ndocker.erofs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of an image, or of a device of one, by their positions. Thread-safe. */
final class ImageBytes implements Closeable {
  private final Path file;
  private final FileChannel channel;

  private ImageBytes(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static ImageBytes open(Path file) throws IOException {
    return new ImageBytes(file, FileChannel.open(file, StandardOpenOption.READ));
  }

  /**
   * Bytes of the metadata.
   *
   * @throws MalformedImageException if the file ends before that
   */
  ByteBuffer at(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    fill(bytes, position);
    return bytes.flip();
  }

  /**
   * Fills a buffer.
   *
   * @throws MalformedImageException if the file ends before that
   */
  void fill(ByteBuffer target, long position) throws IOException {
    for (long at = position; target.hasRemaining(); ) {
      int count = at < 0 ? -1 : channel.read(target, at);
      if (count < 0) {
        throw malformed("something lies at " + at + ", behind its end");
      }
      at += count;
    }
  }

  MalformedImageException malformed(String what) {
    return new MalformedImageException(file, what);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
