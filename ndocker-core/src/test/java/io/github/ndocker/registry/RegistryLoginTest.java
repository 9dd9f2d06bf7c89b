package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries of the Docker distribution that want a password, or a token from a service. */
@Timeout(60)
class RegistryLoginTest {
  private static final String PASSWORD = "hunter2";
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults().withTries(1, Duration.ofMillis(1));

  @TempDir static Path directory;
  private static TinyImage image;
  private static DockerRegistry open;
  private static DockerRegistry passwords;
  private static TokenService service;
  private static DockerRegistry tokens;

  @TempDir Path home;

  @BeforeAll
  static void startRegistries() throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "needs docker-registry and skopeo");
    image = TinyImage.threeLayers();
    open = DockerRegistry.start();
    passwords =
        open.withPasswords(
            Files.writeString(directory.resolve("htpasswd"), "me:" + bcrypt(PASSWORD) + "\n"));
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("issuer");
    service = new TokenService(certificates, "me:" + PASSWORD);
    tokens = open.withTokens(service.realm(), service.authority());
    open.push(image.writeLayout(directory.resolve("layout")), TinyImage.TAG);
  }

  /** By libcrypt, through the Perl that is part of every Debian system. */
  private static String bcrypt(String password) throws IOException, InterruptedException {
    Process perl =
        new ProcessBuilder(
                "perl", "-e", "print crypt($ARGV[0], q($2y$05$abcdefghijklmnopqrstuu))", password)
            .start();
    String hash = new String(perl.getInputStream().readAllBytes(), UTF_8);
    if (perl.waitFor() != 0 || !hash.startsWith("$2y$")) {
      throw new IOException("this libcrypt knows no bcrypt: " + hash);
    }
    return hash;
  }

  @AfterAll
  static void stopRegistries() throws IOException {
    for (DockerRegistry registry : new DockerRegistry[] {passwords, tokens, open}) {
      if (registry != null) {
        registry.close();
      }
    }
    if (service != null) {
      service.close();
    }
  }

  /** Resolves the image and fetches its top layer. */
  private static void pulls(DockerRegistry registry, Credentials credentials) throws IOException {
    // by its digest, for others push to the same tag
    pulls(registry.reference(TinyImage.TAG).at(image.manifestDigest()), credentials);
  }

  private static void pulls(ImageReference reference, Credentials credentials) throws IOException {
    RegistryClient client = new RegistryClient(IMPATIENT, credentials);
    ResolvedImage resolved = client.resolve(reference, Platform.host());
    ByteArrayOutputStream top = new ByteArrayOutputStream();
    client.fetch(
        reference, resolved.layers().get(2), Channels.newChannel(top), arrived -> {}, () -> false);
    assertArrayEquals(image.layers().get(2).compressed(), top.toByteArray());
  }

  private static void isDenied(DockerRegistry registry, Credentials credentials) {
    UnauthorizedException denied =
        assertThrows(UnauthorizedException.class, () -> pulls(registry, credentials));
    assertEquals(401, denied.status().orElseThrow());
    assertFalse(denied.getMessage().contains("hunter"), denied.getMessage());
  }

  private static Credentials login(String user, String password) {
    return registry -> Optional.of(new Credentials.Login(user, password));
  }

  private DockerCredentials config(String json) throws IOException {
    return DockerCredentials.in(
        Files.writeString(home.resolve("config.json"), json),
        name ->
            new LoginProgram(
                List.of(home.resolve(name).toString(), "get"), Duration.ofSeconds(20)));
  }

  private static String auth(String registry, String login) {
    return "{\"auths\":{\""
        + registry
        + "\":{\"auth\":\""
        + Base64.getEncoder().encodeToString(login.getBytes(UTF_8))
        + "\"}}}";
  }

  @Test
  void theRightPasswordLetsIn() throws IOException {
    pulls(passwords, login("me", PASSWORD));
  }

  @Test
  void aWrongPasswordDoesNot() {
    isDenied(passwords, login("me", "hunter3"));
  }

  @Test
  void anUnknownNameDoesNot() {
    isDenied(passwords, login("you", PASSWORD));
  }

  @Test
  void noLoginDoesNot() {
    isDenied(passwords, Credentials.anonymous());
  }

  @Test
  void aLoginOfDockersConfigJsonLetsIn() throws IOException {
    pulls(passwords, config(auth(passwords.host(), "me:" + PASSWORD)));
  }

  @Test
  void aWrongLoginOfDockersConfigJsonDoesNot() throws IOException {
    isDenied(passwords, config(auth(passwords.host(), "me:hunter3")));
  }

  @Test
  void aLoginOfDockersConfigJsonForAnotherRegistryDoesNot() throws IOException {
    isDenied(passwords, config(auth("registry.example.org", "me:" + PASSWORD)));
  }

  @Test
  void aLoginOfACredentialHelperLetsIn() throws IOException {
    Path helper =
        Files.writeString(
            home.resolve("keychain"),
            "#!/bin/sh\necho '{\"Username\":\"me\",\"Secret\":\"" + PASSWORD + "\"}'\n");
    Files.setPosixFilePermissions(helper, PosixFilePermissions.fromString("rwx------"));
    pulls(passwords, config("{\"credHelpers\":{\"" + passwords.host() + "\":\"keychain\"}}"));
  }

  @Test
  void whatSkopeoPushesWithALoginIsPulledWithIt() throws Exception {
    TinyImage pushed = TinyImage.withLayers(2, 1, 100);
    Path layout = pushed.writeLayout(home.resolve("layout"));
    ImageReference reference = passwords.pushAs("me:" + PASSWORD, layout, TinyImage.TAG);
    ResolvedImage pulled =
        new RegistryClient(IMPATIENT, login("me", PASSWORD)).resolve(reference, Platform.host());
    assertEquals(pushed.manifestDigest(), pulled.manifestDigest());
    assertThrows(IOException.class, () -> passwords.pushAs("me:hunter3", layout, TinyImage.TAG));
  }

  @Test
  void whatCtrPushesWithALoginIsPulledWithIt() throws Exception {
    assumeTrue(ContentStore.isInstalled(), "needs containerd");
    TinyImage pushed = TinyImage.withLayers(2, 1, 300);
    ImageReference reference = passwords.reference("ctr");
    try (ContentStore store = ContentStore.start()) {
      store.load(pushed.writeLayout(home.resolve("layout")));
      store.push(reference.toString(), "--user", "me:" + PASSWORD);
    }
    ResolvedImage pulled =
        new RegistryClient(IMPATIENT, login("me", PASSWORD)).resolve(reference, Platform.host());
    assertEquals(pushed.manifestDigest(), pulled.manifestDigest());
  }

  @Test
  void aTokenForALoginLetsInAndIsFetchedOnce() throws IOException {
    int before = service.requests();
    pulls(tokens, login("me", PASSWORD));
    assertEquals(before + 1, service.requests());
  }

  @Test
  void aTokenForNobodyLetsIn() throws IOException {
    pulls(tokens, Credentials.anonymous());
  }

  @Test
  void aLoginThatTheTokenServiceRefusesDoesNot() {
    isDenied(tokens, login("me", "hunter3"));
  }

  @Test
  void whatSkopeoPushesWithATokenIsPulledWithOne() throws Exception {
    TinyImage pushed = TinyImage.withLayers(2, 1, 200);
    Path layout = pushed.writeLayout(home.resolve("layout"));
    ImageReference reference = tokens.pushAs("me:" + PASSWORD, layout, TinyImage.TAG);
    ResolvedImage pulled =
        new RegistryClient(IMPATIENT, config(auth(tokens.host(), "me:" + PASSWORD)))
            .resolve(reference, Platform.host());
    assertEquals(pushed.manifestDigest(), pulled.manifestDigest());
  }

  @Test
  void aTokenOfAnotherIssuerDoesNot() throws Exception {
    TestCertificates others = new TestCertificates(home);
    others.sign("issuer");
    try (TokenService forger = new TokenService(others, "me:" + PASSWORD);
        DockerRegistry registry = open.withTokens(forger.realm(), service.authority())) {
      isDenied(registry, login("me", PASSWORD));
      assertEquals(1, forger.requests());
    }
  }
}
