package io.github.ndocker.hotfile;

import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledChange.Kind;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.linux.ExtendedAttributes;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a container has made, changed and deleted, as the upper layer of its overlay has it. The
 * container may go on meanwhile, so nothing is followed, and what vanishes is left out.
 */
public final class WritableChanges {
  private static final int MAX_ENTRIES = 100_000;

  /** Each level keeps a directory open. */
  private static final int MAX_DEPTH = 100;

  private final Path upper;
  private final MergedTree image;
  private final Map<String, ProfiledChange> changes = new TreeMap<>();
  private final NameBudget names = NameBudget.ofChanges();
  private int entries;
  private boolean truncated;

  /**
   * Looks through an upper layer.
   *
   * @param upper the directory
   * @param image what is below it
   * @throws IOException if it cannot be read
   */
  public WritableChanges(Path upper, MergedTree image) throws IOException {
    this.upper = upper;
    this.image = image;
    try (DirectoryStream<Path> directory = Files.newDirectoryStream(upper)) {
      if (directory instanceof SecureDirectoryStream<Path> secure) {
        look(secure, "", 0);
      }
    }
  }

  /**
   * The changes.
   *
   * @return in the order of their paths; of directories only those that replace one of the image,
   *     or are gone
   */
  public List<ProfiledChange> changes() {
    return List.copyOf(changes.values());
  }

  /**
   * Whether there was more than was looked at.
   *
   * @return true if changes may be missing
   */
  public boolean isTruncated() {
    return truncated;
  }

  private void look(SecureDirectoryStream<Path> directory, String path, int depth)
      throws IOException {
    try {
      for (Path entry : directory) {
        if (entries++ == MAX_ENTRIES) {
          truncated = true;
        }
        if (truncated) {
          return;
        }
        Path name = entry.getFileName();
        look(directory, name, path + "/" + name, depth);
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void look(SecureDirectoryStream<Path> directory, Path name, String path, int depth)
      throws IOException {
    try {
      BasicFileAttributes found =
          directory
              .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
              .readAttributes();
      boolean inImage = image.find(path).isPresent();
      if (!found.isDirectory()) {
        // a whiteout is a device; overlayfs makes one only over what is below
        Kind ofImage = found.isOther() ? Kind.DELETED : Kind.CHANGED;
        put(path, inImage ? ofImage : Kind.CREATED);
        return;
      }
      if (inImage && ExtendedAttributes.isOpaque(upper.resolve(path.substring(1)))) {
        put(path, Kind.CHANGED);
      }
      if (depth == MAX_DEPTH) {
        truncated = true;
        return;
      }
      try (SecureDirectoryStream<Path> below =
          directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
        look(below, path, depth + 1);
      }
    } catch (FileSystemException e) {
      // gone, or something else by now
      return;
    }
  }

  private void put(String path, Kind kind) {
    if (names.admits(path)) {
      changes.put(path, new ProfiledChange(path, kind));
    } else {
      truncated = true;
    }
  }
}
