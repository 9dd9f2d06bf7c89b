package io.github.ndocker.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.TinyImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OciLayoutTest extends ImageSourceContractTest {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String IMAGE_NAME = "io.containerd.image.name";

  private TinyImage image;
  private Path root;

  @Override
  ImageSource holding(TinyImage held) throws IOException {
    return OciLayout.open(held.writeLayout(directory.resolve("held")));
  }

  @BeforeEach
  void writeALayout() throws IOException {
    image = TinyImage.withLayers(2, 2, 3_000);
    root = image.writeLayout(directory.resolve("layout"));
  }

  private ResolvedImage resolve(String reference) throws IOException {
    return OciLayout.open(root)
        .resolve(ImageReference.parse(reference), Platform.host(), KnownImages.NONE, () -> false);
  }

  private void name(Map<String, String> annotations) throws IOException {
    Files.write(root.resolve("index.json"), Archives.index(image, annotations));
  }

  private Path blob(Digest digest) {
    return root.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
  }

  private void isFoundBy(String reference) throws IOException {
    assertEquals(image.manifestDigest(), resolve(reference).manifestDigest());
  }

  private void isNotFoundBy(String reference) {
    MissingImageException missing =
        assertThrows(MissingImageException.class, () -> resolve(reference));
    assertTrue(missing.getMessage().startsWith(root.toString()), missing.getMessage());
  }

  @Test
  void aTagAloneIsEnoughOfAName() throws IOException {
    name(Map.of(REF_NAME, "v1"));
    assertEquals(List.of("v1"), OciLayout.open(root).references());
    isFoundBy("example.com/any/thing:v1");
    isNotFoundBy("example.com/any/thing:v2");
  }

  @Test
  void aWholeNameHasToBeTheWholeName() throws IOException {
    name(Map.of(REF_NAME, "example.com/app:v1"));
    isFoundBy("example.com/app:v1");
    isNotFoundBy("example.com/other:v1");
  }

  @Test
  void theNameOfContainerdCountsMoreThanTheTagBesideIt() throws IOException {
    name(Map.of(REF_NAME, "v1", IMAGE_NAME, "example.com/app:v1"));
    assertEquals(List.of("example.com/app:v1"), OciLayout.open(root).references());
    isFoundBy("example.com/app:v1");
    isNotFoundBy("example.com/other:v1");
  }

  @Test
  void theOnlyImageNeedsNoName() throws IOException {
    name(Map.of());
    isFoundBy("example.com/any/thing:v1");
  }

  @Test
  void aDigestNamesAnEntryWhateverItIsCalled() throws IOException {
    isFoundBy("example.com/any/thing@" + image.manifestDigest());
    isNotFoundBy("example.com/any/thing@sha256:" + "1".repeat(64));
  }

  @Test
  void saysWhichNamesThereAre() throws IOException {
    name(Map.of(REF_NAME, "v1", IMAGE_NAME, "example.com/\u001b[31mapp:v1"));
    MissingImageException missing =
        assertThrows(MissingImageException.class, () -> resolve("example.com/other:v1"));
    assertEquals(List.of("example.com/?[31mapp:v1"), missing.names());
    assertTrue(
        missing.getMessage().endsWith("it holds example.com/?[31mapp:v1"), missing.getMessage());
  }

  @Test
  void choosesThePlatformAmongEntriesOfTheSameName() throws IOException {
    TinyImage other = TinyImage.withLayers(1, 1, 10);
    other.writeLayout(root);
    Files.write(
        root.resolve("index.json"),
        Archives.index(
            List.of(
                entry(other, Map.of("os", "linux", "architecture", "sparc")),
                entry(
                    image,
                    Map.of("os", "linux", "architecture", Platform.host().architecture())))));
    isFoundBy("example.com/app:v1");
  }

  private static Map<String, Object> entry(TinyImage image, Map<String, String> platform) {
    Map<String, Object> entry =
        new HashMap<>(TinyImage.descriptor(MediaTypes.OCI_MANIFEST, image.manifest()));
    entry.put("annotations", Map.of(REF_NAME, "v1"));
    if (!platform.isEmpty()) {
      entry.put("platform", platform);
    }
    return entry;
  }

  @Test
  void twoImagesOfTheSameNameAreNotChosenFrom() throws IOException {
    TinyImage other = TinyImage.withLayers(1, 1, 10);
    other.writeLayout(root);
    Files.write(
        root.resolve("index.json"),
        Archives.index(List.of(entry(other, Map.of()), entry(image, Map.of()))));
    MalformedSourceException e =
        assertThrows(MalformedSourceException.class, () -> resolve("example.com/app:v1"));
    assertTrue(e.reason().startsWith("2 images are named"), e.reason());
    isFoundBy("example.com/app@" + image.manifestDigest());
  }

  @Test
  void goesThroughAnIndexInTheLayout() throws IOException {
    byte[] index = image.index();
    Map<String, Object> entry = new HashMap<>(TinyImage.descriptor(MediaTypes.OCI_INDEX, index));
    Files.write(
        root.resolve("blobs/sha256")
            .resolve(entry.get("digest").toString().substring("sha256:".length())),
        index);
    Files.write(root.resolve("index.json"), Archives.index(List.of(entry)));
    isFoundBy("example.com/app:v1");
  }

  @Test
  void understandsSha512() throws Exception {
    String hex =
        java.util.HexFormat.of()
            .formatHex(java.security.MessageDigest.getInstance("SHA-512").digest(image.manifest()));
    Map<String, Object> entry =
        new HashMap<>(TinyImage.descriptor(MediaTypes.OCI_MANIFEST, image.manifest()));
    entry.put("digest", "sha512:" + hex);
    Files.write(root.resolve("index.json"), Archives.index(List.of(entry)));
    Files.createDirectories(root.resolve("blobs/sha512"));
    Files.move(blob(image.manifestDigest()), root.resolve("blobs/sha512").resolve(hex));
    assertEquals("sha512", resolve("example.com/app:v1").manifestDigest().algorithm());
  }

  // what follows means harm, or is broken

  private <E extends IOException> E isRefused(Class<E> expected, String because) {
    E refused = assertThrows(expected, this::readAll);
    assertTrue(refused.getMessage().contains(because), refused.getMessage());
    assertTrue(refused.getMessage().contains(root.toString()), refused.getMessage());
    return refused;
  }

  private List<Long> readAll() throws IOException {
    OciLayout layout = OciLayout.open(root);
    ImageReference reference = ImageReference.parse("tiny");
    ResolvedImage resolved =
        layout.resolve(reference, Platform.host(), KnownImages.NONE, () -> false);
    List<Long> lengths = new ArrayList<>();
    for (Layer layer : resolved.layers()) {
      try (InputStream raw = layout.open(reference, layer, bytes -> {}, () -> false)) {
        lengths.add((long) raw.readAllBytes().length);
      }
    }
    return lengths;
  }

  private void change(Path file, UnaryOperator<byte[]> change) throws IOException {
    Files.write(file, change.apply(Files.readAllBytes(file)));
  }

  private static byte[] flipped(byte[] bytes) {
    bytes[bytes.length / 2] ^= 1;
    return bytes;
  }

  @Test
  void aLayerOfOtherBytesHasNoEnd() throws IOException {
    change(blob(image.layers().get(1).digest()), OciLayoutTest::flipped);
    DigestMismatchException e = isRefused(DigestMismatchException.class, "layer 1");
    assertEquals(image.layers().get(1).digest(), e.expected());
  }

  @Test
  void aLayerThatIsTooLongOrTooShortIsNotOpened() throws IOException {
    Path layer = blob(image.layers().get(1).digest());
    change(layer, bytes -> java.util.Arrays.copyOf(bytes, bytes.length - 1));
    isRefused(MalformedSourceException.class, "its manifest says");
    change(layer, bytes -> java.util.Arrays.copyOf(bytes, bytes.length + 2));
    isRefused(MalformedSourceException.class, "its manifest says");
  }

  @Test
  void aManifestOfOtherBytesIsRefused() throws IOException {
    Path manifest = blob(image.manifestDigest());
    change(manifest, OciLayoutTest::flipped);
    assertThrows(DigestMismatchException.class, this::readAll);
    change(manifest, bytes -> java.util.Arrays.copyOf(bytes, bytes.length + 1));
    assertThrows(MalformedManifestException.class, this::readAll);
  }

  @Test
  void aConfigurationOfOtherBytesIsRefused() throws IOException {
    for (Digest digest : image.blobs().keySet()) {
      if (image.positionOf(digest).isEmpty()) {
        change(blob(digest), OciLayoutTest::flipped);
      }
    }
    assertThrows(DigestMismatchException.class, this::readAll);
  }

  @Test
  void aMissingBlobIsNamed() throws IOException {
    Files.delete(blob(image.layers().get(0).digest()));
    isRefused(MalformedSourceException.class, image.layers().get(0).digest().hex());
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws IOException {
    Path layer = blob(image.layers().get(0).digest());
    Path outside = directory.resolve("outside");
    Files.move(layer, outside);
    Files.createSymbolicLink(layer, outside);
    isRefused(MalformedSourceException.class, "symbolic link");
  }

  @Test
  void aDirectoryThatIsASymbolicLinkIsNotFollowed() throws IOException {
    Path outside = directory.resolve("outside");
    Files.move(root.resolve("blobs"), outside);
    Files.createSymbolicLink(root.resolve("blobs"), outside);
    isRefused(MalformedSourceException.class, "symbolic link");
  }

  @Test
  void aDigestThatIsAPathIsRefused() throws IOException {
    Files.writeString(
        root.resolve("index.json"),
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"%s\",\"size\":1,"
                .formatted(MediaTypes.OCI_MANIFEST)
            + "\"digest\":\"sha256:../../../../etc/passwd\"}]}");
    isRefused(MalformedManifestException.class, "not a sha256 or sha512 digest");
  }

  @Test
  void aNamedPipeIsNotWaitedFor() throws Exception {
    Path layer = blob(image.layers().get(0).digest());
    Files.delete(layer);
    assertEquals(0, new ProcessBuilder("mkfifo", layer.toString()).start().waitFor());
    isRefused(MalformedSourceException.class, "no regular file");
  }

  @Test
  void anIndexOfAGigabyteIsNotRead() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(root.resolve("index.json").toFile(), "rw")) {
      file.setLength(1L << 30);
    }
    isRefused(MalformedSourceException.class, "at most 4194304 are read");
  }

  @Test
  void aManifestThatClaimsAGigabyteIsNotRead() throws IOException {
    Map<String, Object> entry = entry(image, Map.of());
    entry.put("size", 1L << 30);
    Files.write(root.resolve("index.json"), Archives.index(List.of(entry)));
    MalformedManifestException e =
        assertThrows(MalformedManifestException.class, () -> resolve("example.com/app:v1"));
    assertTrue(e.reason().contains("at most 4194304 are read"), e.reason());
  }

  @Test
  void aDirectoryWithoutAMarkerIsNoLayout() throws IOException {
    Files.delete(root.resolve("oci-layout"));
    isRefused(MalformedSourceException.class, "has no file oci-layout");
    Files.writeString(root.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");
    isRefused(MalformedManifestException.class, "version '2.0.0'");
  }

  /** The hash of nothing is what a hash has that was taken already. */
  @Test
  void aLayerThatWasWrongStaysWrong() throws IOException {
    Digest nothing = Digest.sha256(hash(new byte[0]));
    Files.write(blob(nothing), new byte[] {1, 2, 3});
    Layer layer = new Layer(0, nothing, 3, new DiffId(nothing));
    try (InputStream in =
        OciLayout.open(root)
            .open(ImageReference.parse("tiny"), layer, arrived -> {}, () -> false)) {
      assertEquals(3, in.readNBytes(3).length);
      assertThrows(DigestMismatchException.class, in::read);
      assertThrows(IOException.class, in::read);
    }
  }

  private static byte[] hash(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
