package io.github.ndocker.hotfile;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a layer is for, by its command if there is one, and by what it brought. For one thread. */
final class LayerContentsClass {
  /** What a command leaves behind that only configures: caches, settings, users. */
  private static final long CONFIGURATION_BYTES = 1 << 20;

  private final int layers;
  private final Set<Engine> started;

  /**
   * For one image.
   *
   * @param layers how many it has
   * @param started the engines that its command starts; empty if that is not known
   */
  LayerContentsClass(int layers, Set<Engine> started) {
    this.layers = layers;
    this.started = Set.copyOf(started);
  }

  ClassifiedLayer of(int position, LayerInventory inventory, Optional<ClassifiedLayer> byCommand) {
    if (byCommand.isEmpty()) {
      return unknown(position, inventory);
    }
    ClassifiedLayer command = byCommand.get();
    boolean nothing = command.evidence().equals(LayerCommandClass.NOTHING);
    if (command.layerClass() == LayerClass.SYSTEM_LIBRARIES
        || nothing
        || (command.layerClass() == LayerClass.DISTRIBUTION && layers == 1)) {
      // packages bring others, among them languages that only scripts of theirs need
      Optional<ClassifiedLayer> engine = engine(position, inventory, true);
      if (engine.isPresent()) {
        return engine.get();
      }
    }
    return nothing && inventory.bytes() > CONFIGURATION_BYTES
        ? unknown(position, inventory)
        : command;
  }

  /** By the files alone. */
  private ClassifiedLayer unknown(int position, LayerInventory inventory) {
    if (position == 0 && inventory.isDistribution() && layers > 1) {
      return new ClassifiedLayer(
          position, LayerClass.DISTRIBUTION, "the bottom layer says which distribution this is");
    }
    Optional<ClassifiedLayer> engine = engine(position, inventory, false);
    if (engine.isPresent()) {
      return engine.get();
    }
    if (inventory.isDistribution()) {
      return new ClassifiedLayer(
          position, LayerClass.DISTRIBUTION, "it says which distribution this is");
    }
    if (inventory.isEmpty()) {
      return new ClassifiedLayer(position, LayerClass.CONFIGURATION, "it has no files");
    }
    if (inventory.ownBytes() > inventory.systemBytes()) {
      return new ClassifiedLayer(
          position,
          LayerClass.APPLICATION,
          megabytes(inventory.ownBytes()) + " outside of the directories of the system");
    }
    if (!inventory.packages().isEmpty() || inventory.hasPackageDatabase()) {
      return new ClassifiedLayer(
          position,
          LayerClass.SYSTEM_LIBRARIES,
          "a package manager ran, and no execution engine came of it");
    }
    if (inventory.systemBytes() > 0) {
      return new ClassifiedLayer(
          position,
          position == 0 ? LayerClass.DISTRIBUTION : LayerClass.SYSTEM_LIBRARIES,
          megabytes(inventory.systemBytes()) + " in directories of the system");
    }
    return new ClassifiedLayer(
        position, LayerClass.CONFIGURATION, inventory.files() + " files, all of them settings");
  }

  /** An engine that came with the layer. */
  private Optional<ClassifiedLayer> engine(
      int position, LayerInventory inventory, boolean onlyStarted) {
    for (Map.Entry<Engine, String> engine : inventory.engines().entrySet()) {
      boolean runs = started.contains(engine.getKey());
      // the bottom layers of most distributions have Perl
      if (runs || (!onlyStarted && (position > 0 || !inventory.isDistribution()))) {
        return Optional.of(
            new ClassifiedLayer(
                position,
                LayerClass.EXECUTION_ENGINE,
                engine.getValue() + " is " + engine.getKey().name()));
      }
    }
    return Optional.empty();
  }

  private static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
