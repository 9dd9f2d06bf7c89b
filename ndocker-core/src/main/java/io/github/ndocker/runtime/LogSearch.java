package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Looks for a text in a log that grows. Every byte is read once, however often it is asked: a
 * container that talks much must not make waiting for it expensive.
 */
final class LogSearch implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final FileChannel log;
  private final byte[] text;

  /** Begins with what is left of the bytes before, where the text may have begun. */
  private final ByteBuffer window;

  private long position;
  private boolean found;

  LogSearch(Path log, String text) throws IOException {
    this.text = text.getBytes(UTF_8);
    this.window = ByteBuffer.allocate(BUFFER_BYTES + this.text.length);
    this.found = this.text.length == 0;
    this.log = FileChannel.open(log, StandardOpenOption.READ);
  }

  /** Whether the log has the text by now. */
  boolean isFound() throws IOException {
    while (!found && position < log.size()) {
      int count = log.read(window, position);
      if (count <= 0) {
        break;
      }
      position += count;
      found = contains(window.array(), window.position());
      keepLastBytes(text.length - 1);
    }
    return found;
  }

  private boolean contains(byte[] bytes, int length) {
    for (int start = 0; start + text.length <= length; start++) {
      int same = 0;
      while (same < text.length && bytes[start + same] == text[same]) {
        same++;
      }
      if (same == text.length) {
        return true;
      }
    }
    return false;
  }

  private void keepLastBytes(int count) {
    window.flip();
    window.position(Math.max(0, window.limit() - count));
    window.compact();
  }

  @Override
  public void close() throws IOException {
    log.close();
  }
}
