package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority, and certificates signed by it, made by the JDK's keytool. */
final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final String CURVE = "secp256r1";
  private static final byte[] NEWLINE = {'\n'};

  private final Path directory;
  private final Path store;

  TestCertificates(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.store = directory.resolve("store.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "ca",
        "-dname",
        "CN=ca",
        "-keyalg",
        "EC",
        "-groupname",
        CURVE,
        "-ext",
        "bc:c");
  }

  /** The authority's certificate. */
  Path authority() throws IOException, InterruptedException {
    return certificate("ca");
  }

  /** Makes a key and a certificate for 127.0.0.1. */
  void sign(String name) throws IOException, InterruptedException {
    sign(name, "-ext", "san=ip:127.0.0.1");
  }

  /** Makes a key and a certificate. */
  void sign(String name, String... options) throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(List.of("-genkeypair", "-alias", name, "-dname", "CN=" + name));
    arguments.addAll(List.of("-keyalg", "EC", "-groupname", CURVE, "-signer", "ca"));
    arguments.addAll(List.of(options));
    keytool(arguments.toArray(String[]::new));
  }

  Path certificate(String name) throws IOException, InterruptedException {
    Path file = directory.resolve(name + ".crt");
    keytool("-exportcert", "-rfc", "-alias", name, "-file", file.toString());
    return file;
  }

  Path key(String name) throws IOException, GeneralSecurityException {
    byte[] encoded = privateKey(name).getEncoded();
    return Files.writeString(
        directory.resolve(name + ".key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, NEWLINE).encodeToString(encoded)
            + "\n-----END PRIVATE KEY-----\n");
  }

  PrivateKey privateKey(String name) throws IOException, GeneralSecurityException {
    return (PrivateKey) store().getKey(name, PASSWORD.toCharArray());
  }

  /** A certificate as it is in binary. */
  byte[] encoded(String name) throws IOException, GeneralSecurityException {
    return store().getCertificate(name).getEncoded();
  }

  private KeyStore store() throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storepass", PASSWORD, "-storetype", "PKCS12"));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }
}
