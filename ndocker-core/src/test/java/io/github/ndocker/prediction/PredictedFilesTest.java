package io.github.ndocker.prediction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.StartCommand;
import io.github.ndocker.hotfile.MemoryImage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictedFilesTest {
  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  static byte[] program(String... needed) {
    return new ElfBuilder().interpreter(LOADER).needs(needed).bytes();
  }

  /** An image with a shell and a C library, merged {@code /usr} as most have it. */
  static MemoryImage image() {
    byte[] library = new ElfBuilder().bytes();
    return new MemoryImage()
        .link("/bin", "usr/bin")
        .link("/lib64", "usr/lib64")
        .file("/usr/lib64/ld-linux-x86-64.so.2", library)
        .file("/usr/lib/x86_64-linux-gnu/libc.so.6", library)
        .file("/usr/bin/dash", program("libc.so.6"))
        .link("/usr/bin/sh", "dash")
        .file("/etc/ld.so.cache", "cache")
        .file("/etc/passwd", "root:x:0:0")
        // nobody reads it; room for what somebody does
        .file("/usr/share/unused", new byte[4 << 20]);
  }

  private static List<String> predicted(MemoryImage image, String directory, String... command)
      throws IOException {
    return predict(image, directory, List.of(), command).files().stream()
        .map(HotFile::path)
        .toList();
  }

  static HotSet predict(
      MemoryImage image, String directory, List<String> environment, String... command)
      throws IOException {
    ImageEvidence evidence =
        new ImageEvidence(List.of(), List.of(), Optional.empty())
            .with(new StartCommand(List.of(command), environment, directory))
            .with(image);
    return new PredictedFiles().detect(evidence);
  }

  private static void assertHas(List<String> files, String... wanted) {
    for (String path : wanted) {
      assertTrue(files.contains(path), path + " in " + files);
    }
  }

  @Test
  void aProgramIsFoundThroughThePathWithItsLoaderAndAllLibraries() throws IOException {
    MemoryImage image =
        image()
            .file(
                "/opt/x/bin/server",
                new ElfBuilder()
                    .interpreter(LOADER)
                    .needs("libone.so")
                    .runPath("$ORIGIN/../lib")
                    .bytes())
            .file("/opt/x/lib/libone.so", new ElfBuilder().needs("libtwo.so", "libc.so.6").bytes())
            .file("/usr/local/lib/special/libtwo.so", new ElfBuilder().bytes())
            .file("/etc/ld.so.conf", "include ld.so.conf.d/*.conf\n")
            .file("/etc/ld.so.conf.d/special.conf", "# ours\n/usr/local/lib/special\n");
    List<String> files =
        predict(image, "", List.of("PATH=/nowhere::/opt/x/bin"), "server").files().stream()
            .map(HotFile::path)
            .toList();
    assertHas(
        files,
        "/opt/x/bin/server",
        "/opt/x/lib/libone.so",
        "/usr/local/lib/special/libtwo.so",
        "/usr/lib/x86_64-linux-gnu/libc.so.6",
        "/usr/lib64/ld-linux-x86-64.so.2",
        "/etc/ld.so.cache",
        "/etc/passwd");
    assertFalse(files.contains("/usr/share/unused"));
    assertTrue(files.indexOf("/opt/x/bin/server") < files.indexOf("/opt/x/lib/libone.so"));
  }

  @Test
  void scriptsAreFollowedThroughInterpretersSourcesAndTheirOwnArguments() throws IOException {
    MemoryImage image =
        image()
            .file("/usr/bin/env", program("libc.so.6"))
            .file("/usr/bin/mkdir", program())
            .file("/usr/bin/never", program())
            .file("/usr/sbin/server", new ElfBuilder().constants("/etc/server.conf").bytes())
            .file("/etc/default/server", "OPTIONS=x\n")
            .file("/etc/server.conf", "include /etc/server.d/*.conf;\n# /etc/comment.conf\n")
            .file("/etc/server.d/one.conf", "x")
            .file("/etc/comment.conf", "x")
            .file(
                "/usr/local/bin/entry.sh",
                """
                #!/usr/bin/env -S sh -e
                # never
                . /etc/default/server
                if true; then mkdir -p "$DATA"; fi
                echo never
                exec "$@"
                """);
    List<String> files = predicted(image, "", "entry.sh", "server");
    assertHas(
        files,
        "/usr/local/bin/entry.sh",
        "/usr/bin/env",
        "/usr/bin/dash",
        "/etc/default/server",
        "/usr/bin/mkdir",
        "/usr/sbin/server",
        "/etc/server.conf",
        "/etc/server.d/one.conf");
    assertFalse(files.contains("/usr/bin/never"), files.toString());
    assertFalse(files.contains("/etc/comment.conf"), files.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sh -c 'exec  server --flag'",
        "sh -c 'cd /srv && HOME=/x server'",
        "sh -ec 'if [ -z x ]; then server; fi'",
        "sh -c '$(server --version)'",
        "sh -c 'gosu nobody server'",
        "env A=b server",
        "sh -c '${SERVER:-server} -x'",
        "./server",
        "../bin/server"
      })
  void aCommandInAnySpellingIsFound(String command) throws IOException {
    MemoryImage image =
        image()
            .file("/usr/bin/env", program())
            .file("/usr/bin/gosu", program())
            .file("/usr/bin/server", program());
    String text = command.replace("'", "\u0001");
    String[] words = text.contains("\u0001") ? quoted(text) : text.split(" ", -1);
    assertHas(predicted(image, "/usr/bin", words), "/usr/bin/server");
  }

  private static String[] quoted(String text) {
    String[] parts = text.split("\u0001", -1);
    String[] words = parts[0].strip().split(" ", -1);
    String[] all = new String[words.length + 1];
    System.arraycopy(words, 0, all, 0, words.length);
    all[words.length] = parts[1];
    return all;
  }

  @Test
  void pythonReadsWhatItImportsInItsCompiledForm() throws IOException {
    MemoryImage image =
        image()
            .file("/usr/local/bin/python3.11", program("libc.so.6"))
            .link("/usr/local/bin/python3", "python3.11")
            .file("/usr/local/lib/python3.11/os.py", "import abc\n")
            .file("/usr/local/lib/python3.11/abc.py", "x")
            .file("/usr/local/lib/python3.11/later.py", "")
            .file("/usr/local/lib/python3.11/__pycache__/os.cpython-311.pyc", "compiled")
            .file("/usr/local/lib/python3.11/site-packages/web/__init__.py", "from . import core\n")
            .file("/usr/local/lib/python3.11/site-packages/web/core.py", "from .deep import a, b\n")
            .file("/usr/local/lib/python3.11/site-packages/web/deep/__init__.py", "")
            .file(
                "/usr/local/lib/python3.11/site-packages/web/deep/b.cpython-311-x86_64-linux-gnu.so",
                new ElfBuilder().needs("libc.so.6").bytes())
            .file(
                "/app/main.py",
                "import os, sys\nfrom web import core\nSETTINGS = 'settings.prod'\n")
            .file("/app/settings/__init__.py", "")
            .file("/app/settings/prod.py", "def f():\n    import later\n");
    String library = "/usr/local/lib/python3.11/";
    List<String> files = predicted(image, "/app", "python3", "-u", "main.py");
    assertHas(
        files,
        "/app/main.py",
        library + "__pycache__/os.cpython-311.pyc",
        library + "abc.py",
        library + "site-packages/web/__init__.py",
        library + "site-packages/web/core.py",
        library + "site-packages/web/deep/b.cpython-311-x86_64-linux-gnu.so",
        "/app/settings/prod.py");
    assertFalse(files.contains(library + "os.py"), "only looked at, never read");
  }

  @Test
  void nodeReadsPackages() throws IOException {
    MemoryImage image =
        image()
            .file("/usr/local/bin/node", program())
            .file("/app/server.js", "const x = require('one'); import('./lib/two');\n")
            .file("/app/lib/two.js", "export default 1")
            .file("/app/node_modules/one/package.json", "{\"main\": \"dist/main.js\"}")
            .file("/app/node_modules/one/dist/main.js", "require(\"@s/three\")")
            .file("/app/node_modules/@s/three/index.js", "x");
    assertHas(
        predicted(image, "/app", "node", "server.js"),
        "/app/server.js",
        "/app/lib/two.js",
        "/app/node_modules/one/package.json",
        "/app/node_modules/one/dist/main.js",
        "/app/node_modules/@s/three/index.js");
  }

  @Test
  void javaReadsItsMachineAndTheArchivesOfItsClassPath() throws IOException {
    MemoryImage image =
        image()
            .file("/opt/java/openjdk/bin/java", program())
            .file("/opt/java/openjdk/lib/server/libjvm.so", new ElfBuilder().bytes())
            .file("/opt/java/openjdk/lib/modules", new byte[9000])
            .file("/opt/java/openjdk/conf/security/java.security", "x")
            .file("/app/lib/a.jar", new byte[2000])
            .file("/app/classes/demo/Demo.class", "x");
    assertHas(
        predict(
                image,
                "/app",
                List.of("PATH=/opt/java/openjdk/bin"),
                "java",
                "-Xmx1g",
                "-cp",
                "classes:/app/lib/*",
                "demo.Demo")
            .files()
            .stream()
            .map(HotFile::path)
            .toList(),
        "/opt/java/openjdk/bin/java",
        "/opt/java/openjdk/lib/server/libjvm.so",
        "/opt/java/openjdk/lib/modules",
        "/opt/java/openjdk/conf/security/java.security",
        "/app/lib/a.jar",
        "/app/classes/demo/Demo.class");
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.002, 0.1, 0.25, 1})
  void theBudgetHolds(double share) throws IOException {
    MemoryImage image =
        image().file("/usr/bin/large", new ElfBuilder().codePages(3000).constants("x").bytes());
    ImageEvidence evidence =
        new ImageEvidence(List.of(), List.of(), Optional.empty())
            .with(new StartCommand(List.of("large"), List.of(), ""))
            .with(image);
    List<HotFile> files = new PredictedFiles(share).detect(evidence).files();
    long bytes = files.stream().mapToLong(HotFile::bytes).sum();
    assertTrue(bytes <= image.bytes() * share, bytes + " of " + image.bytes());
    assertEquals(share == 0, files.isEmpty(), files.toString());
  }

  @Test
  void withoutFilesOrWithoutACommandThereIsNoPrediction() throws IOException {
    ImageEvidence nothing = new ImageEvidence(List.of(), List.of(), Optional.empty());
    assertEquals(List.of(), new PredictedFiles().detect(nothing).files());
    assertEquals(List.of(), new PredictedFiles().detect(nothing.with(image())).files());
    assertEquals(0, predict(image(), "", List.of(), "missing").layers().size());
  }
}
