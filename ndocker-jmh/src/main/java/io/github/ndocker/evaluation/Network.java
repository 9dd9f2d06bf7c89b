package io.github.ndocker.evaluation;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to the registry. Each has an address of the registry for itself, so the reference of an
 * image says how fast it comes.
 *
 * @param name its rate
 * @param registry host and port
 * @param networkInterface where the registry's answers arrive
 */
record Network(String name, String registry, String networkInterface) {
  private static final Pattern FORM = Pattern.compile("([^=]+)=([^@]+)@(.+)");

  /** Parses {@code NAME=HOST:PORT@INTERFACE}. */
  static Network parse(String text) throws NDockerException {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new NDockerException("a network is NAME=HOST:PORT@INTERFACE, not '" + text + "'");
    }
    return new Network(form.group(1), form.group(2), form.group(3));
  }

  ImageReference image(String image) throws IOException {
    return ImageReference.parse(registry + "/library/" + image + ":latest");
  }
}
