package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.ColdStartTrace;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.store.ProfileRecord;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * A container that is watched while it starts. Closing ends it, also from another thread, and keeps
 * no profile by itself.
 */
public final class TracedStart implements Closeable {
  private final ChainId image;
  private final Records records;
  private final ColdStartTrace trace;
  private final RunningContainer running;

  TracedStart(ChainId image, Records records, ColdStartTrace trace, RunningContainer running) {
    this.image = image;
    this.records = records;
    this.trace = trace;
    this.running = running;
  }

  /**
   * Waits until the container is ready, and keeps what it has read by then.
   *
   * @param workload a name for what was started; an earlier profile of that name is replaced
   * @param readiness when it is ready
   * @param timeout how long to wait for that at most
   * @return what it read
   * @throws IOException if the container does not become ready, or the kernel or the catalogue
   *     fails; no profile is kept then
   */
  public Profile finish(String workload, Readiness readiness, Duration timeout) throws IOException {
    running.container().awaitReady(readiness, timeout);
    Profile profile = trace.finish(image, workload);
    records.put(new ProfileRecord(image, workload, ProfileDocument.write(profile)));
    return profile;
  }

  @Override
  public void close() throws IOException {
    try (running) {
      trace.close();
    }
  }
}
