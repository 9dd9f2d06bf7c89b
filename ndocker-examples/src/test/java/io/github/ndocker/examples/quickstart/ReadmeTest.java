package io.github.ndocker.examples.quickstart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path PROJECT = MODULE.resolveSibling("README.md").getParent();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(#[^)]*)?\\)");

  @Test
  void theReadmeShowsTheCodeThatIsTested() throws IOException {
    String source =
        Files.readString(
            MODULE.resolve("src/main/java/io/github/ndocker/examples/quickstart/Quickstart.java"));
    String shown = between(Files.readString(PROJECT.resolve("README.md")), "```java\n", "```");
    String tested = between(source, "// README begins\n", "// README ends");
    assertEquals(tested.stripTrailing().stripIndent() + "\n", shown);
  }

  @Test
  void linksOfTheDocumentsLeadToFiles() throws IOException {
    for (Path document : documents()) {
      Matcher link = LINK.matcher(Files.readString(document));
      while (link.find()) {
        assertTrue(
            Files.exists(document.resolveSibling(link.group(1))),
            document + " links to " + link.group(1));
      }
    }
  }

  private static List<Path> documents() throws IOException {
    try (var pages = Files.walk(PROJECT.resolve("src-docs"));
        var roots = Files.list(PROJECT)) {
      return java.util.stream.Stream.concat(pages, roots)
          .filter(file -> file.toString().endsWith(".md"))
          .toList();
    }
  }

  private static String between(String text, String before, String after) {
    int from = text.indexOf(before) + before.length();
    assertTrue(from >= before.length(), "there is no '" + before + "'");
    int to = text.indexOf(after, from);
    assertTrue(to >= 0, "there is no '" + after + "'");
    return text.substring(from, to);
  }
}
