package io.github.ndocker.evaluation;

import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;

/** Says what is measured, and how long the rest will take by what has been measured so far. */
final class Progress {
  private final PrintStream out;
  private final double allWeight;
  private final long start = System.nanoTime();
  private double doneBefore;
  private double done;
  private String unit = "";

  /** Begins; a weight is how long a unit takes beside others. */
  Progress(PrintStream out, double allWeight) {
    this.out = out;
    this.allWeight = allWeight;
  }

  /** A unit of an earlier run, which takes no time now. */
  void had(String name, double weight) {
    doneBefore += weight;
    say(name + " is measured already");
  }

  void begin(String name) {
    unit = name;
    say(name + estimate());
  }

  void step(String what) {
    say(unit + ": " + what);
  }

  void end(double weight) {
    done += weight;
  }

  private String estimate() {
    if (done == 0) {
      return "";
    }
    double left = allWeight - done - doneBefore;
    Duration rest = Duration.ofNanos((long) ((System.nanoTime() - start) * (left / done)));
    return "; about " + Math.max(1, rest.toMinutes()) + " min left";
  }

  private void say(String what) {
    out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + what);
  }
}
