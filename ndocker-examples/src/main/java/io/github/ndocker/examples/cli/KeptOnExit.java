package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.TraceSignal;
import java.io.Closeable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a trace when the JVM is told to end (Ctrl-C, SIGTERM), and lets the command keep what was
 * seen, and end its container, before it does. To be closed when that is done.
 */
final class KeptOnExit implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(KeptOnExit.class);

  /** A container that is killed may take half of that. */
  private static final int PATIENCE_SECONDS = 60;

  private final TraceSignal signal = new TraceSignal();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook = new Thread(this::endAtExit, "ndocker-exit");

  KeptOnExit() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  TraceSignal signal() {
    return signal;
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("the JVM is ending already", e);
    }
  }

  private void endAtExit() {
    signal.give();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("ndocker: the trace did not end in " + PATIENCE_SECONDS + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
