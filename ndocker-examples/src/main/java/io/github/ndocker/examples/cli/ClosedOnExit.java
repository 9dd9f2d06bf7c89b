package io.github.ndocker.examples.cli;

import java.io.Closeable;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes something also when the JVM is told to end (Ctrl-C, SIGTERM), so that no mount and no
 * container outlives the command that made it.
 *
 * @param <T> what is closed; its {@code close} may be called twice and from another thread
 */
public final class ClosedOnExit<T extends Closeable> implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(ClosedOnExit.class);

  private final T resource;
  private final Thread hook = new Thread(this::closeAtExit, "ndocker-exit");

  /**
   * Takes over something.
   *
   * @param resource what is closed
   */
  public ClosedOnExit(T resource) {
    this.resource = resource;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /**
   * What is closed.
   *
   * @return the resource
   */
  public T get() {
    return resource;
  }

  @Override
  public void close() throws IOException {
    // first: the hook may run at any moment until it is removed, and closing twice is harmless
    resource.close();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      LOG.debug("the JVM is ending already", e);
    }
  }

  private void closeAtExit() {
    try {
      resource.close();
    } catch (IOException e) {
      System.err.println("ndocker: while ending: " + e.getMessage());
    }
  }
}
