package io.github.ndocker.erofs;

import io.github.ndocker.layer.TreeEntry;
import io.github.ndocker.rootfs.ErofsSource;
import io.github.ndocker.rootfs.Providers;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsWay;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The ways to see an image that have to show the same tree. */
enum Provider {
  EROFS_FILES("EROFS over files") {
    @Override
    Shown show(BuiltImage image, Path work) throws IOException {
      return mount(RootfsWay.EROFS_FILES, image, work);
    }
  },
  EROFS_LOOP_DEVICES("EROFS over loop devices") {
    @Override
    Shown show(BuiltImage image, Path work) throws IOException {
      return mount(RootfsWay.EROFS_LOOP_DEVICES, image, work);
    }
  },
  DIRECTORIES("directories") {
    @Override
    Shown show(BuiltImage image, Path work) throws IOException {
      return mount(RootfsWay.DIRECTORIES, image, work);
    }
  },
  IMAGE_TREE("without a mount") {
    @Override
    Shown show(BuiltImage image, Path work) throws IOException {
      ImageTree tree = ImageTree.open(image.metadata(), image.files());
      return new Shown(new ImageTreeEntry(tree, tree.root()), tree);
    }
  };

  private final String title;

  Provider(String title) {
    this.title = title;
  }

  /**
   * A tree that can be looked at until it is closed.
   *
   * @param root its root directory
   * @param closing undoes what was done to show it
   */
  record Shown(TreeEntry root, Closeable closing) implements Closeable {
    @Override
    public void close() throws IOException {
      closing.close();
    }
  }

  /**
   * Whether it keeps what the format of layers can say. A file system of the host does not: ext4
   * has 65,000 links to a file, 4 KiB of attributes, and times from 1901 to 2446.
   */
  boolean keepsAll() {
    return this != DIRECTORIES;
  }

  /** What a person calls it. */
  String title() {
    return title;
  }

  /** Shows an image; {@code work} is a directory on a disk, for whatever that needs. */
  abstract Shown show(BuiltImage image, Path work) throws IOException;

  private static Shown mount(RootfsWay way, BuiltImage image, Path work) throws IOException {
    ErofsSource source = new ErofsSource(image.metadata(), image.files(), true);
    RootFilesystem mounted =
        Providers.in(work, way)
            .mount(
                "image",
                source,
                RootfsOptions.writableIn(work.resolve("writable")),
                superblock -> {});
    return new Shown(new DiskEntry(mounted.image()), mounted);
  }
}
