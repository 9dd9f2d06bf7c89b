package io.github.ndocker.hotfile;

import static io.github.ndocker.hotfile.LayerClass.APPLICATION;
import static io.github.ndocker.hotfile.LayerClass.CONFIGURATION;
import static io.github.ndocker.hotfile.LayerClass.DISTRIBUTION;
import static io.github.ndocker.hotfile.LayerClass.EXECUTION_ENGINE;
import static io.github.ndocker.hotfile.LayerClass.SYSTEM_LIBRARIES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.StartCommand;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Layers of images whose files are known. */
class LayerContentsClassTest {
  private static final String BASE = "ADD rootfs.tar / # buildkit";

  private static MemoryImage base() {
    return new MemoryImage()
        .file("/etc/os-release", "ID=any")
        .file("/usr/bin/perl", "x".repeat(1000))
        .file("/lib/libc.so", "x".repeat(1000));
  }

  private static List<ClassifiedLayer> classify(
      MemoryImage image, int layers, List<String> command, String... history) throws IOException {
    Digest digest = Digest.sha256(new byte[32]);
    List<Layer> all =
        IntStream.range(0, layers)
            .mapToObj(i -> new Layer(i, digest, 1, new DiffId(digest)))
            .toList();
    List<HistoryStep> steps =
        Arrays.stream(history).map(step -> new HistoryStep(step, false)).toList();
    ImageEvidence evidence =
        new ImageEvidence(
            all,
            steps,
            Optional.empty(),
            Optional.of(new StartCommand(command, List.of(), "")),
            Optional.of(image));
    return new StaticAnalysis().classify(evidence);
  }

  private static List<LayerClass> classes(List<ClassifiedLayer> layers) {
    return layers.stream().map(ClassifiedLayer::layerClass).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "/usr/local/bin/python3.11, /usr/local/lib/python3.11/os.py, Python",
    "/opt/java/openjdk/bin/java, /opt/java/openjdk/lib/modules, Java",
    "/usr/lib/jvm/java-17-openjdk-amd64/bin/java, /var/lib/dpkg/info/openjdk-17-jre-headless.list, Java",
    "/usr/lib/jvm/java-21-openjdk/bin/java, /lib/apk/db/installed, Java",
    "/usr/bin/node, /usr/lib/sysimage/rpm/rpmdb.sqlite, Node.js",
    "/usr/local/bin/node, /usr/local/lib/node_modules/npm/package.json, Node.js",
    "/usr/bin/ruby3.1, /var/lib/dpkg/info/ruby3.1.list, Ruby",
    "/usr/bin/php82, /lib/apk/db/installed, PHP",
    "/usr/sbin/php-fpm, /var/lib/rpm/Packages, PHP",
    "/usr/bin/perl, /lib/apk/db/installed, Perl",
    "/usr/local/go/bin/go, /usr/local/go/VERSION, Go",
    "/usr/share/dotnet/dotnet, /usr/share/dotnet/LICENSE.txt, .NET",
    "/usr/lib/postgresql/15/bin/postgres, /var/lib/dpkg/info/postgresql-15.list, PostgreSQL",
    "/usr/sbin/mariadbd, /var/lib/dpkg/info/mariadb-server.list, MariaDB",
    "/usr/sbin/mysqld, /var/lib/rpm/Packages, MySQL",
    "/usr/local/bin/redis-server, /usr/local/bin/redis-cli, Redis",
    "/usr/bin/mongod, /var/lib/dpkg/info/mongodb-org-server.list, MongoDB",
    "/usr/bin/memcached, /lib/apk/db/installed, Memcached",
    "/usr/sbin/nginx, /lib/apk/db/installed, nginx",
    "/usr/sbin/httpd, /var/lib/rpm/Packages, Apache httpd",
    "/usr/local/apache2/bin/httpd, /usr/local/apache2/conf/httpd.conf, Apache httpd",
    "/usr/local/sbin/haproxy, /usr/local/etc/haproxy/errors/400.http, HAProxy",
    "/usr/local/tomcat/bin/catalina.sh, /usr/local/tomcat/lib/catalina.jar, Tomcat"
  })
  void anEngineIsRecognisedByItsProgramInAnyForm(String program, String beside, String engine)
      throws IOException {
    MemoryImage image =
        base().nextLayer().file(program, "x".repeat(5000)).file(beside, "y").nextLayer();
    image.file("/srv/app/main", "z".repeat(100));
    List<ClassifiedLayer> layers = classify(image, 3, List.of());
    assertEquals(List.of(DISTRIBUTION, EXECUTION_ENGINE, APPLICATION), classes(layers));
    assertEquals(program + " is " + engine, layers.get(1).evidence());
  }

  @Test
  void packagesSettingsAndNothingAreToldApartWithoutAHistory() throws IOException {
    MemoryImage image =
        base()
            .nextLayer()
            .file("/usr/lib/libxml2.so", "x".repeat(5000))
            .file("/var/lib/dpkg/info/libxml2.list", "x")
            .nextLayer()
            .file("/etc/app.conf", "x")
            .nextLayer()
            .directory("/data");
    assertEquals(
        List.of(DISTRIBUTION, SYSTEM_LIBRARIES, CONFIGURATION, CONFIGURATION),
        classes(classify(image, 4, List.of())));
  }

  @Test
  void aLanguageThatPackagesBroughtForThemselvesIsNoEngineUnlessItIsStarted() throws IOException {
    MemoryImage image =
        base()
            .nextLayer()
            .file("/usr/bin/git", "x".repeat(5000))
            .file("/usr/bin/python3.11", "x".repeat(5000));
    String history = "RUN /bin/sh -c apt-get install -y git # buildkit";
    assertEquals(
        List.of(DISTRIBUTION, SYSTEM_LIBRARIES),
        classes(classify(image, 2, List.of("git", "daemon"), BASE, history)));
    assertEquals(
        List.of(DISTRIBUTION, EXECUTION_ENGINE),
        classes(classify(image, 2, List.of("python3", "-m", "http.server"), BASE, history)));
  }

  @Test
  void aCommandThatNobodyKnowsIsJudgedByWhatItLeft() throws IOException {
    MemoryImage image = base().nextLayer().file("/opt/app/main", "x".repeat(2 << 20));
    List<ClassifiedLayer> layers = classify(image, 2, List.of(), BASE, "RUN /bin/sh -c ./setup");
    assertEquals(List.of(DISTRIBUTION, APPLICATION), classes(layers));
    assertTrue(layers.get(1).evidence().contains("2.1 MB"), layers.get(1).evidence());
  }

  @Test
  void anImageOfOneLayerIsHotIfItsEngineIsStarted() throws IOException {
    MemoryImage image = base().file("/usr/local/bin/python3.11", "x");
    assertEquals(List.of(EXECUTION_ENGINE), classes(classify(image, 1, List.of("python3"), BASE)));
    assertEquals(List.of(DISTRIBUTION), classes(classify(image, 1, List.of("bash"), BASE)));
  }
}
