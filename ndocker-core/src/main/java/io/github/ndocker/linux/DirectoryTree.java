package io.github.ndocker.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * Deletes what a container has written, by descriptors: no link is followed, and a tree may be
 * deeper than a path can be long.
 */
public final class DirectoryTree {
  private DirectoryTree() {}

  /**
   * Deletes a directory and all in it; nothing if there is none.
   *
   * @param directory which; if it is a symbolic link, nothing is deleted
   * @throws IOException if something cannot be deleted, or comes up again and again
   */
  public static void delete(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int brought = 0;
    boolean empty = false;
    while (!empty) {
      empty = true;
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
        SecureDirectoryStream<Path> top = secure(stream);
        for (Path entry : top) {
          Path name = entry.getFileName();
          empty = false;
          if (isDirectory(top, name)) {
            brought = empty(top, name, brought);
          } else {
            top.deleteFile(name);
          }
        }
      }
    }
    Files.delete(directory);
  }

  /** Directories in it are brought up, so that no depth asks for a stack or for descriptors. */
  private static int empty(SecureDirectoryStream<Path> top, Path name, int brought)
      throws IOException {
    int next = brought;
    try (SecureDirectoryStream<Path> inner =
        top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : inner) {
        Path child = entry.getFileName();
        if (isDirectory(inner, child)) {
          inner.move(child, top, Path.of(".brought-" + System.nanoTime() + "-" + next++));
        } else {
          inner.deleteFile(child);
        }
      }
    }
    top.deleteDirectory(name);
    return next;
  }

  private static boolean isDirectory(SecureDirectoryStream<Path> parent, Path name)
      throws IOException {
    return parent
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream)
      throws IOException {
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IOException("this platform cannot delete directories by descriptor");
  }
}
