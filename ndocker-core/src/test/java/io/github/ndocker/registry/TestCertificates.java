package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority, and certificates signed by it, made by the JDK's keytool. */
final class TestCertificates {
  private static final String PASSWORD = "changeit";
  private static final byte[] NEWLINE = {'\n'};

  private final Path directory;
  private final Path store;

  TestCertificates(Path directory) throws IOException, InterruptedException {
    this.directory = directory;
    this.store = directory.resolve("store.p12");
    keytool("-genkeypair", "-alias", "ca", "-dname", "CN=ca", "-keyalg", "EC", "-ext", "bc:c");
  }

  /** The authority's certificate. */
  Path authority() throws IOException, InterruptedException {
    return certificate("ca");
  }

  /** Makes a key and a certificate for 127.0.0.1. */
  void sign(String name) throws IOException, InterruptedException {
    keytool(
        "-genkeypair",
        "-alias",
        name,
        "-dname",
        "CN=" + name,
        "-keyalg",
        "EC",
        "-signer",
        "ca",
        "-ext",
        "san=ip:127.0.0.1");
  }

  Path certificate(String name) throws IOException, InterruptedException {
    Path file = directory.resolve(name + ".crt");
    keytool("-exportcert", "-rfc", "-alias", name, "-file", file.toString());
    return file;
  }

  Path key(String name) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    byte[] encoded = keys.getKey(name, PASSWORD.toCharArray()).getEncoded();
    return Files.writeString(
        directory.resolve(name + ".key"),
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, NEWLINE).encodeToString(encoded)
            + "\n-----END PRIVATE KEY-----\n");
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
