package io.github.ndocker.evaluation.demo;

import io.github.ndocker.evaluation.host.HostCommand;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A layer as a directory for overlayfs, as Docker's overlay2 stores it. For the images that
 * make-images makes.
 */
final class UnpackedLayer {
  private static final String WHITEOUT = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";

  private UnpackedLayer() {}

  /**
   * Unpacks a layer and turns its whiteouts into those of overlayfs.
   *
   * @param tar the layer, compressed or not
   * @param directory an empty directory
   * @param below the directories of the layers below
   */
  static void unpack(Path tar, Path directory, List<Path> below) throws IOException {
    HostCommand.run(
        "tar",
        "--extract",
        "--file",
        tar.toString(),
        "--directory",
        directory.toString(),
        "--numeric-owner",
        "--same-owner",
        "--preserve-permissions",
        "--xattrs",
        "--xattrs-include=*");
    for (Path marker : whiteouts(directory)) {
      Path parent = marker.getParent();
      Files.delete(marker);
      if (parent == null) {
        continue;
      }
      if (marker.endsWith(OPAQUE)) {
        hideAll(directory, parent, below);
      } else {
        hide(parent.resolve(String.valueOf(marker.getFileName()).substring(WHITEOUT.length())));
      }
    }
  }

  /**
   * An opaque directory without the extended attribute: a whiteout for each name below that it does
   * not have itself.
   */
  private static void hideAll(Path layer, Path opaque, List<Path> below) throws IOException {
    for (Path lower : below) {
      Path hidden = lower.resolve(layer.relativize(opaque).toString());
      if (Files.isDirectory(hidden, LinkOption.NOFOLLOW_LINKS)) {
        try (Stream<Path> names = Files.list(hidden)) {
          for (Path name : names.toList()) {
            Path own = opaque.resolve(String.valueOf(name.getFileName()));
            if (!Files.exists(own, LinkOption.NOFOLLOW_LINKS)) {
              hide(own);
            }
          }
        }
      }
    }
  }

  private static void hide(Path name) throws IOException {
    HostCommand.run("mknod", name.toString(), "c", "0", "0");
  }

  private static List<Path> whiteouts(Path directory) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (String.valueOf(file.getFileName()).startsWith(WHITEOUT)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
