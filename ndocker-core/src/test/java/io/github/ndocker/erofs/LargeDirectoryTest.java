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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory of 200,000 entries, most of which are hard links to two files. */
class LargeDirectoryTest {
  private static final int ENTRIES = 200_000;

  /** More links than a compact inode can count: 16 bits. */
  private static final int LINKS = 70_000;

  private static final int OTHER_LINKS = 110_000;

  @TempDir Path scratch;

  private static String name(int entry) {
    return "entry-" + Integer.toString(entry * 7919, 36) + "-" + entry;
  }

  private static byte[] layer() {
    TarBuilder tar = new TarBuilder().directory("d");
    for (int entry = 0; entry < ENTRIES; entry++) {
      String path = "d/" + name(entry);
      if (entry > 1 && entry < LINKS) {
        tar.hardLink(path, "d/" + name(0));
      } else if (entry >= LINKS && entry < LINKS + OTHER_LINKS) {
        tar.hardLink(path, "d/" + name(1));
      } else {
        tar.file(path, "text " + entry);
      }
    }
    return tar.finished();
  }

  @Test
  void isShownByEveryProvider() throws IOException {
    LoopMount.assumePossible();
    byte[] layer = layer();
    Path tar = Files.write(scratch.resolve("layer"), layer);
    BuiltImage image =
        BuiltImage.of(
            List.of(new LayerBlob(tar, TarBuilder.index(layer))), scratch.resolve("metadata"));
    for (Provider provider : Provider.values()) {
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
          boolean first = entry == 0 || (entry > 1 && entry < LINKS);
          boolean other = entry == 1 || (entry >= LINKS && entry < LINKS + OTHER_LINKS);
          int links = first ? LINKS - 1 : other ? OTHER_LINKS + 1 : 1;
          assertEquals(links, file.attributes().links(), where);
          try (InputStream in = file.open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals("text " + (first ? 0 : other ? 1 : entry), text, where);
          }
        }
      }
    }
  }
}
