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
  /** Deploys a real image, traces and promotes it. */
  DEPLOY_REAL,
  /** Promotes that for another workload. */
  PROMOTE_REAL,
  /** Removes images. */
  REMOVE,
  /** Opens the engine and closes it. */
  RECOVER_ENGINE;

  private static final long REAL_FAST_BYTES = 128L << 20;
  private static final long REAL_SLOW_BYTES = 512L << 20;

  /** What has to be done before, so that it has something to do. */
  List<Workload> before() {
    return switch (this) {
      case MOVE, DELETE -> List.of(WRITE);
      case PROMOTE -> List.of(DEPLOY, TRACE);
      case PROMOTE_REAL -> List.of(DEPLOY_REAL);
      case REMOVE, RECOVER_ENGINE -> List.of(DEPLOY, TRACE, PROMOTE);
      default -> List.of();
    };
  }

  /** What it leaves, to be looked at afterwards. */
  Examination.Of leaves() {
    return switch (this) {
      case DEPLOY, TRACE, PROMOTE, REMOVE, RECOVER_ENGINE -> Examination.Of.SMALL_IMAGES;
      case DEPLOY_REAL, PROMOTE_REAL -> Examination.Of.REAL_IMAGE;
      default -> Examination.Of.BLOBS;
    };
  }

  /** The same site with room for what it stores. */
  Site sized(Site site) {
    return leaves() == Examination.Of.REAL_IMAGE
        ? new Site(site.places().withBytes(REAL_FAST_BYTES, REAL_SLOW_BYTES), site.side())
        : site;
  }

  void run(Steps steps, Places places, Random random, List<String> options) throws IOException {
    switch (leaves()) {
      case SMALL_IMAGES -> runEngine(steps, places);
      case REAL_IMAGE -> runRealImage(steps, places);
      default -> runStore(steps, places, random, options);
    }
  }

  private void runStore(Steps steps, Places places, Random random, List<String> options)
      throws IOException {
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

  private void runRealImage(Steps steps, Places places) throws IOException {
    try (RealImage image = RealImage.open(places)) {
      steps.ready();
      if (this == DEPLOY_REAL) {
        image.deploy(steps);
      } else {
        image.promote(steps);
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
