package io.github.ndocker.trust;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustedKeyTest {
  private static final byte[] MESSAGE = "an image".getBytes(UTF_8);

  @TempDir Path directory;

  @Test
  void verifiesWhatItsOwnKeyHasSigned() throws Exception {
    for (SigningKey key : SigningKey.ofEachKind()) {
      TrustedKey trusted = key.trusted();
      byte[] signature = key.sign(MESSAGE);
      assertTrue(trusted.verifies(MESSAGE, signature), key.toString());
      assertFalse(trusted.verifies("another".getBytes(UTF_8), signature), key.toString());
      for (SigningKey other : SigningKey.ofEachKind()) {
        assertFalse(trusted.verifies(MESSAGE, other.sign(MESSAGE)), key + " by " + other);
      }
    }
  }

  @Test
  void verifiesWhatOpensslHasSigned() throws Exception {
    Path message = Files.write(directory.resolve("message"), MESSAGE);
    for (List<String> kind :
        List.of(
            List.of("EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
            List.of("ED25519"),
            List.of("RSA", "-pkeyopt", "rsa_keygen_bits:3072"))) {
      Path secret = directory.resolve("key");
      Path key = directory.resolve("key.pub");
      Path signature = directory.resolve("signature");
      List<String> generate =
          new ArrayList<>(List.of("genpkey", "-out", secret.toString(), "-algorithm"));
      generate.addAll(kind);
      openssl(generate);
      openssl(List.of("pkey", "-in", secret.toString(), "-pubout", "-out", key.toString()));
      List<String> sign = new ArrayList<>(List.of("pkeyutl", "-sign", "-rawin"));
      sign.addAll(
          List.of(
              "-inkey",
              secret.toString(),
              "-in",
              message.toString(),
              "-out",
              signature.toString()));
      if (!kind.get(0).equals("ED25519")) {
        sign.addAll(List.of("-digest", "sha256"));
      }
      openssl(sign);
      assertTrue(TrustedKey.of(key).verifies(MESSAGE, Files.readAllBytes(signature)), "" + kind);
    }
  }

  private static void openssl(List<String> arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "needs openssl");
      return;
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), output);
  }

  @Test
  void bytesThatAreNoSignatureAreNotVerified() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (SigningKey key : SigningKey.ofEachKind()) {
      byte[] good = key.sign(MESSAGE);
      TrustedKey trusted = key.trusted();
      for (int length = 0; length <= good.length + 2; length++) {
        byte[] wrong = Arrays.copyOf(good, length);
        if (length >= good.length) {
          wrong[random.nextInt(good.length)] ^= (byte) (1 << random.nextInt(8));
        }
        assertFalse(
            trusted.verifies(MESSAGE, wrong), key + ", length " + length + ", seed " + seed);
        random.nextBytes(wrong);
        assertFalse(
            trusted.verifies(MESSAGE, wrong), key + ", length " + length + ", seed " + seed);
      }
    }
  }

  @Test
  void isReadFromAFileAsCosignWritesIt() throws Exception {
    SigningKey key = SigningKey.ecdsa();
    Path file = Files.writeString(directory.resolve("cosign.pub"), key.publicPem());
    assertEquals(key.trusted(), TrustedKey.of(file));
    assertEquals(key.trusted().fingerprint(), TrustedKey.of(file).fingerprint());
    assertNotEquals(SigningKey.ecdsa().trusted(), TrustedKey.of(file));
    assertTrue(TrustedKey.of(file).toString().startsWith(file.toString()));
  }

  @Test
  void aFileThatIsNoKeyIsNamed() throws Exception {
    String pem = SigningKey.ecdsa().publicPem();
    String two = pem + SigningKey.ed25519().publicPem();
    List<String> wrong =
        List.of(
            "",
            "no PEM",
            "-----BEGIN PUBLIC KEY-----\n",
            SigningKey.pem("PUBLIC KEY", new byte[] {0x30, 3, 2, 1}),
            SigningKey.pem("PUBLIC KEY", MESSAGE),
            SigningKey.pem("CERTIFICATE", MESSAGE),
            pem.replaceFirst("(?s)-----\n.{8}", "-----\nAAAAAAAA"),
            "-----BEGIN PUBLIC KEY-----\nA\n-----END PUBLIC KEY-----\n",
            two,
            " ".repeat(100_000) + pem);
    for (String text : wrong) {
      Path file = Files.writeString(directory.resolve("key"), text);
      MalformedKeyException e =
          assertThrows(MalformedKeyException.class, () -> TrustedKey.of(file), text);
      assertEquals(file.toString(), e.source());
      assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
      assertTrue(e.getMessage().length() < 300, e.getMessage());
    }
    assertThrows(MalformedKeyException.class, () -> TrustedKey.of(directory.resolve("missing")));
  }

  @Test
  void anyDamageToAKeyIsACheckedException() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (SigningKey key : SigningKey.ofEachKind()) {
      byte[] encoded =
          Base64.getMimeDecoder().decode(key.publicPem().replaceAll("-----[A-Z ]+-----", ""));
      for (int i = 0; i < 500; i++) {
        byte[] damaged = Arrays.copyOf(encoded, encoded.length - random.nextInt(2));
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
        try {
          TrustedKey.ofPem("damaged", SigningKey.pem("PUBLIC KEY", damaged));
        } catch (MalformedKeyException e) {
          assertEquals("damaged", e.source(), "seed " + seed);
        }
      }
    }
  }

  @Test
  void aWeakKeyIsRefused() throws Exception {
    assertEquals(2_048, KeyAlgorithm.MIN_RSA_BITS);
    refused("1024 bits", SigningKey.rsa(1_024).publicPem());
    refused("ECDSA on P-256", SigningKey.ecdsa("secp384r1").publicPem());
  }

  @Test
  void aPrivateKeyIsRefusedAndNotQuoted() throws Exception {
    SigningKey key = SigningKey.ecdsa();
    for (String label : List.of("PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED COSIGN PRIVATE KEY")) {
      String secret = SigningKey.pem(label, key.privateKey());
      MalformedKeyException e = refused("has a private key", secret);
      for (String line : secret.lines().filter(line -> !line.startsWith("-----")).toList()) {
        assertFalse(String.valueOf(e.getMessage()).contains(line.substring(0, 8)));
      }
      assertEquals(null, e.getCause());
    }
  }

  @Test
  void nothingIsRegisteredWithThePlatform() throws Exception {
    SigningKey.ecdsa().trusted();
    assertEquals(null, Security.getProvider("BC"));
  }

  private static MalformedKeyException refused(String why, String pem) {
    MalformedKeyException e =
        assertThrows(MalformedKeyException.class, () -> TrustedKey.ofPem("here", pem));
    assertTrue(e.getMessage().contains(why), e.getMessage());
    return e;
  }

  @Test
  void aFileThatCannotBeReadIsTheMediumsOwnFailure() {
    assertThrows(IOException.class, () -> TrustedKey.of(directory));
  }
}
