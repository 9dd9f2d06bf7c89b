package io.github.ndocker.hotfile;

import static io.github.ndocker.hotfile.LayerClass.APPLICATION;
import static io.github.ndocker.hotfile.LayerClass.CONFIGURATION;
import static io.github.ndocker.hotfile.LayerClass.DISTRIBUTION;
import static io.github.ndocker.hotfile.LayerClass.EXECUTION_ENGINE;
import static io.github.ndocker.hotfile.LayerClass.SYSTEM_LIBRARIES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.StartCommand;
import io.github.ndocker.image.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StaticAnalysisTest {
  private static final String BASE = "/bin/sh -c #(nop) ADD file:5e367c617f00 in / ";
  private static final String COPY = "/bin/sh -c #(nop) COPY file:078d1a55 in /opt/app ";

  private final StaticAnalysis analysis = new StaticAnalysis();

  private static String apt(String packages) {
    return "/bin/sh -c apt-get update && apt-get install -y --no-install-recommends "
        + packages
        + " && rm -rf /var/lib/apt/lists/*";
  }

  @Test
  void ofDebianNothingIsHot() throws IOException {
    assertClasses(List.of(BASE), DISTRIBUTION);
    assertEquals(List.of(), hot(List.of(BASE)));
  }

  @Test
  void ofPythonTheInterpreterIsHot() throws IOException {
    List<String> steps =
        List.of(
            BASE,
            apt("ca-certificates curl netbase tzdata"),
            apt("python3 python3-venv libsqlite3-0 libexpat1 libffi8 mime-support"),
            apt("python3-pip python3-setuptools python3-wheel") + " && pip3 --version",
            "/bin/sh -c cd /usr/local/bin && ln -s /usr/bin/idle3 idle");
    assertClasses(
        steps, DISTRIBUTION, SYSTEM_LIBRARIES, EXECUTION_ENGINE, SYSTEM_LIBRARIES, CONFIGURATION);
    assertEquals(List.of(2), hot(steps));
  }

  @Test
  void ofRedisTheServerAndTheEntrypointAreHot() throws IOException {
    List<String> steps =
        List.of(
            BASE,
            "/bin/sh -c groupadd -r -g 999 redis && useradd -r -g redis -u 999 redis",
            apt("ca-certificates gosu tzdata") + " && gosu nobody true",
            apt("redis-server redis-tools") + " && rm -f /etc/redis/redis.conf",
            "/bin/sh -c mkdir /data && chown redis:redis /data",
            "/bin/sh -c #(nop) COPY file:cb44 in /usr/local/bin/docker-entrypoint.sh ");
    assertClasses(
        steps,
        DISTRIBUTION,
        CONFIGURATION,
        SYSTEM_LIBRARIES,
        EXECUTION_ENGINE,
        CONFIGURATION,
        APPLICATION);
    assertEquals(List.of(3, 5), hot(steps));
  }

  @Test
  void ofNginxTheServerAndItsFilesAreHot() throws IOException {
    assertEquals(
        List.of(2, 3, 4),
        hot(
            List.of(
                BASE,
                apt("ca-certificates curl gettext-base"),
                apt("nginx libnginx-mod-http-image-filter") + " && mkdir /docker-entrypoint.d",
                "/bin/sh -c #(nop) COPY file:078d in /docker-entrypoint.sh ",
                "/bin/sh -c #(nop) COPY file:8a97 in /etc/nginx/conf.d/default.conf ")));
  }

  @Test
  void ofJavaTheMachineAndTheProgramAreHot() throws IOException {
    assertEquals(
        List.of(3, 4),
        hot(
            List.of(
                BASE,
                apt("binutils ca-certificates curl fontconfig locales netbase p11-kit tzdata"),
                "/bin/sh -c mkdir -p /usr/share/man/man1",
                apt("openjdk-17-jre-headless") + " && java -Xshare:dump && java --version",
                COPY)));
  }

  @Test
  void readsTheSpellingsOfBuildKit() throws IOException {
    assertClasses(
        List.of(
            "ADD rootfs.tar.xz / # buildkit",
            "RUN /bin/sh -c apk add --no-cache nodejs # buildkit",
            "RUN |1 VERSION=3 /bin/sh -c set -eux; \\\n  apk add \\\n ca-certificates tzdata ; # buildkit",
            "WORKDIR /app",
            "COPY . /app # buildkit",
            "RUN /bin/sh -c npm ci --omit=dev # buildkit"),
        DISTRIBUTION,
        EXECUTION_ENGINE,
        SYSTEM_LIBRARIES,
        CONFIGURATION,
        APPLICATION,
        APPLICATION);
  }

  @Test
  void recognisesAnEngineThatIsDownloaded() throws IOException {
    assertClasses(
        List.of(
            "# debian.sh --arch 'amd64' out/ 'bookworm'",
            "RUN /bin/sh -c set -eux; wget -O python.tar.xz \"https://x/Python-3.tar.xz\" # buildkit",
            "RUN /bin/sh -c curl -fsSLO https://x/node-v20-linux-x64.tar.xz # buildkit"),
        DISTRIBUTION,
        EXECUTION_ENGINE,
        EXECUTION_ENGINE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python3",
        "python3.11-minimal",
        "openjdk-17-jre-headless",
        "default-jdk",
        "nodejs",
        "ruby3.1",
        "php8.2-fpm",
        "php-cli",
        "perl",
        "golang-go",
        "golang-1.22",
        "dotnet-runtime-8.0",
        "redis-server",
        "postgresql-15",
        "mariadb-server",
        "mysql-server-8.0",
        "memcached",
        "nginx",
        "apache2",
        "haproxy",
        "tomcat10",
        "rabbitmq-server",
        "python3=3.11.2-1"
      })
  void theseAreEngines(String name) throws IOException {
    assertClasses(List.of(BASE, apt("curl " + name)), DISTRIBUTION, EXECUTION_ENGINE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "libpython3-stdlib",
        "python3-pip",
        "libperl5.36",
        "nginx-common-doc",
        "ca-certificates",
        "redis-tools",
        "libnode-dev",
        "make",
        "wget",
        "git",
        "postgresql-client-15",
        "gosu"
      })
  void theseAreNot(String name) throws IOException {
    assertClasses(List.of(BASE, apt("curl " + name)), DISTRIBUTION, SYSTEM_LIBRARIES);
  }

  @Test
  void aHistoryThatDoesNotLineUpIsSaidSo() throws IOException {
    List<ClassifiedLayer> layers =
        analysis.classify(evidence(3, List.of(new HistoryStep(BASE, false))));
    assertEquals(
        List.of(DISTRIBUTION, SYSTEM_LIBRARIES, APPLICATION),
        layers.stream().map(ClassifiedLayer::layerClass).toList());
    assertTrue(
        layers.get(1).evidence().contains("1 steps that made a layer, the image 3 layers"),
        layers.get(1).evidence());
  }

  @Test
  void stepsThatMadeNoLayerAreSkipped() throws IOException {
    List<ClassifiedLayer> layers =
        analysis.classify(
            evidence(
                2,
                List.of(
                    new HistoryStep(BASE, false),
                    new HistoryStep("CMD [\"python3\"]", true),
                    new HistoryStep(apt("python3"), false))));
    assertEquals(EXECUTION_ENGINE, layers.get(1).layerClass());
  }

  @Test
  void aHostileCommandTakesNoEndlessTimeAndNoEndlessStack() throws IOException {
    for (String command :
        List.of(
            "/bin/sh " + "-a ".repeat(20_000),
            "/bin/sh -" + "a".repeat(60_000),
            "RUN a" + " ".repeat(60_000) + "b",
            "RUN apt-get install python3" + ".1".repeat(30_000),
            "RUN apt " + "-a ".repeat(20_000),
            "COPY " + "--a ".repeat(15_000),
            "COPY " + "--a=b ".repeat(10_000) + "x",
            "RUN " + "--a=b ".repeat(10_000) + "x",
            "RUN |1 " + "a /bin/sh ".repeat(6_000),
            "/bin/bash " + "-o pipefail ".repeat(5_000),
            "RUN [\"" + "a\", \"".repeat(10_000),
            "RUN curl " + "cassandra".repeat(7_000))) {
      assertTimeout(
          Duration.ofSeconds(2),
          () -> analysis.classify(evidence(1, List.of(new HistoryStep(command, false)))),
          command.substring(0, 30));
    }
  }

  @Test
  void aProgramOfEndlessVersionTakesNoEndlessStack() throws IOException {
    String copied = "/usr/bin/python3" + ".1.11".repeat(10_000);
    assertClasses(List.of(BASE, "COPY python3 " + copied), DISTRIBUTION, APPLICATION);
    String started = "python3" + ".1.11".repeat(300_000);
    for (List<String> command : List.of(List.of(started), List.of("env", "/usr/bin/" + started))) {
      ImageEvidence evidence =
          evidence(List.of(BASE)).with(new StartCommand(command, List.of(), ""));
      assertEquals(DISTRIBUTION, analysis.classify(evidence).get(0).layerClass());
    }
  }

  @Test
  void anEndlessCommandTakesNoEndlessTime() throws IOException {
    for (String unit :
        List.of("apt-get ", "a", " -x", "pip", "\\\n", "RUN |1 ", "apt-get install x ")) {
      assertEquals(
          1,
          analysis
              .classify(evidence(1, List.of(new HistoryStep(unit.repeat(300_000), false))))
              .size());
    }
  }

  @ParameterizedTest
  @CsvSource({"debian, ''", "python, 2", "redis, 3 5", "nginx, 2 3 4 5", "java, 3 4"})
  void namesTheHotLayersOfRealImages(String tag, String expected) throws IOException {
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "needs the images of make-images");
    Path layout = Path.of(images, "oci");
    ImageConfig config = config(layout, tag);
    List<HotLayer> hot =
        analysis.detect(evidence(config.diffIds().size(), config.history())).layers();
    assertEquals(
        expected, String.join(" ", hot.stream().map(layer -> "" + layer.position()).toList()));
  }

  private static ImageConfig config(Path layout, String tag) throws IOException {
    ObjectMapper json = new ObjectMapper();
    Map<String, String> manifests = new TreeMap<>();
    for (JsonNode entry : json.readTree(layout.resolve("index.json").toFile()).path("manifests")) {
      manifests.put(
          entry.path("annotations").path("org.opencontainers.image.ref.name").asText(),
          entry.path("digest").asText());
    }
    JsonNode manifest = json.readTree(blob(layout, manifests.getOrDefault(tag, "sha256:none")));
    return ImageConfig.parse(blob(layout, manifest.path("config").path("digest").asText()), tag);
  }

  private static byte[] blob(Path layout, String digest) throws IOException {
    return Files.readAllBytes(
        layout.resolve("blobs/sha256").resolve(digest.substring("sha256:".length())));
  }

  private void assertClasses(List<String> commands, LayerClass... expected) throws IOException {
    assertEquals(
        List.of(expected),
        analysis.classify(evidence(commands)).stream().map(ClassifiedLayer::layerClass).toList());
  }

  private List<Integer> hot(List<String> commands) throws IOException {
    return analysis.detect(evidence(commands)).layers().stream().map(HotLayer::position).toList();
  }

  private static ImageEvidence evidence(List<String> commands) {
    return evidence(
        commands.size(),
        commands.stream().map(command -> new HistoryStep(command, false)).toList());
  }

  private static ImageEvidence evidence(int count, List<HistoryStep> history) {
    List<Layer> layers = new ArrayList<>();
    Digest digest = Digest.sha256(new byte[32]);
    for (int position = 0; position < count; position++) {
      layers.add(new Layer(position, digest, 1, new DiffId(digest)));
    }
    return new ImageEvidence(layers, history, Optional.empty());
  }
}
