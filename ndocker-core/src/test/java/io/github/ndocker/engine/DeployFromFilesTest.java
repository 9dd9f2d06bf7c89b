package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.registry.Credentials;
import io.github.ndocker.registry.DockerRegistry;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.registry.Skopeo;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.source.ArchiveSpool;
import io.github.ndocker.source.Archives;
import io.github.ndocker.source.ImageArchive;
import io.github.ndocker.source.ImageSource;
import io.github.ndocker.source.MissingImageException;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.trust.SigningKey;
import io.github.ndocker.trust.TrustPolicies;
import io.github.ndocker.trust.TrustPolicy;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An image is the same from wherever it comes. */
class DeployFromFilesTest {
  private static final DeploymentListener NOBODY = progress -> {};
  private static final long PLENTY = 1L << 32;

  @TempDir Path directory;

  /** What a deployment made: the image's identity, and blobs by name with their sizes. */
  private record Deployed(ChainId chain, Map<String, Long> blobs) {}

  private Deployed deploy(String host, Pipeline pipeline, ImageReference image, ImageSource source)
      throws IOException {
    Host on = Host.in(directory.resolve(host)).withPipeline(pipeline);
    try (NDocker engine = on.builder().placement(new AllSlow()).open()) {
      engine.deploy(image, source, NOBODY);
      return new Deployed(engine.inspect(image).chainId(), blobs(on));
    }
  }

  private static Map<String, Long> blobs(Host host) throws IOException {
    Map<String, Long> blobs = new TreeMap<>();
    try (Stream<Path> files = Files.list(host.slow().resolve("blobs/sha256"))) {
      for (Path file : files.toList()) {
        if (!Host.isRecord(file)) {
          blobs.put(String.valueOf(file.getFileName()), Files.size(file));
        }
      }
    }
    return blobs;
  }

  private ArchiveSpool spool() throws IOException {
    return new ArchiveSpool(Files.createDirectories(directory.resolve("spool")), PLENTY);
  }

  private void isTheSameFromEverywhere(Path layout, String tag, Pipeline pipeline)
      throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "needs docker-registry and skopeo");
    String from = "oci:" + layout + ":" + tag;
    Path copied = directory.resolve("copied");
    Path ociArchive = directory.resolve("oci.tar");
    Path dockerArchive = directory.resolve("docker.tar");
    Skopeo.copy(from, "oci:" + copied + ":" + tag);
    Skopeo.copy(from, "oci-archive:" + ociArchive + ":" + tag);
    Skopeo.copy(from, "docker-archive:" + dockerArchive + ":" + tag + ":latest");
    ImageReference name = ImageReference.parse(tag);
    Deployed served;
    try (DockerRegistry registry = DockerRegistry.start()) {
      served = deploy("registry", pipeline, registry.push(layout, tag), Host.impatient());
    }
    assertEquals(served, deploy("layout", pipeline, name, OciLayout.open(copied)));
    try (ImageArchive archive = ImageArchive.open(ociArchive, spool())) {
      assertEquals(served, deploy("oci", pipeline, name, archive));
    }
    try (ImageArchive archive = ImageArchive.open(dockerArchive, spool())) {
      assertEquals(served, deploy("docker", pipeline, name, archive));
    }
    try (InputStream stream = Files.newInputStream(dockerArchive);
        ImageArchive archive = ImageArchive.read(stream, spool())) {
      assertEquals(served, deploy("stream", pipeline, name, archive));
    }
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void aTinyImageIsTheSameFromEverywhere(Pipeline pipeline) throws Exception {
    Path layout = TinyImage.threeLayers().writeLayout(directory.resolve("made"));
    isTheSameFromEverywhere(layout, TinyImage.TAG, pipeline);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void aRealImageIsTheSameFromEverywhere(Pipeline pipeline) throws Exception {
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "needs the images of make-images");
    isTheSameFromEverywhere(Path.of(images, "oci"), "redis", pipeline);
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void anOldArchiveWithALayerTwiceIsDeployedFromACompressedStream(Pipeline pipeline)
      throws IOException {
    TinyLayer base = TinyLayer.ofTexts("ADD base", Map.of("a", "a"));
    TinyLayer other = TinyLayer.ofTexts("ADD other", Map.of("b", "b"));
    TinyImage image = TinyImage.of(java.util.List.of(base, other, base));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Archives.saved(image, "tiny:latest").finished());
    }
    Host host = Host.in(directory).withPipeline(pipeline);
    try (ImageArchive archive =
            ImageArchive.read(new ByteArrayInputStream(packed.toByteArray()), spool());
        NDocker engine = host.open()) {
      engine.deploy(ImageReference.parse("tiny"), archive, NOBODY);
      engine.deploy(ImageReference.parse("tiny"), archive, NOBODY);
    }
    assertTrue(host.holds(image));
  }

  @ParameterizedTest
  @EnumSource(Pipeline.class)
  void aLayerThatWasChangedInAnArchiveIsNotStored(Pipeline pipeline) throws IOException {
    TinyImage image = TinyImage.threeLayers();
    byte[] tar = Archives.saved(image.withWrongDiffId(2), "tiny:latest").finished();
    Path layout = image.writeLayout(directory.resolve("layout"));
    Path blob = layout.resolve("blobs/sha256").resolve(image.layers().get(2).digest().hex());
    byte[] changed = Files.readAllBytes(blob);
    changed[changed.length / 2] ^= 1;
    Files.write(blob, changed);
    Host host = Host.in(directory.resolve("host")).withPipeline(pipeline);
    try (ImageArchive archive = ImageArchive.read(new ByteArrayInputStream(tar), spool());
        NDocker engine = host.open()) {
      Map<String, Long> before = host.files();
      ImageReference name = ImageReference.parse("tiny");
      assertThrows(DigestMismatchException.class, () -> engine.deploy(name, archive, NOBODY));
      assertEquals(before, host.files());
      OciLayout directoryWithIt = OciLayout.open(layout);
      assertThrows(
          DigestMismatchException.class, () -> engine.deploy(name, directoryWithIt, NOBODY));
      assertEquals(before, host.files());
      assertEquals(java.util.List.of(), engine.images());
    }
  }

  @Test
  void anImageThatIsNotInTheArchiveIsNotLookedForElsewhere() throws IOException {
    byte[] tar = Archives.saved(TinyImage.threeLayers(), "tiny:latest").finished();
    try (ImageArchive archive = ImageArchive.read(new ByteArrayInputStream(tar), spool());
        NDocker engine = Host.in(directory.resolve("host")).open()) {
      MissingImageException missing =
          assertThrows(
              MissingImageException.class,
              () -> engine.deploy(ImageReference.parse("large"), archive, NOBODY));
      assertTrue(missing.getMessage().endsWith("it holds tiny:latest"), missing.getMessage());
    }
  }

  @Test
  void aNameWhoseImagesMustBeSignedIsNotGivenToAFile() throws Exception {
    ImageReference image = ImageReference.parse("registry.example.org/signed/tiny");
    TrustPolicies policies =
        TrustPolicies.of(TrustPolicy.acceptAny())
            .with(
                "registry.example.org/signed",
                TrustPolicy.signedBy(List.of(SigningKey.ecdsa().trusted())));
    OciLayout layout =
        OciLayout.open(TinyImage.threeLayers().writeLayout(directory.resolve("layout")));
    try (NDocker engine =
        Host.in(directory.resolve("host"))
            .builder()
            .registry(
                new RegistryClient(
                    RegistryOptions.defaults().withTrust(policies), Credentials.anonymous()))
            .open()) {
      UntrustedSourceException e =
          assertThrows(UntrustedSourceException.class, () -> engine.deploy(image, layout, NOBODY));
      assertEquals(image, e.reference());
      assertEquals(List.of(), engine.images());
    }
  }
}
