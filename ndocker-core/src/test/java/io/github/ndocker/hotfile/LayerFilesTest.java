package io.github.ndocker.hotfile;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.ImageNode;
import io.github.ndocker.api.Tier;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.FileTier;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayerFilesTest {
  @TempDir Path directory;

  private static DiffId store(TwoTierStore store, TarBuilder tar) throws IOException {
    try (BlobWriter writer = store.write(Tier.SLOW, 0)) {
      writer.write(ByteBuffer.wrap(tar.finished()));
      return new DiffId(writer.commit());
    }
  }

  @Test
  void showsTheMergedTreeWithLayersLinksAndBytes() throws IOException {
    TarBuilder lower = new TarBuilder().file("etc/a", "lower").file("etc/b", "kept");
    TarBuilder upper =
        new TarBuilder()
            .file("etc/a", "0123456789")
            .symlink("link", "etc/a")
            .hardLink("hard", "etc/a");
    try (Catalogue catalogue = Catalogue.open(directory);
        TwoTierStore store =
            TwoTierStore.open(
                FileTier.open(directory.resolve("fast"), 1 << 20),
                FileTier.open(directory.resolve("slow"), 1 << 20),
                Leases.open(catalogue),
                catalogue)) {
      List<DiffId> layers = List.of(store(store, lower), store(store, upper));
      MergedTree tree = MergedTree.of(List.of(lower.index(), upper.index()));
      LayerFiles files = new LayerFiles(() -> tree, layers, store);
      ImageNode a = files.find("/etc/a").orElseThrow();
      assertEquals(ImageNode.Kind.FILE, a.kind());
      assertEquals(10, a.size());
      assertEquals(1, a.layer());
      assertEquals(0, files.find("/etc/b").orElseThrow().layer());
      assertEquals(a.inode(), files.find("/hard").orElseThrow().inode());
      assertEquals("etc/a", files.find("/link").orElseThrow().linkTarget());
      assertEquals(Optional.empty(), files.find("/link/x"));
      assertEquals(Optional.empty(), files.find("/etc/none"));
      assertEquals(List.of("a", "b"), files.list("/etc"));
      assertEquals(List.of(), files.list("/none"));
      assertEquals("345", new String(files.read("/hard", 3, 3), US_ASCII));
      assertEquals("89", new String(files.read("/etc/a", 8, 100), US_ASCII));
      assertEquals("kept", new String(files.read("/etc/b", 0, 4096), US_ASCII));
      assertEquals(0, files.read("/etc/a", 10, 5).length);
      assertEquals(0, files.read("/link", 0, 5).length);
      assertEquals(14, files.bytes());
      LayerFiles lost =
          new LayerFiles(
              () -> {
                throw new IOException("no index");
              },
              layers,
              store);
      assertThrows(IOException.class, () -> lost.find("/"));
      assertThrows(IllegalArgumentException.class, () -> files.read("/etc/a", -1, 5));
    }
  }
}
