package io.github.ndocker.engine;

import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledRun;
import io.github.ndocker.hotfile.ColdStartTrace;
import io.github.ndocker.hotfile.TraceFindings;
import io.github.ndocker.store.ImageRecord;
import java.io.Closeable;
import java.io.IOException;

/**
 * A container that is watched while it starts. Closing ends it, also from another thread, and keeps
 * no profile by itself.
 */
public final class TracedStart implements Closeable {
  private final ImageRecord image;
  private final Profiles profiles;
  private final ColdStartTrace trace;
  private final RunningContainer running;
  private final TraceOptions options;

  TracedStart(
      ImageRecord image,
      Profiles profiles,
      ColdStartTrace trace,
      RunningContainer running,
      TraceOptions options) {
    this.image = image;
    this.profiles = profiles;
    this.trace = trace;
    this.running = running;
    this.options = options;
  }

  /**
   * Waits for the end of the trace, and keeps what the container has touched by then. It runs on
   * until this is closed.
   *
   * @param workload a name for what was started
   * @return this run alone; what is kept of the workload is that and earlier runs
   * @throws IOException if the container fails before the trace has ended, or the kernel or the
   *     catalogue does; no profile is kept then
   */
  public Profile finish(String workload) throws IOException {
    Profile profile = observe(workload);
    profiles.keep(profile, options.replacing());
    return profile;
  }

  /** As {@link #finish}, keeping no profile. */
  Profile observe(String workload) throws IOException {
    ProfiledRun run = new TraceWait(options.end(), running.container(), trace).await();
    TraceFindings findings = trace.finish();
    return profiles.traced(
        image,
        workload,
        run,
        findings,
        options.end().readiness().isPresent(),
        running.rootfs().upper());
  }

  /**
   * The container.
   *
   * @return not to be closed by the caller
   */
  public RunningContainer running() {
    return running;
  }

  @Override
  public void close() throws IOException {
    try (running) {
      trace.close();
    }
  }
}
