package io.github.ndocker.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Says what a victim does, a line before each step and one after it, so that another process knows
 * it when this one is dead.
 */
final class Steps {
  private final OutputStream out;
  private final InputStream in;
  private final boolean waits;

  /**
   * Steps of this process.
   *
   * @param out for the lines, each in one write
   * @param in where somebody lets it go on
   * @param waits whether it stops after each step until it is let
   */
  Steps(OutputStream out, InputStream in, boolean waits) {
    this.out = out;
    this.in = in;
    this.waits = waits;
  }

  /** Something that is done to a blob or an image. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  /** Says that it is ready, and waits until it is let go on. */
  void ready() throws IOException {
    say("ready");
    await();
  }

  /**
   * Does a step.
   *
   * @param what a verb of {@link Journal}
   * @param whose blob or image
   * @return whether it was done; if not, the medium has failed or is full
   */
  boolean take(String what, Object whose, Step step) throws IOException {
    say("begin " + what + " " + whose);
    boolean done = false;
    try {
      step.run();
      done = true;
    } catch (IOException e) {
      say("failed " + String.valueOf(e).replace('\n', ' '));
    }
    if (done) {
      say("done");
    }
    if (waits) {
      await();
    }
    return done;
  }

  private void say(String line) throws IOException {
    out.write((line + "\n").getBytes(UTF_8));
    out.flush();
  }

  private void await() throws IOException {
    int read = in.read();
    if (read < 0) {
      throw new IOException("nobody listens any more");
    }
  }
}
