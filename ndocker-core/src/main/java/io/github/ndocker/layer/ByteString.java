package io.github.ndocker.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes as a layer carries them: names, link targets and attribute values, which Linux does not
 * require to be text. Ordered as unsigned bytes, the order of directories in EROFS. Immutable.
 */
public final class ByteString implements Comparable<ByteString> {
  /** No bytes. */
  public static final ByteString EMPTY = new ByteString(new byte[0]);

  private static final ByteString SLASH = utf8("/");

  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Copies bytes.
   *
   * @param bytes what to copy
   * @return the copy
   */
  public static ByteString of(byte[] bytes) {
    return of(bytes, 0, bytes.length);
  }

  /**
   * Copies a part of an array.
   *
   * @param bytes where from
   * @param from first byte
   * @param to after the last byte
   * @return the copy
   * @throws IndexOutOfBoundsException if the array has no such part
   */
  public static ByteString of(byte[] bytes, int from, int to) {
    Objects.checkFromToIndex(from, to, bytes.length);
    return from == to ? EMPTY : new ByteString(Arrays.copyOfRange(bytes, from, to));
  }

  /**
   * Encodes text.
   *
   * @param text any text
   * @return its UTF-8 bytes
   */
  public static ByteString utf8(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Wraps an array that nobody else keeps. */
  static ByteString wrap(byte[] owned) {
    return owned.length == 0 ? EMPTY : new ByteString(owned);
  }

  /**
   * How many bytes there are.
   *
   * @return the length
   */
  public int length() {
    return bytes.length;
  }

  /**
   * Whether there are none.
   *
   * @return true if the length is 0
   */
  public boolean isEmpty() {
    return bytes.length == 0;
  }

  /**
   * One byte.
   *
   * @param index from 0
   * @return the byte
   * @throws IndexOutOfBoundsException if there is no such byte
   */
  public byte at(int index) {
    return bytes[index];
  }

  /**
   * A part.
   *
   * @param from first byte
   * @param to after the last byte
   * @return the bytes between
   */
  public ByteString slice(int from, int to) {
    return from == 0 && to == bytes.length ? this : of(bytes, from, to);
  }

  /**
   * This path and another one below it.
   *
   * @param below the other path
   * @return both, with a slash between
   */
  public ByteString slash(ByteString below) {
    return concat(SLASH).concat(below);
  }

  /**
   * These bytes and others after them.
   *
   * @param more the others
   * @return both
   */
  public ByteString concat(ByteString more) {
    byte[] joined = Arrays.copyOf(bytes, bytes.length + more.bytes.length);
    System.arraycopy(more.bytes, 0, joined, bytes.length, more.bytes.length);
    return wrap(joined);
  }

  /**
   * Whether this begins with other bytes.
   *
   * @param prefix the other bytes
   * @return true if it does
   */
  public boolean startsWith(ByteString prefix) {
    return bytes.length >= prefix.bytes.length
        && Arrays.equals(bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
  }

  /**
   * Where a byte is.
   *
   * @param wanted the byte
   * @param from where to begin
   * @return its first index from there, or the length if there is none
   */
  public int indexOf(byte wanted, int from) {
    int index = from;
    while (index < bytes.length && bytes[index] != wanted) {
      index++;
    }
    return index;
  }

  /**
   * The length of the common prefix.
   *
   * @param other other bytes
   * @return number of equal bytes at the beginning
   */
  public int commonPrefix(ByteString other) {
    int mismatch = Arrays.mismatch(bytes, other.bytes);
    return mismatch < 0 ? bytes.length : mismatch;
  }

  /**
   * A copy of the bytes.
   *
   * @return a new array
   */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  /**
   * Copies the bytes into a buffer.
   *
   * @param target has room for them
   */
  public void putInto(ByteBuffer target) {
    target.put(bytes);
  }

  /**
   * Writes the bytes.
   *
   * @param out where to
   * @throws IOException if that fails
   */
  public void writeTo(OutputStream out) throws IOException {
    out.write(bytes);
  }

  @Override
  public int compareTo(ByteString other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Decodes the bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
