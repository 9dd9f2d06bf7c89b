package io.github.ndocker.evaluation.prediction;

import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.StartCommand;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.NotTracedException;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.hotfile.StaticAnalysis;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.prediction.PredictedFiles;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deploys images, traces one cold start of each, and prints how much of what it read was predicted
 * from the image alone. What is deployed and traced already in the directories stays so.
 */
public final class PredictionScore {
  private static final long CAPACITY = 64L << 30;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** How many of the files that were missed are printed of each image; none by default. */
  private static final int MISSED = Integer.getInteger("ndocker.prediction.missed", 0);

  /** The last evidence that the engine asked about. */
  private Optional<ImageEvidence> asked = Optional.empty();

  private PredictionScore() {}

  /**
   * Prints a table.
   *
   * @param arguments the directory of the images ({@code make-images}); a directory for state, on a
   *     disk; a directory for blobs, best in memory; and the images
   */
  public static void main(String... arguments) throws IOException {
    Path images = Path.of(arguments[0]);
    PredictionScore score = new PredictionScore();
    System.out.println(Score.HEAD);
    List<Score> scores = new ArrayList<>();
    try (NDocker engine = score.open(Path.of(arguments[1]), Path.of(arguments[2]))) {
      for (String image : List.of(arguments).subList(3, arguments.length)) {
        Score one = score.of(engine, images, image);
        scores.add(one);
        System.out.println(one.row());
      }
    }
    System.out.println(Score.median(scores));
  }

  private NDocker open(Path state, Path blobs) throws IOException {
    return NDocker.builder(
            state,
            FileTier.open(blobs.resolve("fast"), CAPACITY),
            FileTier.open(blobs.resolve("slow"), CAPACITY))
        .placement(new AllSlow())
        .detector(
            evidence -> {
              asked = Optional.of(evidence);
              return new HotSet(List.of(), List.of());
            })
        .open();
  }

  private Score of(NDocker engine, Path images, String image) throws IOException {
    ImageReference reference = ImageReference.parse(image);
    Workload workload = Workload.of(image, images.resolve("coldstart.json"));
    if (!engine.images().contains(reference.toString())) {
      engine.deploy(reference, OciLayout.open(images.resolve("oci")), progress -> {});
    }
    ContainerSpec spec = engine.containerSpec(reference).withArguments(workload.arguments());
    try {
      engine.promote(reference, image);
    } catch (NotTracedException e) {
      engine.trace(reference, image, spec, workload.readiness(), TIMEOUT);
      engine.promote(reference, image);
    }
    ImageEvidence evidence = asked.orElseThrow();
    Profile traced = evidence.profile().orElseThrow();
    StartCommand command = evidence.command().orElseThrow();
    StartCommand started =
        new StartCommand(workload.arguments(), command.environment(), command.workingDirectory());
    long begin = System.nanoTime();
    HotSet predicted = new PredictedFiles().detect(evidence.with(started));
    double seconds = (System.nanoTime() - begin) / 1e9;
    PageRanges read = PageRanges.of(traced.hotFiles());
    PageRanges here = PageRanges.of(predicted.files());
    PageRanges missed = read.minus(here);
    if (MISSED > 0) {
      new StaticAnalysis().classify(evidence).forEach(System.out::println);
      System.out.print(missed.worst(MISSED));
      System.out.println("  superfluous:");
      System.out.print(here.minus(read).worst(MISSED / 2));
    }
    return new Score(image, workload.bytes(), read, here, missed, seconds);
  }
}
