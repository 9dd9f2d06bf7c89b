package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileDocumentTest {
  private static final Profile PROFILE =
      Profile.ofOneRun(
          new ChainId(Digest.parse("sha256:" + "ab".repeat(32))),
          "a \"web\" server",
          false,
          List.of(
              new HotFile("/z/first", List.of(new ByteRange(0, 4096), new ByteRange(8192, 1))),
              new HotFile("/a/opened only", List.of()),
              new HotFile("/\u00e9\n", List.of(new ByteRange(1L << 40, 5)))));

  @Test
  void readsWhatItWrote() throws IOException {
    assertEquals(PROFILE, ProfileDocument.read(ProfileDocument.write(PROFILE)));
  }

  private static String document(String field, String with) {
    String good =
        """
        {"format":"ndocker-profile","version":1,"image":"sha256:%s","workload":"w",
         "complete":true,"files":[{"path":"/a","ranges":[[0,4096]]}]}"""
            .formatted("ab".repeat(32));
    assertTrue(good.contains(field), field);
    return good.replace(field, with);
  }

  private static MalformedProfileException refused(String document) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> assertThrows(MalformedProfileException.class, () -> ProfileDocument.read(document)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"text\"",
        "{",
        "<html>",
        "{}",
        "{\"format\":\"other\"}",
        "{\"format\":\"ndocker-profile\"}"
      })
  void refusesWhatIsNoProfile(String document) {
    refused(document);
  }

  @Test
  void refusesFieldsThatAreMissingOrOfAnotherKind() {
    for (String field : List.of("image", "workload", "complete", "files", "path", "ranges")) {
      MalformedProfileException failure = refused(document("\"" + field + "\"", "\"other\""));
      assertTrue(failure.getMessage().contains("'" + field + "'"), failure.getMessage());
    }
    refused(document("\"version\":1", "\"version\":4"));
    refused(document("\"version\":1", "\"version\":4294967297"));
    refused(document("\"version\":1", "\"version\":1.5"));
    refused(document("\"version\":1", "\"version\":\"1\""));
    refused(document("\"sha256:", "\"sha257:"));
    refused(document("\"w\"", "\" \""));
    refused(document("\"w\"", "[]"));
    refused(document("\"complete\":true", "\"complete\":\"yes\""));
    refused(document("\"path\":\"/a\"", "\"path\":7"));
    refused(document("\"/a\"", "\"relative\""));
    refused(document("[{\"path\"", "{\"x\":{\"path\"").replace("]}]}", "]}}}"));
    refused(document("[[0,4096]]", "{\"x\":[0,4096]}"));
    refused(document("[[0,4096]]", "7"));
  }

  @Test
  void refusesRangesThatCannotBe() {
    for (String ranges :
        List.of(
            "[[-1,4096]]",
            "[[0,0]]",
            "[[0,-5]]",
            "[[0]]",
            "[[0,1,2]]",
            "[[0.5,1]]",
            "[[\"0\",1]]",
            "[[0,null]]",
            "[[9223372036854775807,1]]",
            "[[99999999999999999999,1]]",
            "[[1e400,1]]",
            "[[0,4096],[4096,1]]",
            "[[8192,1],[0,1]]",
            "[7]")) {
      refused(document("[[0,4096]]", ranges));
    }
  }

  @Test
  void refusesTheSamePathTwiceAndTextAfterTheEnd() {
    refused(document("]}]}", "]},{\"path\":\"/a\",\"ranges\":[]}]}"));
    refused(document("]}]}", "]}]} {}"));
    refused(document("\"workload\":\"w\"", "\"workload\":\"w\",\"workload\":\"v\""));
  }

  @Test
  void refusesDocumentsThatWouldTakeTooMuch() {
    refused(document("[[0,4096]]", "[".repeat(100_000) + "]".repeat(100_000)));
    refused(document("\"/a\"", "\"/" + "a".repeat(100_000) + "\""));
    refused(document("4096", "9".repeat(1_000_000)));
    StringBuilder files = new StringBuilder("[");
    for (int file = 0; file <= 1_000_000; file++) {
      files
          .append(file == 0 ? "" : ",")
          .append("{\"path\":\"/")
          .append(file)
          .append("\",\"ranges\":[]}");
    }
    MalformedProfileException failure =
        refused(document("[{\"path\":\"/a\",\"ranges\":[[0,4096]]}]", files + "]"));
    assertTrue(failure.getMessage().contains("at most"), failure.getMessage());
  }

  private static final String GOOD = ProfileDocument.write(RandomProfiles.small());

  private static MalformedProfileException refusedEdited(String part, String with) {
    assertTrue(GOOD.contains(part), part);
    return refused(GOOD.replace(part, with));
  }

  @Test
  void namesTheEntryThatIsWrong() {
    for (Map.Entry<String, String> edit :
        Map.of(
                "[[0, 4096, 2]", "[[0, 4096, 0]",
                "\"size\": 10000", "\"size\": 9999",
                "[8192, 1808, 1]", "[8192, 1809, 1]",
                "\"offset\": 512", "\"offset\": -1",
                "\"/bin/a\", \"runs\": 2", "\"/bin/a\", \"runs\": 3")
            .entrySet()) {
      String message = refusedEdited(edit.getKey(), edit.getValue()).getMessage();
      assertTrue(message.contains("/files/0") || message.contains("/bin/a"), message);
    }
    String message = refusedEdited("\"parent\": 0", "\"parent\": \"0\"").getMessage();
    assertTrue(message.contains("/processes/1/parent"), message);
    refusedEdited("\"parent\": 0", "\"parent\": 1");
    refusedEdited("\"kind\": \"created\"", "\"kind\": \"eaten\"");
    refusedEdited("\"end\": \"ready\"", "\"end\": \"never\"");
    refusedEdited("\"millis\": 12", "\"millis\": -12");
    refusedEdited("\"runs\": 2,\n  \"complete\"", "\"runs\": 2147483648,\n  \"complete\"");
    refusedEdited("\"complete\": true", "\"complete\": false");
    refusedEdited("\"content\": \"sha256:", "\"content\": \"sha512:");
  }

  @Test
  void refusesFieldsOfVersion2ThatAreMissing() {
    for (String field : List.of("runs", "gaps", "ends", "processes", "changes")) {
      String message = refused(GOOD.replaceFirst("\n  \"" + field, "\n  \"x")).getMessage();
      assertTrue(message.contains("'" + field + "'"), message);
    }
  }

  @Test
  void readsVersion2WhichHasNoPhases() throws IOException {
    String two = GOOD.replace("\"version\": 3", "\"version\": 2");
    assertEquals(RandomProfiles.small(), ProfileDocument.read(two));
    String phase = "[8192, 1808, 1, 5]";
    String three = GOOD.replace("[8192, 1808, 1]", phase);
    assertTrue(ProfileDocument.write(ProfileDocument.read(three)).contains(phase));
    refused(two.replace("[8192, 1808, 1]", phase));
    for (String wrong : List.of("1001", "-1", "0.5", "4294967296", "1, 1")) {
      refused(three.replace(phase, "[8192, 1808, 1, " + wrong + "]"));
    }
  }

  @Test
  void readsFieldsInAnyOrderAndPassesOverUnknownOnes() throws IOException {
    String reordered =
        GOOD.replace("{\n  \"format\": \"ndocker-profile\",\n  \"version\": 3,", "{\"more\": [{}],")
            .replaceFirst("\n}\n$", ", \"version\": 3, \"format\": \"ndocker-profile\"}");
    assertEquals(RandomProfiles.small(), ProfileDocument.read(reordered));
  }

  @Test
  void readsRandomProfilesAsTheyWereWritten() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Profile profile = RandomProfiles.of(random);
      String document = ProfileDocument.write(profile);
      String message = "seed " + seed + " round " + round;
      assertEquals(profile, ProfileDocument.read(document), message);
      assertEquals(document, ProfileDocument.write(ProfileDocument.read(document)), message);
    }
  }

  /** Bytes changed anywhere give a profile or the one exception. */
  @Test
  void survivesRandomDamage() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String document = ProfileDocument.write(RandomProfiles.of(random));
    for (int round = 0; round < 2_000; round++) {
      StringBuilder damaged = new StringBuilder(document);
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged.setCharAt(
            random.nextInt(damaged.length()), "[]{},:\"-0919ex\u0000\\".charAt(random.nextInt(16)));
      }
      try {
        ProfileDocument.read(damaged.toString());
      } catch (MalformedProfileException e) {
        assertTrue(!e.getMessage().isBlank(), "seed " + seed);
      }
    }
  }

  @Test
  void differsInTheLinesThatDiffer() {
    List<String> one = GOOD.lines().toList();
    List<String> two = GOOD.replace("[8192, 1808, 1]", "[8192, 1808, 2]").lines().toList();
    assertEquals(one.size(), two.size());
    assertEquals(one.size() - 1, one.stream().filter(two::contains).count());
  }

  /** The one in the library is the one in the documents, and has each field that is written. */
  @Test
  void theSchemaKnowsEveryField() throws IOException {
    String schema = ProfileDocument.schema();
    Path page = Path.of("").toAbsolutePath().resolveSibling("src-docs/profile.schema.json");
    assertEquals(Files.readString(page), schema);
    JsonNode root = new ObjectMapper().readTree(schema);
    JsonNode document = new ObjectMapper().readTree(GOOD);
    assertEquals(fields(document), fields(root.get("properties")));
    for (String kind : List.of("file", "process", "change", "end")) {
      JsonNode entries = document.get(kind.equals("process") ? "processes" : kind + "s");
      assertEquals(
          fields(entries.get(0)), fields(root.get("$defs").get(kind).get("properties")), kind);
    }
  }

  private static Set<String> fields(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
