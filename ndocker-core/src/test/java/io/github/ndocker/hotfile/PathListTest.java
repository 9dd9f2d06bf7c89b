package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.layer.TarBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathListTest {
  private static List<String> paths(String list) throws IOException {
    ImageInMemory image =
        new ImageInMemory(
            new TarBuilder()
                .file("usr/bin/python3.11", "elf")
                .symlink("usr/bin/python", "python3.11")
                .symlink("bin", "usr/bin")
                .file("usr/lib/python3.11/os.py", "os")
                .file("usr/lib/python3.11/json/decoder.py", "decoder")
                .file("usr/lib/python3.11/json/decoder.pyc", "compiled")
                .file("usr/lib/python2/os.py", "old")
                .file("odd*name", "x")
                .file("empty", ""),
            new TarBuilder().file("usr/lib/python2/.wh.os.py", "").symlink("loop", "loop"));
    return PathList.parse(list)
        .match(image.tree(), image.origins(), image.chainId(), "w")
        .files()
        .stream()
        .map(ProfiledFile::path)
        .toList();
  }

  @Test
  void findsPathsAndWhatPatternsMatchInTheOrderOfTheLines() throws IOException {
    assertEquals(
        List.of(
            "/usr/lib/python3.11/json/decoder.py",
            "/usr/lib/python3.11/os.py",
            "/usr/bin/python3.11",
            "/odd*name"),
        paths(
            """
            # what python reads
            /usr/lib/python3*/**.py

              /bin/python
            /usr/bin/python3.11
            /nothing/**
            /odd\\*name
            """));
  }

  @ParameterizedTest
  @CsvSource({
    "/a/*, /a/b, true",
    "/a/*, /a/b/c, false",
    "/a/**, /a/b/c, true",
    "/**/c, /a/b/c, true",
    "/**, /a, true",
    "/a?c, /abc, true",
    "/a?c, /a/c, false",
    "/a\\?c, /abc, false",
    "/a\\?c, /a?c, true",
    "/*a*b*, /xaxxb, true",
    "/*a*b*, /xbxxa, false",
    "/a, /a/b, false"
  })
  void matchesAsAShellDoes(String pattern, String path, boolean matches) {
    assertEquals(matches, new PathPattern(pattern).matches(path));
  }

  @Test
  void readsWholeFiles() throws IOException {
    ImageInMemory image = new ImageInMemory(new TarBuilder().file("a", "four").file("b", ""));
    List<ProfiledFile> files =
        PathList.parse("/*").match(image.tree(), image.origins(), image.chainId(), "w").files();
    assertEquals(4, files.get(0).bytes());
    assertEquals(List.of(), files.get(1).ranges());
    assertEquals(
        ImageInMemory.sha256(new byte[] {'f', 'o', 'u', 'r'}),
        files.get(0).origin().orElseThrow().content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relative",
        "/../etc/passwd",
        "/usr/..",
        "/./usr",
        "/missing",
        "/usr",
        "/loop",
        "",
        "#",
        "/nothing/*",
        "<html>"
      })
  void refusesWhatIsNoFileOfTheImage(String list) {
    MalformedProfileException failure =
        assertThrows(MalformedProfileException.class, () -> paths("\n" + list));
    assertTrue(
        failure.getMessage().contains("line 2") || failure.getMessage().contains("list of paths"),
        failure.getMessage());
  }

  @Test
  void aMillionLinesTakeLittleMoreThanTheirText() throws IOException {
    String name = "a".repeat(59);
    ImageInMemory image = new ImageInMemory(new TarBuilder().file(name, "x"));
    PathList list = PathList.parse(("/" + name + "\n").repeat(1_000_000));
    List<ProfiledFile> files =
        list.match(image.tree(), image.origins(), image.chainId(), "w").files();
    assertEquals(List.of("/" + name), files.stream().map(ProfiledFile::path).toList());
  }

  @Test
  void refusesMoreTextThanADocumentMayHave() throws IOException {
    String most = "#".repeat(64 << 20);
    PathList.parse(most);
    assertThrows(MalformedProfileException.class, () -> PathList.parse(most + "#"));
  }

  @Test
  void takesNoLongerForPatternsMadeToTakeLong() {
    PathPattern evil = new PathPattern("/" + "**a*a".repeat(500) + "b");
    assertFalse(
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> evil.matches("/" + "a".repeat(4_000))));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1_001; i++) {
      many.append("/x").append(i).append("*\n");
    }
    assertThrows(MalformedProfileException.class, () -> PathList.parse(many.toString()));
    assertThrows(MalformedProfileException.class, () -> PathList.parse("/" + "a".repeat(5_000)));
  }
}
