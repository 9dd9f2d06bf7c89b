package io.github.ndocker.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HistoryStep;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestDocumentTest {
  private static final String DIGEST = "sha256:" + "ab".repeat(32);
  private static final String CONFIG = descriptor("application/vnd.oci.image.config.v1+json", "10");
  private static final String LAYER =
      descriptor("application/vnd.oci.image.layer.v1.tar+gzip", "20");

  private static String descriptor(String mediaType, String size) {
    return "{'mediaType':'" + mediaType + "','digest':'" + DIGEST + "','size':" + size + "}";
  }

  private static String manifest(String config, String layers) {
    return "{'schemaVersion':2,'config':" + config + ",'layers':[" + layers + "]}";
  }

  private static byte[] json(String singleQuoted) {
    return singleQuoted.replace('\'', '"').getBytes(UTF_8);
  }

  private static ManifestDocument parse(String text, String servedAs)
      throws MalformedManifestException {
    return ManifestDocument.parse(json(text), servedAs, "manifest of x");
  }

  @Test
  void readsAManifest() throws MalformedManifestException {
    Manifest manifest = (Manifest) parse(manifest(CONFIG, LAYER), MediaTypes.OCI_MANIFEST);
    assertEquals(10, manifest.config().size());
    assertEquals(Digest.parse(DIGEST), manifest.layers().get(0).digest());
  }

  @Test
  void prefersThePlatformWithTheVariantThatWasAskedFor() throws MalformedManifestException {
    ImageIndex index =
        (ImageIndex)
            parse(
                "{'schemaVersion':2,'manifests':["
                    + entry("arm", "v6", 1)
                    + ","
                    + entry("arm", "v7", 2)
                    + "]}",
                MediaTypes.DOCKER_LIST);
    assertEquals(2, index.select(new Platform("linux", "arm", "v7")).orElseThrow().size());
    assertEquals(1, index.select(new Platform("linux", "arm", "")).orElseThrow().size());
    assertTrue(index.select(new Platform("linux", "amd64", "")).isEmpty());
    assertEquals("linux/arm/v6, linux/arm/v7", index.platforms());
  }

  private static String entry(String architecture, String variant, int size) {
    String descriptor = descriptor(MediaTypes.OCI_MANIFEST, Integer.toString(size));
    return descriptor.substring(0, descriptor.length() - 1)
        + ",'platform':{'os':'linux','architecture':'"
        + architecture
        + "','variant':'"
        + variant
        + "'}}";
  }

  @Test
  void schema1IsRefusedWithAReason() {
    MalformedManifestException e =
        assertThrows(MalformedManifestException.class, () -> parse("{'schemaVersion':1}", ""));
    assertTrue(e.reason().contains("schema 1"), e.reason());
  }

  @Test
  void aForeignLayerIsRefusedWithAReason() {
    MalformedManifestException e =
        assertThrows(
            MalformedManifestException.class,
            () ->
                parse(
                    manifest(
                        CONFIG,
                        descriptor(
                            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "1")),
                    ""));
    assertTrue(e.reason().contains("foreign"), e.reason());
  }

  @Test
  void aDocumentThatContradictsItsMediaTypeIsRefused() {
    assertThrows(
        MalformedManifestException.class,
        () ->
            parse(
                "{'schemaVersion':2,'mediaType':'" + MediaTypes.OCI_INDEX + "','manifests':[]}",
                MediaTypes.OCI_MANIFEST));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "<html>",
        "{'schemaVersion':2}",
        "{'schemaVersion':'2','layers':[]}",
        "{'schemaVersion':2,'schemaVersion':2,'manifests':[]}",
        "{'schemaVersion':2,'manifests':[],'layers':[]}",
        "{'schemaVersion':2,'manifests':[]} x",
        "{'schemaVersion':2,'manifests':{}}",
        "{'schemaVersion':2,'manifests':[1]}",
        "{'schemaVersion':2,'mediaType':'text/plain','manifests':[]}"
      })
  void whatIsNoManifestIsRefused(String text) {
    assertThrows(MalformedManifestException.class, () -> parse(text, ""));
  }

  @Test
  void layersAndConfigurationMustBeWhatTheyShould() {
    for (String text :
        List.of(
            manifest(CONFIG, ""),
            manifest(CONFIG, descriptor("application/octet-stream", "1")),
            manifest(CONFIG, LAYER.replace("20", "-1")),
            manifest(CONFIG, LAYER.replace("20", "20.5")),
            manifest(CONFIG, LAYER.replace("20", "99999999999999999999999")),
            manifest(CONFIG, LAYER.replace("ab", "AB")),
            manifest(LAYER, LAYER),
            manifest(CONFIG.replace("10", "99999999"), LAYER),
            manifest(CONFIG, (LAYER + ",").repeat(1_000) + LAYER))) {
      assertThrows(MalformedManifestException.class, () -> parse(text, ""), text);
    }
  }

  @Test
  void deepNestingEndsWithoutAStackOverflow() {
    String text = "{'a':".repeat(500_000);
    assertThrows(MalformedManifestException.class, () -> parse(text, ""));
  }

  @Test
  void anImageHasAsManyDiffIdsAsLayers() throws Exception {
    byte[] config =
        json(
            "{'os':'linux','architecture':'amd64','rootfs':{'type':'layers','diff_ids':['"
                + DIGEST
                + "']},'history':[{'created_by':'RUN x'},{'empty_layer':true}],"
                + "'config':{'Env':['A=b'],'Cmd':null,'ExposedPorts':{'80/tcp':{}},"
                + "'Labels':{'a':'b'},'User':'1'}}");
    ImageReference reference = ImageReference.parse("app");
    ResolvedImage image =
        ResolvedImage.of(reference, Digest.parse(DIGEST), json(manifest(CONFIG, LAYER)), config);
    assertEquals(DIGEST, image.chainId().toString());
    assertEquals(
        List.of(new HistoryStep("RUN x", false), new HistoryStep("", true)),
        image.config().history());
    assertEquals(List.of("80/tcp"), image.config().exposedPorts());
    assertEquals(List.of(), image.config().cmd());
    assertThrows(
        MalformedManifestException.class,
        () ->
            ResolvedImage.of(
                reference,
                Digest.parse(DIGEST),
                json(manifest(CONFIG, LAYER + "," + LAYER)),
                config));
  }
}
