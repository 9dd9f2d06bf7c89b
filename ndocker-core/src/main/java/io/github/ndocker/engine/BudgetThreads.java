package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.store.Restraint;
import io.github.ndocker.store.RightOfWay;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
    // what may throw comes before there is a thread
    Optional<Long> balanceMillis = balanceEvery.map(every -> Math.max(1, every.toMillis()));
    repeat(this::flush, FLUSH_MILLIS);
    balanceMillis.ifPresent(millis -> repeat(this::balance, millis));
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
      budget.balanceUnlessBusy(betweenStarts()).ifPresent(BudgetThreads::log);
    } catch (IOException e) {
      if (!closed) {
        LOG.warn("the fast tier was not balanced: {}", e.getMessage());
      }
    }
  }

  private static void log(BudgetReport report) {
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
  }

  /** Rests after each step while there are starts, unless somebody waits for the balance itself. */
  private StandAside betweenStarts() {
    Restraint restraint = new Restraint(urgent);
    return () -> {
      requireOpen();
      if (!budget.isAwaited()) {
        restraint.run();
        requireOpen();
      }
    };
  }

  private void requireOpen() throws NDockerException {
    if (closed) {
      throw new NDockerException("the engine is closed; a balance ends with the step it is at");
    }
  }

  /** Waits for the step that is under way: what it works on is closed next. */
  @Override
  public void close() throws IOException {
    closed = true;
    threads.shutdown();
    Termination.await(threads);
    ledger.flush();
  }
}
