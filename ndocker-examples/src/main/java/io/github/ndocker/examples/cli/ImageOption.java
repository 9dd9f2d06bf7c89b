package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import picocli.CommandLine.Parameters;

/** The image a command is about. */
class ImageOption {
  @Parameters(
      index = "0",
      paramLabel = "IMAGE",
      description = "reference as Docker writes it, such as localhost:5000/library/python:latest")
  private String reference = "";

  final ImageReference reference() throws NDockerException {
    return ImageReference.parse(reference);
  }
}
