package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.store.RightOfWay;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done for the budget when nobody waits for it: starts are written down, and the fast tier
 * is balanced, if that is wanted. Thread-safe.
 */
final class BudgetThreads implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(BudgetThreads.class);

  /** So much of what is counted may be lost in a crash. */
  private static final long FLUSH_MILLIS = 5_000;

  /** While there are starts it works a fifth of the time, so that it ends all the same. */
  private static final int REST_FOR_WORK = 4;

  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final StartLedger ledger;
  private final HotBudget budget;
  private final RightOfWay urgent;

  /** Two, so that a balance keeps no start from being written down. */
  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          2,
          work -> {
            Thread thread = new Thread(work, "ndocker-budget");
            thread.setDaemon(true);
            return thread;
          });

  private volatile boolean closed;

  BudgetThreads(
      StartLedger ledger, HotBudget budget, RightOfWay urgent, Optional<Duration> balanceEvery) {
    this.ledger = ledger;
    this.budget = budget;
    this.urgent = urgent;
    repeat(this::flush, FLUSH_MILLIS);
    balanceEvery.ifPresent(every -> repeat(this::balance, Math.max(1, every.toMillis())));
  }

  private void repeat(Runnable work, long millis) {
    // a task that throws would not be run again
    Runnable guarded =
        () -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            LOG.warn("work for the budget of the fast tier failed", e);
          }
        };
    var unused = threads.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void flush() {
    try {
      ledger.flush();
    } catch (IOException e) {
      LOG.warn("starts are not written down: {}", e.getMessage());
    }
  }

  private void balance() {
    try {
      BudgetReport report = budget.balance(BrushBack.BACKGROUND, new BetweenStarts());
      if (!report.isEmpty()) {
        LOG.info(
            "hot packs: {} images evicted, {} admitted, {} renewed; {} of {} bytes",
            report.evicted().size(),
            report.admitted().size(),
            report.renewed().size(),
            report.heldBytes(),
            report.budgetBytes());
      }
      for (BudgetFailure failure : report.failures()) {
        LOG.info("{}: {}", failure.reference(), failure.reason().getMessage());
      }
    } catch (IOException e) {
      if (!closed) {
        LOG.warn("the fast tier was not balanced: {}", e.getMessage());
      }
    }
  }

  /** Rests after each step while there are starts, and nobody waits for the balance itself. */
  private final class BetweenStarts implements StandAside {
    private long since = System.nanoTime();

    @Override
    public void await() throws NDockerException {
      long rest = REST_FOR_WORK * (System.nanoTime() - since);
      long begin = System.nanoTime();
      while (!closed
          && urgent.isTaken()
          && !budget.isAwaited()
          && System.nanoTime() - begin < rest) {
        LockSupport.parkNanos(this, SLICE_NANOS);
      }
      if (closed) {
        throw new NDockerException("the engine is closed; a balance ends with the step it is at");
      }
      since = System.nanoTime();
    }
  }

  /** Waits for the step that is under way: what it works on is closed next. */
  @Override
  public void close() throws IOException {
    closed = true;
    threads.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    ledger.flush();
  }
}
