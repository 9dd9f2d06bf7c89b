package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Copies images from one form to another. */
public final class Skopeo {
  private Skopeo() {}

  public static void copy(String from, String to, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false"));
    command.addAll(List.of(options));
    command.addAll(List.of(from, to));
    Process skopeo = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(skopeo.getInputStream().readAllBytes(), UTF_8);
    if (skopeo.waitFor() != 0) {
      throw new IOException("skopeo could not copy " + from + " to " + to + ": " + output);
    }
  }
}
