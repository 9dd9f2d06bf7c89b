package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Where one trial takes place.
 *
 * @param places the store's
 * @param side for what processes leave beside it, on a medium that does not fail
 */
record Site(Places places, Path side) {
  /** A site with nothing in it. */
  static Site empty(Path ground, Path side, Places.Kind kind) throws IOException {
    return new Site(
        Places.in(Files.createDirectories(ground), kind), Files.createDirectories(side));
  }

  /** A copy of all that is in this one. */
  Site copiedTo(Path ground, Path otherSide) throws IOException {
    Files.createDirectories(ground.toAbsolutePath().getParent());
    HostCommand.run(
        "cp", "--archive", "--no-target-directory", places.root().toString(), ground.toString());
    return new Site(places.movedTo(ground), Files.createDirectories(otherSide));
  }

  /** Looks at it, in a process of its own if this one could not close it again. */
  Inventory examine(Examination.Of what) throws IOException {
    return places.fastKind() == Places.Kind.HEAP
        ? VictimProcess.examine(this, Examination.class, List.of(what.name()))
        : Examination.of(places, what);
  }

  /** Removes it. */
  void remove() throws IOException {
    HostCommand.run("rm", "-rf", "--one-file-system", places.root().toString(), side.toString());
  }
}
