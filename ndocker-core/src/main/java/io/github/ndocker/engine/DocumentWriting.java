package io.github.ndocker.engine;

import io.github.ndocker.store.CatalogueRecord;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Writes the document of a record beside other work. Closing waits until it is done or failed. */
final class DocumentWriting implements Closeable {
  private final FutureTask<Void> task;

  private DocumentWriting(FutureTask<Void> task) {
    this.task = task;
  }

  static DocumentWriting start(Records records, CatalogueRecord row) {
    FutureTask<Void> task =
        new FutureTask<>(
            () -> {
              records.writeDocument(row);
              return null;
            });
    Thread thread = new Thread(task, "ndocker record");
    thread.setDaemon(true);
    thread.start();
    return new DocumentWriting(task);
  }

  /** Waits, and throws what went wrong. */
  void await() throws IOException {
    try {
      get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException("a document of the catalogue", e.getCause());
    }
  }

  @Override
  public void close() {
    try {
      get();
    } catch (ExecutionException e) {
      // somebody waited for it, or something else failed first
      return;
    }
  }

  /** Not to be interrupted: nothing may be removed while it is being written. */
  private void get() throws ExecutionException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          task.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
