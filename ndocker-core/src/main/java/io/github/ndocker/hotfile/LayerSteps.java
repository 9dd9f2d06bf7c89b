package io.github.ndocker.hotfile;

import io.github.ndocker.api.HistoryStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Which step of a history made which layer. Immutable.
 *
 * @param commands of each layer, from the bottom up; empty where it cannot be told
 * @param mismatch what does not fit, in words; empty if every layer has its step
 */
record LayerSteps(List<Optional<BuildCommand>> commands, String mismatch) {
  LayerSteps {
    commands = List.copyOf(commands);
  }

  /**
   * Lines up. The steps that are marked as making a layer are these, if they are as many as the
   * layers. Some builders mark none: then it is those whose instruction makes one. If the base has
   * no history, or steps were squashed, only an end of the history that is sure is used.
   */
  static LayerSteps of(List<HistoryStep> history, int layers) {
    List<BuildCommand> marked = new ArrayList<>();
    List<BuildCommand> copied = new ArrayList<>();
    List<BuildCommand> withDirectories = new ArrayList<>();
    for (HistoryStep step : history) {
      BuildCommand command = BuildCommand.parse(step.createdBy());
      if (!step.emptyLayer()) {
        marked.add(command);
      }
      if (command.makesLayer()) {
        copied.add(command);
      }
      if (command.makesLayer() || command.kind() == BuildCommand.Kind.DIRECTORY) {
        withDirectories.add(command);
      }
    }
    for (List<BuildCommand> steps : List.of(marked, copied, withDirectories)) {
      if (steps.size() == layers) {
        return new LayerSteps(steps.stream().map(Optional::of).toList(), "");
      }
    }
    return partly(marked, layers);
  }

  private static LayerSteps partly(List<BuildCommand> steps, int layers) {
    List<Optional<BuildCommand>> commands =
        new ArrayList<>(Collections.nCopies(layers, Optional.empty()));
    if (!steps.isEmpty() && layers > 0) {
      boolean fromBottom = fillsRoot(steps.get(0));
      if (fromBottom) {
        commands.set(0, Optional.of(steps.get(0)));
      } else if (steps.size() < layers) {
        // a base without a history, and then what was built on it
        for (int i = 0; i < steps.size(); i++) {
          commands.set(layers - steps.size() + i, Optional.of(steps.get(i)));
        }
      }
    }
    return new LayerSteps(
        commands,
        "the history has "
            + steps.size()
            + " steps that made a layer, the image "
            + layers
            + " layers; ");
  }

  private static boolean fillsRoot(BuildCommand command) {
    return command.kind() == BuildCommand.Kind.COPY && command.fillsRoot();
  }
}
