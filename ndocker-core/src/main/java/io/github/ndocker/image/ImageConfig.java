package io.github.ndocker.image;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.StartCommand;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a container of an image is run, and how the image was made ("Image Configuration", OCI image
 * specification). Immutable. What the image does not say is empty.
 *
 * @param platform what the image is built for
 * @param diffIds digests of the uncompressed layers from the bottom up
 * @param history the steps of the build from the first to the last
 * @param env variables, each {@code NAME=value}
 * @param entrypoint the command that is always run
 * @param cmd its default arguments, or the default command
 * @param workingDir the directory the command starts in
 * @param user {@code user[:group]}, by name or number
 * @param exposedPorts such as {@code 80/tcp}
 * @param volumes absolute paths
 * @param stopSignal such as {@code SIGQUIT}
 * @param labels free-form words about the image
 */
public record ImageConfig(
    Platform platform,
    List<DiffId> diffIds,
    List<HistoryStep> history,
    List<String> env,
    List<String> entrypoint,
    List<String> cmd,
    String workingDir,
    String user,
    List<String> exposedPorts,
    List<String> volumes,
    String stopSignal,
    Map<String, String> labels) {
  /** Copies the collections. */
  public ImageConfig {
    Objects.requireNonNull(platform, "platform");
    diffIds = List.copyOf(diffIds);
    history = List.copyOf(history);
    env = List.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    cmd = List.copyOf(cmd);
    Objects.requireNonNull(workingDir, "workingDir");
    Objects.requireNonNull(user, "user");
    exposedPorts = List.copyOf(exposedPorts);
    volumes = List.copyOf(volumes);
    Objects.requireNonNull(stopSignal, "stopSignal");
    labels = Map.copyOf(labels);
  }

  /**
   * Parses a configuration.
   *
   * @param json its bytes
   * @param subject what it is, for messages
   * @return the configuration
   * @throws MalformedManifestException if it is not one
   */
  public static ImageConfig parse(byte[] json, String subject) throws MalformedManifestException {
    JsonDocument document = JsonDocument.parse(json, subject);
    JsonDocument empty = JsonDocument.parse(new byte[] {'{', '}'}, subject);
    JsonDocument run = document.object("config").orElse(empty);
    return new ImageConfig(
        new Platform(
            document.text("os", ""),
            document.text("architecture", ""),
            document.text("variant", "")),
        diffIds(document, subject),
        history(document),
        run.texts("Env"),
        run.texts("Entrypoint"),
        run.texts("Cmd"),
        run.text("WorkingDir", ""),
        run.text("User", ""),
        run.object("ExposedPorts").orElse(empty).fields(),
        run.object("Volumes").orElse(empty).fields(),
        run.text("StopSignal", ""),
        labels(run.object("Labels").orElse(empty)));
  }

  /**
   * What a detector of hot files may know of the image before its files: history and command.
   *
   * @param layers the image's layers, from the bottom up
   * @param profile a trace of a cold start, if there was one
   * @return the evidence; it has no files yet
   */
  public ImageEvidence evidence(List<Layer> layers, Optional<Profile> profile) {
    List<String> arguments = new ArrayList<>(entrypoint);
    arguments.addAll(cmd);
    return new ImageEvidence(layers, history, profile)
        .with(new StartCommand(arguments, env, workingDir));
  }

  private static List<DiffId> diffIds(JsonDocument document, String subject)
      throws MalformedManifestException {
    Optional<JsonDocument> rootfs = document.object("rootfs");
    if (rootfs.isEmpty() || !rootfs.get().text("type").equals("layers")) {
      throw new MalformedManifestException(subject, "'rootfs' must be of the type 'layers'");
    }
    List<DiffId> diffIds = new ArrayList<>();
    for (String text : rootfs.get().texts("diff_ids")) {
      diffIds.add(diffId(text, "diff ID " + diffIds.size(), subject));
    }
    return diffIds;
  }

  private static DiffId diffId(String text, String name, String subject)
      throws MalformedManifestException {
    DiffId diffId;
    try {
      diffId = DiffId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new MalformedManifestException(subject, name + ": " + e.getMessage(), e);
    }
    // tiers name their blobs so, and the diff ID is the name of a layer's blob
    if (!diffId.digest().algorithm().equals("sha256")) {
      throw new MalformedManifestException(
          subject, name + " is a " + diffId.digest().algorithm() + "; layers are stored by sha256");
    }
    return diffId;
  }

  private static List<HistoryStep> history(JsonDocument document)
      throws MalformedManifestException {
    List<HistoryStep> steps = new ArrayList<>();
    for (JsonDocument step : document.objects("history")) {
      steps.add(new HistoryStep(step.text("created_by", ""), step.flag("empty_layer")));
    }
    return steps;
  }

  private static Map<String, String> labels(JsonDocument words) throws MalformedManifestException {
    Map<String, String> labels = new LinkedHashMap<>();
    for (String name : words.fields()) {
      labels.put(name, words.text(name, ""));
    }
    return labels;
  }
}
