package io.github.ndocker.hotfile;

import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.StartCommand;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The static step of HBCSA (N-Docker paper): tells which layers a cold start reads, from an image's
 * history and from what each layer brought, if the image's files can be looked at.
 *
 * <p>Every step of the history that made a layer is lined up with that layer and classified by its
 * command; what the command leaves open the files tell. Layers with the execution engine or the
 * application are hot; layers with the distribution, system libraries or mere configuration are
 * not. Without files, and where the history does not line up with the layers, only the topmost
 * layer is taken for the application. A trace of a cold start knows more; this is for the time
 * before there is one.
 */
public final class StaticAnalysis implements HotFileDetector {
  /** An analysis; it has no state. */
  public StaticAnalysis() {}

  @Override
  public HotSet detect(ImageEvidence evidence) throws IOException {
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
   * @param evidence what is known of the image; its profile is not looked at
   * @return one answer for each layer, from the bottom up
   * @throws IOException if the medium fails that the image's files are read from
   */
  public List<ClassifiedLayer> classify(ImageEvidence evidence) throws IOException {
    int layers = evidence.layers().size();
    LayerSteps steps = LayerSteps.of(evidence.history(), layers);
    List<LayerInventory> inventories =
        evidence.files().isPresent()
            ? LayerInventory.of(evidence.files().get(), layers)
            : List.of();
    LayerContentsClass contents = new LayerContentsClass(layers, started(evidence));
    List<ClassifiedLayer> classified = new ArrayList<>(layers);
    for (int position = 0; position < layers; position++) {
      Optional<ClassifiedLayer> byCommand =
          LayerCommandClass.of(position, steps.commands().get(position));
      if (inventories.isEmpty()) {
        int at = position;
        classified.add(byCommand.orElseGet(() -> byPosition(at, layers, steps.mismatch())));
      } else {
        classified.add(contents.of(position, inventories.get(position), byCommand));
      }
    }
    return classified;
  }

  /** The engines that the start command names: itself, or in an entrypoint's arguments. */
  private static Set<Engine> started(ImageEvidence evidence) {
    Set<Engine> engines = new HashSet<>();
    List<String> arguments =
        evidence.command().map(StartCommand::arguments).orElse(List.of()).stream()
            .limit(3)
            .toList();
    for (String argument : arguments) {
      for (String word : argument.split("\\s+", 50)) {
        Engines.named(word.substring(word.lastIndexOf('/') + 1)).ifPresent(engines::add);
      }
    }
    return engines;
  }

  private static ClassifiedLayer byPosition(int position, int layers, String mismatch) {
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
