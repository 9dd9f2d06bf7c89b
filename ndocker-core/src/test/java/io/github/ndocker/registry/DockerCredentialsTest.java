package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.registry.Credentials.Login;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerCredentialsTest {
  @TempDir Path directory;

  private DockerCredentials credentials(String json) throws IOException {
    return DockerCredentials.in(
        Files.writeString(directory.resolve("config.json"), json),
        name -> new LoginProgram(List.of(directory.resolve(name).toString(), "get"), PATIENT));
  }

  private static final Duration PATIENT = Duration.ofSeconds(20);

  private Path helper(String name, String script) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void noFileIsNoLogin() throws IOException {
    assertEquals(
        Optional.empty(), DockerCredentials.in(directory.resolve("none")).lookUp("example.org"));
  }

  @Test
  void aLoginIsFoundByAnyFormOfItsAddress() throws IOException {
    // bWU6cGE6c3M= is me:pa:ss
    for (String key :
        List.of("example.org:5000", "https://example.org:5000", "HTTP://Example.org:5000/v2/")) {
      assertEquals(
          Optional.of(new Login("me", "pa:ss")),
          credentials("{\"auths\":{\"" + key + "\":{\"auth\":\"bWU6cGE6c3M=\"}}}")
              .lookUp("example.org:5000"),
          key);
    }
    DockerCredentials other =
        credentials("{\"auths\":{\"example.org\":{\"auth\":\"bWU6cGE6c3M=\"}}}");
    assertEquals(Optional.empty(), other.lookUp("example.org:5000"));
    assertEquals(Optional.empty(), other.lookUp("docker.io"));
  }

  @Test
  void dockerHubIsKnownByItsOldAddress() throws IOException {
    assertEquals(
        Optional.of(new Login("me", "pa:ss")),
        credentials("{\"auths\":{\"https://index.docker.io/v1/\":{\"auth\":\"bWU6cGE6c3M=\"}}}")
            .lookUp("docker.io"));
  }

  @Test
  void identityTokensAndPlainNamesAreLoginsToo() throws IOException {
    Optional<Login> token =
        credentials("{\"auths\":{\"a\":{\"auth\":\"bWU6\",\"identitytoken\":\"secret\"}}}")
            .lookUp("a");
    assertTrue(token.orElseThrow().isIdentityToken());
    assertEquals("secret", token.orElseThrow().password());
    assertEquals(
        Optional.of(new Login("me", "it")),
        credentials("{\"auths\":{\"a\":{\"username\":\"me\",\"password\":\"it\"}}}").lookUp("a"));
    assertEquals(Optional.empty(), credentials("{\"auths\":{\"a\":{}}}").lookUp("a"));
  }

  @Test
  void aFileThatIsWrongIsNamedButNotQuoted() throws IOException {
    for (String json :
        List.of(
            "secret",
            "[\"secret\"]",
            "{\"auths\":{\"a\":{\"auth\":\"secret!\"}}}",
            "{\"auths\":{\"a\":{\"auth\":\"c2VjcmV0\"}}}")) {
      CredentialsException e =
          assertThrows(CredentialsException.class, () -> credentials(json).lookUp("a"));
      assertTrue(e.getMessage().startsWith(directory.toString()), e.getMessage());
      assertFalse(e.getMessage().contains("secret"), e.getMessage());
    }
  }

  @Test
  void aProgramIsAskedBeforeTheFile() throws IOException {
    helper(
        "keychain",
        "read registry; echo '{\"ServerURL\":\"x\",\"Username\":\"'$1-$registry'\",\"Secret\":\"s\"}'");
    helper("all", "echo '{\"Username\":\"<token>\",\"Secret\":\"refresh\"}'");
    DockerCredentials credentials =
        credentials(
            "{\"auths\":{\"a\":{\"auth\":\"bWU6cGE6c3M=\"}},\"credHelpers\":{\"a\":\"keychain\"},"
                + "\"credsStore\":\"all\"}");
    assertEquals(Optional.of(new Login("get-a", "s")), credentials.lookUp("a"));
    assertTrue(credentials.lookUp("b").orElseThrow().isIdentityToken());
  }

  @Test
  void aProgramThatKnowsNoLoginIsNoFailure() throws IOException {
    helper("store", "echo 'credentials not found in native keychain'; exit 1");
    assertEquals(Optional.empty(), credentials("{\"credsStore\":\"store\"}").lookUp("a"));
  }

  @Test
  void aProgramThatFailsIsNamedButNotQuoted() throws IOException {
    helper("broken", "echo hunter2; exit 3");
    helper("text", "echo hunter2");
    helper("empty", "echo '{}'");
    for (String name : List.of("broken", "text", "empty", "missing")) {
      CredentialsException e =
          assertThrows(
              CredentialsException.class,
              () -> credentials("{\"credsStore\":\"" + name + "\"}").lookUp("a"));
      assertTrue(e.source().endsWith(name), e.source());
      assertFalse(e.getMessage().contains("hunter2"), e.getMessage());
    }
  }

  @Test
  void aProgramThatDoesNotAnswerIsNotWaitedForLong() throws IOException {
    LoginProgram slow =
        new LoginProgram(
            List.of(helper("slow", "exec sleep 60").toString()), Duration.ofMillis(300));
    CredentialsException e = assertThrows(CredentialsException.class, () -> slow.get("a"));
    assertTrue(e.getMessage().contains("did not answer"), e.getMessage());
  }

  @Test
  void aProgramsNameIsNoPath() {
    for (String name : List.of("../evil", "a/b", "", "a b")) {
      assertThrows(CredentialsException.class, () -> LoginProgram.named(name).get("a"), name);
    }
  }
}
