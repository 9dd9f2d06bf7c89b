package io.github.ndocker.rootfs;

import io.github.ndocker.erofs.ContentMap;
import io.github.ndocker.erofs.Device;
import io.github.ndocker.erofs.ErofsWriter;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A tar as a blob and the metadata image over it. */
public record SmallTree(Path metadata, Path blob) {
  public static final String TEXT = "hello\n".repeat(3_000);

  /** A tree with a directory, a file of a few pages, and a link. */
  public static SmallTree in(Path directory) throws IOException {
    return of(
        new TarBuilder()
            .directory("etc/")
            .file("etc/motd", TEXT)
            .symlink("motd", "etc/motd")
            .file("removed", "x")
            .finished(),
        directory);
  }

  /** Any tar. */
  public static SmallTree of(byte[] tar, Path directory) throws IOException {
    Files.createDirectories(directory);
    Path blob = Files.write(directory.resolve("blob"), tar);
    LayerIndex index = TarBuilder.index(tar);
    Path metadata = directory.resolve("metadata.erofs");
    new ErofsWriter()
        .write(
            MergedTree.of(List.of(index)),
            ContentMap.ofLayers(List.of(new Device(tar.length, "blob"))),
            metadata);
    return new SmallTree(metadata, blob);
  }

  public ErofsSource source(boolean readAhead) {
    return new ErofsSource(metadata, List.of(blob), readAhead);
  }
}
