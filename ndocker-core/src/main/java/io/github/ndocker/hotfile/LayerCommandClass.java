package io.github.ndocker.hotfile;

import java.util.List;
import java.util.Optional;

/** What a layer is for, by the command that made it. */
final class LayerCommandClass {
  /** A command that says nothing; what it has done the files tell better. */
  static final String NOTHING = "its command installs and copies nothing";

  private LayerCommandClass() {}

  static Optional<ClassifiedLayer> of(int position, Optional<BuildCommand> command) {
    return command.map(
        one ->
            switch (one.kind()) {
              case COPY -> copied(position, one);
              case RUN -> executed(position, one);
              case SETTING, DIRECTORY ->
                  new ClassifiedLayer(position, LayerClass.CONFIGURATION, NOTHING);
            });
  }

  private static ClassifiedLayer copied(int position, BuildCommand command) {
    if (position == 0 && command.fillsRoot()) {
      return new ClassifiedLayer(
          position,
          LayerClass.DISTRIBUTION,
          "the bottom layer is unpacked into the root directory");
    }
    Optional<Engine> engine = Engines.ofCopied(command.text());
    if (engine.isPresent()) {
      return new ClassifiedLayer(
          position, LayerClass.EXECUTION_ENGINE, engine.get().name() + " is copied into it");
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
    return new ClassifiedLayer(position, LayerClass.CONFIGURATION, NOTHING);
  }
}
