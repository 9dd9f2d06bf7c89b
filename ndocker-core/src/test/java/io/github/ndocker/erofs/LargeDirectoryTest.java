package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.layer.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of 200,000 entries, most of which are hard links to two files. */
class LargeDirectoryTest {
  private static final int ENTRIES = 200_000;

  /** More links than a compact inode can count: 16 bits. */
  private static final int LINKS = 70_000;

  private static final int OTHER_LINKS = 110_000;

  /** As many as a file system of the host takes. */
  private static final int FEW_LINKS = 30_000;

  /** All of them with {@code -Dndocker.full=true}. */
  private static final boolean FULL = Boolean.getBoolean("ndocker.full");

  private static final Set<Provider> QUICK = Set.of(Provider.EROFS_FILES, Provider.IMAGE_TREE);

  @TempDir Path scratch;

  private static String name(int entry) {
    return "entry-" + Integer.toString(entry * 7919, 36) + "-" + entry;
  }

  private static byte[] layer(int links, int otherLinks) {
    TarBuilder tar = new TarBuilder().directory("d");
    for (int entry = 0; entry < ENTRIES; entry++) {
      String path = "d/" + name(entry);
      if (entry > 1 && entry < links) {
        tar.hardLink(path, "d/" + name(0));
      } else if (entry >= links && entry < links + otherLinks) {
        tar.hardLink(path, "d/" + name(1));
      } else {
        tar.file(path, "text " + entry);
      }
    }
    return tar.finished();
  }

  @Test
  void isShownAsItWasMeant() throws IOException {
    LoopMount.assumePossible();
    for (boolean all : FULL ? new boolean[] {true, false} : new boolean[] {true}) {
      int links = all ? LINKS : FEW_LINKS;
      int otherLinks = all ? OTHER_LINKS : 2 * FEW_LINKS;
      byte[] layer = layer(links, otherLinks);
      Path tar = Files.write(scratch.resolve("layer-" + all), layer);
      BuiltImage image =
          BuiltImage.of(
              List.of(new LayerBlob(tar, TarBuilder.index(layer))),
              scratch.resolve("metadata-" + all));
      for (Provider provider : Provider.values()) {
        if (provider.keepsAll() == all && (FULL || QUICK.contains(provider))) {
          isShownBy(provider, image, links, otherLinks);
        }
      }
    }
  }

  private void isShownBy(Provider provider, BuiltImage image, int links, int otherLinks)
      throws IOException {
    Path own = Files.createDirectory(scratch.resolve(provider.name()));
    try (Provider.Shown shown = provider.show(image, own)) {
      Map<String, TreeEntry> found = shown.root().children().get("d").children();
      assertEquals(ENTRIES, found.size(), provider.title());
      for (int entry = 0; entry < ENTRIES; entry++) {
        assertTrue(found.containsKey(name(entry)), name(entry));
      }
      // of the files themselves a prime step's
      for (int entry = 0; entry < ENTRIES; entry += entry == 0 ? 1 : 211) {
        TreeEntry file = found.get(name(entry));
        String where = provider + ", " + name(entry);
        boolean first = entry == 0 || (entry > 1 && entry < links);
        boolean other = entry == 1 || (entry >= links && entry < links + otherLinks);
        int names = first ? links - 1 : other ? otherLinks + 1 : 1;
        assertEquals(names, file.attributes().links(), where);
        try (InputStream in = file.open()) {
          String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          assertEquals("text " + (first ? 0 : other ? 1 : entry), text, where);
        }
      }
    }
  }
}
