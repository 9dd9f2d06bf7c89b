package io.github.ndocker.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  private static final String HEX = "0123456789abcdef".repeat(4);

  @ParameterizedTest
  @CsvSource({
    "python, docker.io/library/python:latest",
    "python:3.11, docker.io/library/python:3.11",
    "me/app, docker.io/me/app:latest",
    "docker.io/python, docker.io/library/python:latest",
    "index.docker.io/me/app:1, docker.io/me/app:1",
    "localhost/app, localhost/app:latest",
    "localhost:5000/app:v1, localhost:5000/app:v1",
    "127.0.0.1:5000/library/app, 127.0.0.1:5000/library/app:latest",
    "[::1]:5000/app, [::1]:5000/app:latest",
    "registry.example/a/b/c__d-e.f, registry.example/a/b/c__d-e.f:latest",
    "Host/app, Host/app:latest",
  })
  void readsReferencesAsDockerDoes(String text, String canonical) throws InvalidReferenceException {
    ImageReference reference = ImageReference.parse(text);
    assertEquals(canonical, reference.toString());
    assertEquals(reference, ImageReference.parse(canonical));
  }

  @Test
  void aDigestDecidesAndNeedsNoTag() throws InvalidReferenceException {
    ImageReference pinned = ImageReference.parse("app@sha256:" + HEX);
    assertEquals("docker.io/library/app@sha256:" + HEX, pinned.toString());
    ImageReference both = ImageReference.parse("app:1@sha256:" + HEX);
    assertEquals("docker.io/library/app:1@sha256:" + HEX, both.toString());
    assertEquals("sha256:" + HEX, both.target());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "App",
        "a/App",
        "app:",
        "app:-x",
        "app@sha256:12",
        "app@md5:00",
        "a//b",
        "/a",
        "a/",
        "a b",
        "a/../b",
        "a___b",
        "-a",
        "localhost:99999/app",
        "localhost:/app",
        "host.example/",
        "http://host.example/app",
        "user@host.example/app",
        "app?x",
        "a\nb"
      })
  void refusesWhatIsNoReference(String text) {
    assertThrows(InvalidReferenceException.class, () -> ImageReference.parse(text));
  }

  @Test
  void refusesAnImageIdAndNamesThatAreTooLong() {
    for (String text :
        new String[] {HEX, "a".repeat(256), "a/".repeat(100_000) + "a", "a:" + "t".repeat(129)}) {
      assertThrows(InvalidReferenceException.class, () -> ImageReference.parse(text));
    }
  }
}
