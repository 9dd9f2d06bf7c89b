package io.github.ndocker.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertThrowsExactly;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against the registry of the Docker distribution, with an authority that nobody else knows. */
@Timeout(60)
class RegistryTlsTest {
  private static final RegistryOptions IMPATIENT =
      RegistryOptions.defaults().withTries(1, Duration.ofMillis(1));

  @TempDir Path directory;

  private static int layers(DockerRegistry registry, RegistryOptions options) throws IOException {
    ImageReference image =
        ImageReference.parse(registry.host() + "/library/" + TinyImage.TAG + ":latest");
    return new RegistryClient(options, Credentials.anonymous())
        .resolve(image, Platform.host())
        .layers()
        .size();
  }

  private static DockerRegistry wantingCertificates(
      DockerRegistry plain, TestCertificates certificates) throws Exception {
    return plain.withTls(
        certificates.certificate("server"),
        certificates.key("server"),
        Optional.of(certificates.authority()));
  }

  @Test
  void aPrivateAuthorityIsTrustedWhereItIsNamed() throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("server");
    Files.createDirectory(directory.resolve("other"));
    Path other = new TestCertificates(directory.resolve("other")).authority();
    try (DockerRegistry plain = DockerRegistry.start();
        DockerRegistry registry =
            plain.withTls(
                certificates.certificate("server"), certificates.key("server"), Optional.empty())) {
      plain.push(TinyImage.threeLayers().writeLayout(directory.resolve("layout")), TinyImage.TAG);
      SSLContext trusting = RegistryTls.trusting(certificates.authority());
      assertEquals(3, layers(registry, IMPATIENT.withTls(registry.host(), trusting)));
      SSLContext mistrusting = RegistryTls.trusting(other);
      assertThrows(
          RegistryException.class,
          () -> layers(registry, IMPATIENT.withTls(registry.host(), mistrusting)));
      // by plain HTTP, as on this host without a word of TLS
      assertThrows(RegistryException.class, () -> layers(registry, IMPATIENT));
    }
  }

  @Test
  void aCertificateIsShownToWhoWantsToSeeOne() throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("server");
    certificates.sign("client");
    try (DockerRegistry plain = DockerRegistry.start();
        DockerRegistry registry = wantingCertificates(plain, certificates)) {
      plain.push(TinyImage.threeLayers().writeLayout(directory.resolve("layout")), TinyImage.TAG);
      SSLContext known =
          RegistryTls.trusting(
              certificates.authority(),
              certificates.certificate("client"),
              certificates.key("client"));
      assertEquals(3, layers(registry, IMPATIENT.withTls(registry.host(), known)));
      SSLContext unknown = RegistryTls.trusting(certificates.authority());
      assertThrows(
          RegistryException.class,
          () -> layers(registry, IMPATIENT.withTls(registry.host(), unknown)));
    }
  }

  @Test
  void aCertificateOfAnotherAuthorityIsNotEnough() throws Exception {
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("server");
    TestCertificates others =
        new TestCertificates(Files.createDirectory(directory.resolve("others")));
    others.sign("client");
    try (DockerRegistry plain = DockerRegistry.start();
        DockerRegistry registry = wantingCertificates(plain, certificates)) {
      SSLContext stranger =
          RegistryTls.trusting(
              certificates.authority(), others.certificate("client"), others.key("client"));
      RegistryException refused =
          assertThrowsExactly(
              RegistryException.class,
              () -> layers(registry, IMPATIENT.withTls(registry.host(), stranger)));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("no usable answer"), refused.toString());
    }
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    isRefused("-ext", "san=dns:registry.example.org");
  }

  @Test
  void aCertificateThatHasExpiredIsRefused() throws Exception {
    isRefused("-ext", "san=ip:127.0.0.1", "-startdate", "-10d", "-validity", "5");
  }

  private void isRefused(String... certificate) throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("server", certificate);
    SSLContext context =
        RegistryTls.trusting(
            certificates.authority(),
            certificates.certificate("server"),
            certificates.key("server"));
    try (LyingRegistry registry = LyingRegistry.start(context).serving(TinyImage.threeLayers())) {
      RegistryOptions trusting = IMPATIENT.withTls(registry.host(), context);
      RegistryException refused =
          assertThrows(
              RegistryException.class,
              () ->
                  new RegistryClient(trusting, Credentials.anonymous())
                      .resolve(registry.reference(), Platform.host()));
      assertTrue(refused.getMessage().contains("no usable answer"), refused.getMessage());
      assertEquals(List.of(), registry.requests());
    }
  }

  @Test
  void anAnswerWithoutTlsIsRefused() throws Exception {
    SSLContext context = RegistryTls.trusting(new TestCertificates(directory).authority());
    try (LyingRegistry registry = LyingRegistry.start().serving(TinyImage.threeLayers())) {
      // the registry waits for the end of a line, which a TLS greeting may never bring
      RegistryOptions trusting =
          IMPATIENT.withStallTimeout(Duration.ofSeconds(1)).withTls(registry.host(), context);
      assertThrows(
          RegistryException.class,
          () ->
              new RegistryClient(trusting, Credentials.anonymous())
                  .resolve(registry.reference(), Platform.host()));
      assertEquals(List.of(), registry.requests());
    }
  }

  @Test
  void aFileThatIsWrongIsNamed() throws Exception {
    TestCertificates certificates = new TestCertificates(directory);
    certificates.sign("client");
    Path authority = certificates.authority();
    Path certificate = certificates.certificate("client");
    Path text = Files.writeString(directory.resolve("text"), "no PEM");
    Path empty = Files.writeString(directory.resolve("empty"), "");
    Path odd =
        Files.writeString(
            directory.resolve("odd"),
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
    for (Path wrong : List.of(text, empty, directory.resolve("missing"))) {
      named(wrong, assertThrows(IOException.class, () -> RegistryTls.trusting(wrong)));
    }
    for (Path wrong : List.of(text, empty, odd, directory.resolve("missing"))) {
      named(
          wrong,
          assertThrows(
              IOException.class, () -> RegistryTls.trusting(authority, certificate, wrong)));
    }
  }

  private static void named(Path file, IOException failure) {
    assertTrue(failure instanceof CredentialsException, failure.toString());
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith(file.toString()), failure.toString());
  }
}
