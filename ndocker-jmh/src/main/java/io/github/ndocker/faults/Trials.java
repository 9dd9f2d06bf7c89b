package io.github.ndocker.faults;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Makes the trials of one fault, two at a time, each with a seed of its own. */
final class Trials {
  private static final int AT_A_TIME = 2;

  /** Small seeds that follow each other begin with the same numbers. */
  private static final long SCRAMBLE = 0x9e3779b97f4a7c15L;

  private final String fault;
  private final long seed;

  /** Trials of a fault; a seed repeats them. */
  Trials(String fault, long seed) {
    this.fault = fault;
    this.seed = seed;
  }

  static Random random(long seed) {
    return new Random(seed * SCRAMBLE);
  }

  /** One trial. */
  @FunctionalInterface
  interface Trial {
    /**
     * Makes it.
     *
     * @param number from 0
     * @param random for all that is by chance in it
     * @throws IOException if the store could not be looked at afterwards
     */
    Tally run(int number, Random random) throws IOException;
  }

  Tally run(int count, Trial trial) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<Tally>> running = new ArrayList<>();
      for (int number = 0; number < count; number++) {
        int which = number;
        running.add(threads.submit(() -> attempt(which, trial)));
      }
      Tally all = Tally.NONE;
      for (Future<Tally> one : running) {
        all = all.plus(one.get());
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted in " + fault);
    } catch (ExecutionException e) {
      throw new NDockerException(fault + " could not be tried: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private Tally attempt(int number, Trial trial) {
    String which = fault + ", seed " + seed + ", trial " + number;
    try {
      return trial.run(number, random(seed + number)).after(which);
    } catch (IOException | RuntimeException e) {
      return Tally.notRecovered(0, which + ": " + e);
    }
  }
}
