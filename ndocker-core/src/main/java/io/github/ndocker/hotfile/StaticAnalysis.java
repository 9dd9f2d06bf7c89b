package io.github.ndocker.hotfile;

import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The static step of HBCSA (N-Docker paper): tells from an image's history alone which layers a
 * cold start reads.
 *
 * <p>Every step of the history that made a layer is lined up with that layer and classified by its
 * command. Layers with the execution engine or the application are hot; layers with the
 * distribution, system libraries or mere configuration are not. Where the history does not line up
 * with the layers, only the topmost layer is taken for the application. A trace of a cold start
 * knows more; this is for the time before there is one.
 */
public final class StaticAnalysis implements HotFileDetector {
  /** An analysis; it has no state. */
  public StaticAnalysis() {}

  @Override
  public HotSet detect(ImageEvidence evidence) {
    List<HotLayer> hot = new ArrayList<>();
    for (ClassifiedLayer layer : classify(evidence)) {
      if (layer.layerClass().isHot()) {
        hot.add(new HotLayer(layer.position(), layer.evidence()));
      }
    }
    return new HotSet(hot, List.of());
  }

  /**
   * Says of every layer what it is for.
   *
   * @param evidence what is known of the image; only layers and history are looked at
   * @return one answer for each layer, from the bottom up
   */
  public List<ClassifiedLayer> classify(ImageEvidence evidence) {
    List<HistoryStep> steps =
        evidence.history().stream().filter(step -> !step.emptyLayer()).toList();
    int layers = evidence.layers().size();
    List<ClassifiedLayer> classified = new ArrayList<>(layers);
    for (int position = 0; position < layers; position++) {
      classified.add(
          steps.size() == layers
              ? byCommand(position, steps.get(position))
              : byPosition(position, layers, steps.size()));
    }
    return classified;
  }

  private static ClassifiedLayer byCommand(int position, HistoryStep step) {
    BuildCommand command = BuildCommand.parse(step.createdBy());
    return switch (command.kind()) {
      case COPY -> copied(position, command);
      case RUN -> executed(position, command);
    };
  }

  private static ClassifiedLayer copied(int position, BuildCommand command) {
    if (position == 0 && command.fillsRoot()) {
      return new ClassifiedLayer(
          position,
          LayerClass.DISTRIBUTION,
          "the bottom layer is unpacked into the root directory");
    }
    return new ClassifiedLayer(
        position, LayerClass.APPLICATION, "files of the image's own are copied into it");
  }

  private static ClassifiedLayer executed(int position, BuildCommand command) {
    List<String> packages = command.installedPackages();
    for (String name : packages) {
      Optional<Engine> engine = Engines.ofPackage(name);
      if (engine.isPresent()) {
        return new ClassifiedLayer(
            position,
            LayerClass.EXECUTION_ENGINE,
            "package " + name + " installs " + engine.get().name());
      }
    }
    Optional<Engine> source = Engines.ofDownload(command.textWithoutPackages());
    if (source.isPresent()) {
      return new ClassifiedLayer(
          position, LayerClass.EXECUTION_ENGINE, "it downloads " + source.get().name());
    }
    Optional<String> build = command.applicationBuild();
    if (build.isPresent()) {
      return new ClassifiedLayer(
          position, LayerClass.APPLICATION, "'" + build.get() + "' builds or installs software");
    }
    if (!packages.isEmpty()) {
      return new ClassifiedLayer(
          position,
          LayerClass.SYSTEM_LIBRARIES,
          packages.size() + " packages, none of which is an execution engine");
    }
    if (position == 0) {
      return new ClassifiedLayer(
          position, LayerClass.DISTRIBUTION, "the bottom layer, made by a command of its own");
    }
    return new ClassifiedLayer(
        position, LayerClass.CONFIGURATION, "its command installs and copies nothing");
  }

  private static ClassifiedLayer byPosition(int position, int layers, int steps) {
    String mismatch =
        "the history has " + steps + " steps that made a layer, the image " + layers + " layers; ";
    if (position == layers - 1) {
      return new ClassifiedLayer(
          position, LayerClass.APPLICATION, mismatch + "the topmost layer is most likely its own");
    }
    if (position == 0) {
      return new ClassifiedLayer(
          position, LayerClass.DISTRIBUTION, mismatch + "the bottom layer is most likely the base");
    }
    return new ClassifiedLayer(
        position, LayerClass.SYSTEM_LIBRARIES, mismatch + "nothing is known of this one");
  }
}
