package io.github.ndocker.source;

import static io.github.ndocker.source.Archives.JSON;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract and more, for what {@code docker save} writes. */
class DockerSaveTest extends ImageSourceContractTest {
  private ImageArchive archive;

  @Override
  ImageSource holding(TinyImage image) throws IOException {
    return open(Archives.saved(image, "tiny:latest"));
  }

  private ImageArchive open(TarBuilder tar) throws IOException {
    close();
    java.nio.file.Path file = directory.resolve("saved.tar");
    Files.write(file, tar.finished());
    archive = ImageArchive.open(file, new ArchiveSpool(directory, 1 << 20));
    return archive;
  }

  @AfterEach
  void close() throws IOException {
    if (archive != null) {
      archive.close();
    }
  }

  private ResolvedImage resolve(String reference) throws IOException {
    return archive.resolve(
        ImageReference.parse(reference), Platform.host(), KnownImages.NONE, () -> false);
  }

  @Test
  void makesTheSameManifestWhateverTheOrderAndTheNames() throws IOException {
    TinyImage image = TinyImage.withLayers(2, 1, 100);
    ResolvedImage one = resolve(open(Archives.saved(image, "a:1")), "a:1");
    TarBuilder other = new TarBuilder();
    other.entry('0', "m", "", image.config());
    other.entry('0', "y/layer.tar", "", image.layers().get(1).tar());
    other.entry('0', "x/layer.tar", "", image.layers().get(0).tar());
    other.entry(
        '0',
        "manifest.json",
        "",
        Archives.manifest("m", List.of("x/layer.tar", "y/layer.tar"), "b:2"));
    ResolvedImage two = resolve(open(other), "b:2");
    assertArrayEquals(one.rawManifest(), two.rawManifest());
    assertEquals(one.manifestDigest(), two.manifestDigest());
  }

  private ResolvedImage resolve(ImageArchive opened, String reference) throws IOException {
    assertEquals(archive, opened);
    return resolve(reference);
  }

  @Test
  void theManifestHasTheFormThatIsPromised() throws IOException {
    TinyLayer layer = TinyLayer.ofTexts("COPY a /", Map.of("a", "a"));
    TinyImage image = TinyImage.of(List.of(layer));
    open(Archives.saved(image, "a:1"));
    assertEquals(
        ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                + "\"digest\":\"%s\",\"size\":%d},"
                + "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
                + "\"digest\":\"%s\",\"size\":%d}]}")
            .formatted(
                TinyLayer.sha256(image.config()),
                image.config().length,
                layer.diffId(),
                layer.tar().length),
        new String(resolve("a:1").rawManifest(), java.nio.charset.StandardCharsets.UTF_8));
  }

  @Test
  void tellsHowALayerIsCompressedByReading() throws IOException {
    TinyImage image = TinyImage.withLayers(2, 1, 100);
    TarBuilder tar = new TarBuilder();
    tar.entry('0', "config", "", image.config());
    tar.entry('0', "0", "", image.layers().get(0).compressed());
    tar.entry('0', "1", "", com.github.luben.zstd.Zstd.compress(image.layers().get(1).tar()));
    tar.entry('0', "manifest.json", "", Archives.manifest("config", List.of("0", "1"), "a:1"));
    open(tar);
    JsonNode layers = JSON.readTree(resolve("a:1").rawManifest()).get("layers");
    assertTrue(layers.get(0).get("mediaType").asText().endsWith("tar+gzip"));
    assertTrue(layers.get(1).get("mediaType").asText().endsWith("tar+zstd"));
    assertEquals(image.layers().get(0).digest().toString(), layers.get(0).get("digest").asText());
  }

  @Test
  void aLayerThatComesTwiceIsALink() throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base", Map.of("a", "a"));
    TinyImage image = TinyImage.of(List.of(base, base));
    open(Archives.saved(image, "a:1"));
    ResolvedImage resolved = resolve("a:1");
    Layer second = resolved.layers().get(1);
    assertEquals(base.tar().length, second.compressedBytes());
    try (InputStream tar =
        archive.open(ImageReference.parse("a:1"), second, bytes -> {}, () -> false)) {
      assertArrayEquals(base.tar(), tar.readAllBytes());
    }
  }

  @Test
  void manyLinksToALayerCostNoMoreThanTheLayer() throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base", Map.of("a", "a"));
    TinyImage image = TinyImage.of(Collections.nCopies(100, base));
    AtomicInteger asked = new AtomicInteger();
    open(Archives.saved(image, "a:1"));
    ResolvedImage resolved =
        archive.resolve(
            ImageReference.parse("a:1"),
            Platform.host(),
            KnownImages.NONE,
            () -> asked.incrementAndGet() < 0);
    assertEquals(100, resolved.layers().size());
    assertEquals(2, asked.get(), "once to begin, and once for the one piece of the layer");
  }

  @Test
  void aHardLinkBetweenLayersWillDo() throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base", Map.of("a", "a"));
    TinyImage image = TinyImage.of(List.of(base, base));
    TarBuilder tar = new TarBuilder().entry('0', "config", "", image.config());
    tar.entry('0', "0/layer.tar", "", base.tar()).hardLink("1/layer.tar", "0/layer.tar");
    tar.entry(
        '0',
        "manifest.json",
        "",
        Archives.manifest("config", List.of("0/layer.tar", "1/layer.tar"), "a:1"));
    open(tar);
    assertEquals(2, resolve("a:1").layers().size());
  }

  @Test
  void findsAnImageByItsTagsOnly() throws IOException {
    open(Archives.saved(TinyImage.threeLayers(), "a:1", "example.com/b:2"));
    assertEquals(List.of("a:1", "example.com/b:2"), archive.references());
    assertEquals(resolve("a:1").manifestDigest(), resolve("example.com/b:2").manifestDigest());
    MissingImageException missing =
        assertThrows(MissingImageException.class, () -> resolve("example.com/b:1"));
    assertEquals(List.of("a:1", "example.com/b:2"), missing.names());
  }

  @Test
  void anImageWithoutATagIsTakenIfItIsTheOnlyOne() throws IOException {
    open(Archives.saved(TinyImage.threeLayers()));
    assertEquals(3, resolve("example.com/any:1").layers().size());
  }

  @Test
  void aPinnedImageMustHaveTheDigestOfItsManifest() throws IOException {
    open(Archives.saved(TinyImage.threeLayers(), "a:1"));
    String digest = resolve("a:1").manifestDigest().toString();
    assertEquals(3, resolve("a:1@" + digest).layers().size());
    assertThrows(DigestMismatchException.class, () -> resolve("a:1@sha256:" + "1".repeat(64)));
  }

  @Test
  void theNewFormIsReadAsTheLayoutThatItIs() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    java.nio.file.Path layout = image.writeLayout(directory.resolve("new"));
    Files.write(
        layout.resolve("index.json"),
        Archives.index(
            image,
            Map.of(
                "io.containerd.image.name",
                "docker.io/library/a:1",
                "org.opencontainers.image.ref.name",
                "1")));
    TarBuilder tar = Archives.tar(layout);
    List<String> layers =
        image.layers().stream().map(layer -> "blobs/sha256/" + layer.digest().hex()).toList();
    String config = "blobs/sha256/" + TinyLayer.sha256(image.config()).hex();
    tar.entry('0', "manifest.json", "", Archives.manifest(config, layers, "a:1", "b:1"));
    open(tar);
    assertEquals(image.manifestDigest(), resolve("a:1").manifestDigest());
    // a name that only manifest.json has
    assertEquals(image.manifestDigest().algorithm(), resolve("b:1").manifestDigest().algorithm());
    assertEquals(resolve("a:1").chainId(), resolve("b:1").chainId());
  }
}
