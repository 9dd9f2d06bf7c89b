package io.github.ndocker.faults;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.faults.Places.Kind;
import io.github.ndocker.registry.DockerRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A little of what {@code scripts/test --faults} does. */
class FaultsTest {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long SEED = new Random().nextInt(Integer.MAX_VALUE);

  /** Of what has to copy a real image each time. */
  private static final double FEW = 1.0 / 3;

  private static DockerRegistry registry;
  private static Shutdown.Closed<Lab> lab;

  @BeforeAll
  static void openLab() throws IOException, InterruptedException {
    assumeTrue("root".equals(System.getProperty("user.name")), "loop devices and strace need root");
    assumeTrue(Files.isDirectory(MEMORY), "this host has no /dev/shm");
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/strace")), "strace is not installed");
    System.out.println("FaultsTest: seed " + SEED);
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    String images = System.getProperty("ndocker.images", "");
    assumeTrue(!images.isEmpty(), "no images given in ndocker.images");
    registry = DockerRegistry.start();
    lab = Shutdown.open(() -> Lab.in(MEMORY, registry.host(), Path.of(images, "oci")));
  }

  @AfterAll
  static void closeLab() throws IOException {
    if (lab != null) {
      lab.close();
    }
    if (registry != null) {
      registry.close();
    }
  }

  /** Each kind of fault, on one kind of fast tier where both would take too long. */
  static List<Fault> faults() {
    return List.of(
        new KillSweep(Workload.WRITE, Kind.HEAP),
        new KillSweep(Workload.MOVE, Kind.FILES),
        new KillSweep(Workload.PROMOTE, Kind.FILES),
        new KillSweep(Workload.PROMOTE_REAL, Kind.FILES),
        new KillSweep(Workload.REMOVE, Kind.FILES),
        new KilledRecovery(Kind.FILES),
        new KillAnywhere(Kind.HEAP),
        new PowerCuts(Kind.FILES),
        new PowerCuts(Kind.HEAP),
        new FullDisks(Kind.FILES),
        new FullDisks(Kind.HEAP),
        FailedCalls.forces(Kind.FILES),
        FailedCalls.writes(Kind.FILES),
        new FailedReads(Kind.FILES),
        new BrokenDisks(),
        new SecondProcess(Kind.HEAP),
        new ManyThreads(Kind.HEAP),
        new BitFlips(Kind.FILES));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void losesNothingShowsNothingHalfAndLeaksNothing(Fault fault) throws IOException {
    Effort effort =
        fault instanceof KillSweep sweep && sweep.workload() == Workload.PROMOTE_REAL
            ? Effort.SHORT.times(FEW)
            : Effort.SHORT;
    Tally tally = fault.run(lab.get(), effort, SEED);
    assertTrue(tally.isGood(), fault.name() + ", seed " + SEED + ": " + tally);
  }
}
