package io.github.ndocker.faults;

import java.io.IOException;
import java.util.List;
import java.util.Random;

/** What a victim may do. */
enum Workload {
  /** Stores blobs on both tiers, whole and split. */
  WRITE,
  /** Moves every blob to the other tier and back. */
  MOVE,
  /** Deletes every blob. */
  DELETE,
  /** All of that in turns. */
  MIX,
  /** Writes until a medium is full, and goes on when there is room again. */
  FILL,
  /** Opens the store and closes it: all that a recovery is. */
  RECOVER,
  /** Many threads do all of that at once; needs to be told how many and how long. */
  DISTURB,
  /** Keeps the store open, and does nothing. */
  HOLD,
  /** Deploys images that share layers. */
  DEPLOY,
  /** Keeps profiles of an image, as if it had been traced. */
  TRACE,
  /** Promotes an image for one workload, then for another, and settles it. */
  PROMOTE,
  /** Removes images. */
  REMOVE,
  /** Opens the engine and closes it. */
  RECOVER_ENGINE;

  /** What has to be done before, so that it has something to do. */
  List<Workload> before() {
    return switch (this) {
      case MOVE, DELETE -> List.of(WRITE);
      case PROMOTE -> List.of(DEPLOY, TRACE);
      case REMOVE, RECOVER_ENGINE -> List.of(DEPLOY, TRACE, PROMOTE);
      default -> List.of();
    };
  }

  boolean needsEngine() {
    return switch (this) {
      case DEPLOY, TRACE, PROMOTE, REMOVE, RECOVER_ENGINE -> true;
      default -> false;
    };
  }

  void run(Steps steps, Places places, Random random, List<String> options) throws IOException {
    if (needsEngine()) {
      runEngine(steps, places);
      return;
    }
    if (this == RECOVER) {
      steps.ready();
      StoreUnderTest.open(places).close();
      return;
    }
    try (StoreUnderTest opened = StoreUnderTest.open(places)) {
      steps.ready();
      StoreWorkload work = new StoreWorkload(steps, opened.store(), random);
      switch (this) {
        case WRITE -> work.write();
        case MOVE -> work.move();
        case DELETE -> work.delete();
        case MIX -> work.mix();
        case FILL -> work.fill();
        case DISTURB ->
            ManyThreads.disturb(
                steps,
                opened.store(),
                random,
                Integer.parseInt(options.get(0)),
                Integer.parseInt(options.get(1)));
        default -> steps.ready();
      }
    }
  }

  private void runEngine(Steps steps, Places places) throws IOException {
    if (this == RECOVER_ENGINE) {
      steps.ready();
      EngineUnderTest.open(places).close();
      return;
    }
    try (EngineUnderTest engine = EngineUnderTest.open(places)) {
      steps.ready();
      switch (this) {
        case DEPLOY -> engine.deploy(steps);
        case TRACE -> engine.trace();
        case PROMOTE -> engine.promote(steps);
        default -> engine.remove(steps);
      }
    }
  }
}
