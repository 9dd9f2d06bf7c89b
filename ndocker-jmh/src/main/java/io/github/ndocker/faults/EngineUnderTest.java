package io.github.ndocker.faults;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Profile;
import io.github.ndocker.engine.CheckOptions;
import io.github.ndocker.engine.CheckReport;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.Credentials;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ProfileRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** An engine with small images; the one place that knows how it is opened. */
final class EngineUnderTest implements Closeable {
  private static final List<SmallImage> IMAGES = List.of(SmallImage.ONE, SmallImage.OTHER);
  private static final List<String> WORKLOADS = List.of("first", "second");

  private final Places places;
  private final NDocker engine;

  private EngineUnderTest(Places places, NDocker engine) {
    this.places = places;
    this.engine = engine;
  }

  static EngineUnderTest open(Places places) throws IOException {
    return open(places, false);
  }

  /** Also with a damaged catalogue, which is made again then. */
  static EngineUnderTest repairing(Places places) throws IOException {
    return open(places, true);
  }

  private static EngineUnderTest open(Places places, boolean rebuild) throws IOException {
    return new EngineUnderTest(places, openEngine(places, rebuild));
  }

  /** The engine alone, for other images. */
  static NDocker openEngine(Places places, boolean rebuild) throws IOException {
    BlobTier fast = places.openFast();
    boolean handedOver = false;
    try {
      BlobTier slow = places.openSlow();
      handedOver = true;
      return NDocker.builder(places.state(), fast, slow).rebuildDamagedCatalogue(rebuild).open();
    } finally {
      if (!handedOver) {
        fast.close();
      }
    }
  }

  private static Path layout(Places places) {
    return places.root().resolve("images");
  }

  /** Puts the images where they are deployed from. */
  static void writeLayout(Places places) throws IOException {
    SmallImage.writeLayout(layout(places), IMAGES);
  }

  void deploy(Steps steps) throws IOException {
    for (SmallImage image : IMAGES) {
      steps.take(Journal.PUT, image.name(), () -> deploy(image));
    }
  }

  private void deploy(SmallImage image) throws IOException {
    engine.deploy(image.reference(), OciLayout.open(layout(places)), progress -> {});
  }

  /** What tracing would have found. */
  void trace() throws IOException {
    ChainId chain = engine.inspect(SmallImage.ONE.reference()).chainId();
    close();
    try (Catalogue catalogue = Catalogue.open(places.state())) {
      for (int workload = 0; workload < WORKLOADS.size(); workload++) {
        String name = WORKLOADS.get(workload);
        Profile profile = Profile.ofOneRun(chain, name, true, SmallImage.ONE.hotFiles(workload));
        catalogue.profiles().put(new ProfileRecord(chain, name, ProfileDocument.write(profile)));
      }
    }
  }

  void promote(Steps steps) throws IOException {
    ImageReference image = SmallImage.ONE.reference();
    for (String workload : List.of("first", "second", "first")) {
      steps.take(Journal.KEEP, SmallImage.ONE.name(), () -> engine.promote(image, workload));
    }
    steps.take(Journal.KEEP, SmallImage.ONE.name(), () -> engine.settle(image));
    steps.take(Journal.KEEP, SmallImage.ONE.name(), () -> engine.promote(image, "second"));
  }

  void remove(Steps steps) throws IOException {
    for (SmallImage image : IMAGES) {
      steps.take(Journal.DELETE, image.name(), () -> engine.remove(image.reference()));
    }
  }

  /** Reads every byte, and says what is not right; mends nothing. */
  CheckReport check() throws IOException {
    return engine.check(CheckOptions.quick().deeply());
  }

  /**
   * The same, and mends it from a registry.
   *
   * @param registry stands in for the one that the images are named after
   */
  CheckReport repair(String registry) throws IOException {
    RegistryOptions options =
        RegistryOptions.defaults().withMirrors(SmallImage.REGISTRY, List.of(registry));
    return engine.check(
        CheckOptions.quick()
            .deeply()
            .repairing()
            .from(new RegistryClient(options, Credentials.anonymous())));
  }

  /** Pushes the images to a registry. */
  static void push(Places places, String registry) throws IOException {
    for (SmallImage image : IMAGES) {
      ImageReference reference = image.reference();
      HostCommand.run(
          "skopeo",
          "copy",
          "--quiet",
          "--insecure-policy",
          "--dest-tls-verify=false",
          "oci:" + layout(places) + ":" + reference,
          "docker://" + registry + "/" + reference.repository() + ":1");
    }
  }

  /** Where the hot pack of the first image lies. */
  BlobLocation hotPack() throws IOException {
    return engine.inspect(SmallImage.ONE.reference()).hotPacks().get(0).location();
  }

  /** The deployed images, and whether they show the right files when they are mounted. */
  Map<String, Boolean> images() throws IOException {
    Map<String, Boolean> found = new TreeMap<>();
    for (String reference : engine.images()) {
      SmallImage image = imageOf(reference);
      engine.inspect(image.reference());
      try (RootFilesystem mounted = engine.mount(image.reference())) {
        found.put(image.name(), shows(mounted.image(), image.files()));
      }
    }
    return found;
  }

  private static SmallImage imageOf(String reference) throws IOException {
    for (SmallImage image : IMAGES) {
      if (image.reference().toString().equals(reference)) {
        return image;
      }
    }
    throw new NDockerException("an image that nobody deployed: " + reference);
  }

  private static boolean shows(Path tree, Map<String, byte[]> expected) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(tree)) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(tree.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files.keySet().equals(expected.keySet())
        && files.entrySet().stream()
            .allMatch(file -> Arrays.equals(file.getValue(), expected.get(file.getKey())));
  }

  /** Frees what a crash left, and removes all images. */
  void finish() throws IOException {
    engine.gc();
    for (String reference : engine.images()) {
      engine.remove(ImageReference.parse(reference));
    }
  }

  @Override
  public void close() throws IOException {
    engine.close();
  }
}
