package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries all faults and prints a table. Run by {@code scripts/test --faults}. */
@Command(name = "faults", mixinStandardHelpOptions = true)
public final class FaultRun implements Callable<Integer> {
  private static final int MOST_COMPLAINTS = 10;
  private static final int LONGEST_COMPLAINT = 600;
  private static final int SOMETHING_WENT_WRONG = 1;

  @Option(names = "--memory", description = "a directory on tmpfs for the disks")
  private Path memory = Path.of("/dev/shm");

  @Option(
      names = "--registry",
      required = true,
      description = "host and port of a registry that images may be pushed to")
  private String registry = "";

  @Option(names = "--images", required = true, description = "an OCI layout with the image python")
  private Path images = Path.of("");

  @Option(names = "--seed", description = "repeats a run; by default another one each time")
  private @Nullable Long seed;

  @Option(names = "--trials", description = "times the usual number of trials, such as 0.1")
  private double trials = 1;

  @Option(names = "--only", description = "faults whose names hold this text")
  private String only = "";

  private final PrintStream out = System.out;

  /** For the command line. */
  public FaultRun() {}

  /** Exit code 0: nothing was lost, half-visible or leaked. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new FaultRun()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    long chosen = seed != null ? seed : new Random().nextInt(Integer.MAX_VALUE);
    out.println("seed " + chosen);
    FaultTable table = new FaultTable();
    try (Shutdown.Closed<Lab> lab = Shutdown.open(() -> Lab.in(memory, registry, images))) {
      for (Fault fault : all()) {
        if (fault.name().contains(only)) {
          long begin = System.nanoTime();
          Tally tally = fault.run(lab.get(), Effort.FULL.times(trials), chosen);
          table.add(fault.name(), tally);
          out.printf("%s: %d s%n", fault.name(), (System.nanoTime() - begin) / 1_000_000_000);
          tally.complaints().stream().limit(MOST_COMPLAINTS).forEach(this::printShortened);
        }
      }
    }
    out.println();
    out.print(table);
    return table.isGood() ? 0 : SOMETHING_WENT_WRONG;
  }

  private void printShortened(String complaint) {
    out.println("  " + complaint.substring(0, Math.min(LONGEST_COMPLAINT, complaint.length())));
  }

  /** All that can be tried. */
  static List<Fault> all() {
    List<Fault> faults = new ArrayList<>();
    for (Places.Kind kind : Places.Kind.values()) {
      for (Workload workload :
          List.of(
              Workload.WRITE,
              Workload.MOVE,
              Workload.DELETE,
              Workload.DEPLOY,
              Workload.PROMOTE,
              Workload.PROMOTE_REAL,
              Workload.REMOVE)) {
        faults.add(new KillSweep(workload, kind));
      }
      faults.add(new KilledRecovery(kind));
      faults.add(new KillAnywhere(kind));
      faults.add(new PowerCuts(kind));
      faults.add(new FullDisks(kind));
      faults.add(FailedCalls.forces(kind));
      faults.add(FailedCalls.writes(kind));
      faults.add(new FailedReads(kind));
      faults.add(new SecondProcess(kind));
      faults.add(new ManyThreads(kind));
      faults.add(new BitFlips(kind));
    }
    faults.add(new BrokenDisks());
    return faults;
  }
}
