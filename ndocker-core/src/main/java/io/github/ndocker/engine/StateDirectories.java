package io.github.ndocker.engine;

import io.github.ndocker.linux.PinnedDirectories;
import io.github.ndocker.store.StoreLock;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The directories of an engine, of which one process is the owner. */
final class StateDirectories implements Closeable {
  private final StoreLock state;
  private final Optional<StoreLock> running;
  private final PinnedDirectories pinned;

  private StateDirectories(StoreLock state, Optional<StoreLock> running, PinnedDirectories pinned) {
    this.state = state;
    this.running = running;
    this.pinned = pinned;
  }

  /** Makes what is missing; owns all of it or nothing. */
  static StateDirectories open(NDockerBuilder options) throws IOException {
    PrivateFiles.directory(options.state);
    StoreLock state = StoreLock.acquire(options.state);
    Optional<StoreLock> running = Optional.empty();
    try {
      if (!options.running.equals(options.state)) {
        // mount points in it are found again, and those of another engine would be taken for ours
        running = Optional.of(StoreLock.acquire(PrivateFiles.directory(options.running)));
      }
      return new StateDirectories(
          state,
          running,
          new PinnedDirectories(List.of(PrivateFiles.directory(metadata(options)))));
    } catch (IOException | RuntimeException e) {
      running.ifPresent(lock -> Leftover.closeAfter(e, lock));
      Leftover.closeAfter(e, state);
      throw e;
    }
  }

  static Path metadata(NDockerBuilder options) {
    return options.state.resolve("metadata");
  }

  @Override
  public void close() throws IOException {
    try (state;
        pinned) {
      if (running.isPresent()) {
        running.get().close();
      }
    }
  }
}
