package io.github.ndocker.api;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The files of an image as its layers make them together, for a detector that looks into them.
 *
 * <p>Paths are absolute, their components are joined by single slashes, and {@code "/"} is the root
 * directory. No symbolic link is followed, neither at the end of a path nor on the way, and {@code
 * ".."} is a name like any other; whoever asks follows links himself. Names that are not UTF-8 are
 * listed with replacement characters and cannot be looked up. Thread-safe, and the same at any
 * time.
 */
public interface ImageFiles {
  /**
   * Looks a path up.
   *
   * @param path an absolute path
   * @return what is there, if anything is
   * @throws IOException if the medium fails
   */
  Optional<ImageNode> find(String path) throws IOException;

  /**
   * Lists a directory.
   *
   * @param path an absolute path
   * @return the names in it, in a fixed order; none if there is no such directory
   * @throws IOException if the medium fails
   */
  List<String> list(String path) throws IOException;

  /**
   * Reads a part of a regular file.
   *
   * @param path an absolute path
   * @param offset the first byte, from 0
   * @param length how many bytes at most
   * @return the bytes; fewer than asked for only where the file ends, none if there is no such file
   * @throws IOException if the medium fails
   * @throws IllegalArgumentException if a number is negative
   */
  byte[] read(String path, long offset, int length) throws IOException;

  /**
   * How large the image is.
   *
   * @return the bytes of all regular files, each counted once however many names it has
   * @throws IOException if the medium fails
   */
  long bytes() throws IOException;
}
