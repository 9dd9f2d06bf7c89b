package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * A program that keeps logins, as Docker calls it: {@code docker-credential-NAME get}, the registry
 * on its standard input, and JSON with {@code Username} and {@code Secret} on its standard output.
 *
 * @param command the program and its arguments
 * @param patience how long it may take
 */
record LoginProgram(List<String> command, Duration patience) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int MAX_BYTES = 1 << 20;

  /** What all of these programs say when they know no login. */
  private static final String NOT_FOUND = "credentials not found";

  /** A name, never a path. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final ObjectMapper JSON = new ObjectMapper();

  static LoginProgram named(String name) {
    return new LoginProgram(List.of("docker-credential-" + name, "get"), PATIENCE);
  }

  /**
   * Asks for a login.
   *
   * @param registry as the program knows it
   * @return empty if it knows none
   * @throws CredentialsException if it fails, or takes too long
   */
  Optional<Credentials.Login> get(String registry) throws IOException {
    String program = command.get(0);
    if (program.startsWith("docker-credential-")
        && !NAME.matcher(program.substring("docker-credential-".length())).matches()) {
      throw new CredentialsException(program, "is not the name of a program");
    }
    Process process;
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException e) {
      throw new CredentialsException(program, "cannot be started; is it installed?");
    }
    try {
      String answer = answer(process, registry);
      if (process.exitValue() == 0) {
        return login(answer);
      }
      if (answer.contains(NOT_FOUND)) {
        return Optional.empty();
      }
      throw new CredentialsException(
          program,
          "ended with exit code " + process.exitValue() + " when it was asked for a login");
    } finally {
      process.destroyForcibly();
    }
  }

  private String answer(Process process, String registry) throws IOException {
    FutureTask<byte[]> output =
        new FutureTask<>(
            () -> {
              try (OutputStream in = process.getOutputStream()) {
                in.write(registry.getBytes(UTF_8));
              } catch (IOException e) {
                // it did not want to know; what it says counts
              }
              try (InputStream out = process.getInputStream()) {
                return out.readNBytes(MAX_BYTES);
              }
            });
    Thread thread = new Thread(output, "login-program");
    thread.setDaemon(true);
    thread.start();
    try {
      byte[] bytes = output.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (!process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw tooLong();
      }
      return new String(bytes, UTF_8);
    } catch (TimeoutException e) {
      throw tooLong();
    } catch (ExecutionException e) {
      throw new CredentialsException(command.get(0), "gave no answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + command.get(0) + " ran", e);
    }
  }

  private CredentialsException tooLong() {
    return new CredentialsException(
        command.get(0), "did not answer within " + patience.toSeconds() + " s");
  }

  private Optional<Credentials.Login> login(String answer) throws CredentialsException {
    JsonNode login;
    try {
      login = JSON.readTree(answer);
    } catch (IOException e) {
      // without the cause: it would quote the answer
      throw new CredentialsException(command.get(0), "did not answer with JSON");
    }
    String user = login.path("Username").asText("");
    String secret = login.path("Secret").asText("");
    if (user.isEmpty() || secret.isEmpty()) {
      throw new CredentialsException(command.get(0), "answered without a name or a secret");
    }
    return Optional.of(new Credentials.Login(user, secret));
  }
}
