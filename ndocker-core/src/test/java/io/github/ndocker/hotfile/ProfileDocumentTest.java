package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
    refused(document("\"version\":1", "\"version\":3"));
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
}
