package io.github.ndocker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.ImageFile;
import io.github.ndocker.erofs.ImageTree;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenImageTest {
  private static final TinyImage IMAGE =
      image(
          Map.of("base", "of the base", "replaced", "below"),
          Map.of("own", "of the image", "replaced", "above"));

  @TempDir Path directory;

  private static TinyImage image(Map<String, String> below, Map<String, String> above) {
    try {
      return TinyImage.of(
          List.of(TinyLayer.ofTexts("ADD base /", below), TinyLayer.ofTexts("COPY own /", above)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(ImageTree tree, String path) throws IOException {
    ImageFile file = tree.find(ByteString.utf8(path)).orElseThrow();
    ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
    assertEquals(file.size(), tree.read(file, bytes, 0));
    return new String(bytes.array(), UTF_8);
  }

  private static void assertShowsTheImage(ImageTree tree) throws IOException {
    assertEquals("of the base", text(tree, "base"));
    assertEquals("of the image", text(tree, "own"));
    assertEquals("above", text(tree, "replaced"));
  }

  @Test
  void readsFilesWithoutAMount() throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(IMAGE, Fault.NONE);
        NDocker engine = Host.in(directory).open()) {
      engine.deploy(registry.reference(), progress -> {});
      try (ImageTree tree = engine.open(registry.reference())) {
        assertShowsTheImage(tree);
        assertTrue(tree.find(ByteString.utf8("none")).isEmpty());
      }
      engine.remove(registry.reference());
      assertThrows(NotDeployedException.class, () -> engine.open(registry.reference()));
    }
  }

  @Test
  void readsOnWhateverBecomesOfTheImage() throws Exception {
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(IMAGE, Fault.NONE);
        NDocker engine = host.open()) {
      Map<String, Long> empty = host.files();
      engine.deploy(registry.reference(), progress -> {});
      try (ImageTree tree = engine.open(registry.reference())) {
        engine.settle(registry.reference());
        assertShowsTheImage(tree);
        engine.remove(registry.reference());
        assertShowsTheImage(tree);
        assertTrue(engine.usage(Tier.SLOW).usedBytes() > 0, "kept for who reads it");
      }
      engine.gc();
      assertEquals(empty, host.files());
    }
  }
}
