package io.github.ndocker.examples.cli;

import io.github.ndocker.api.Allocation;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.engine.DeploymentListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A deployment as a progress bar: bytes downloaded and stored, layers stored. */
public final class DeploymentBar implements DeploymentListener, AutoCloseable {
  private static final int REDRAW_MILLIS = 200;

  private final ProgressBar bar;

  /**
   * Draws an empty bar on standard error.
   *
   * @param task what it says in front
   */
  public DeploymentBar(String task) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(" MB", 1_000_000)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .build();
  }

  @Override
  public void progressed(DeploymentProgress progress) {
    Allocation image = progress.allocation();
    long stored =
        progress.layers().stream().filter(layer -> layer.state() == LayerState.STORED).count();
    bar.maxHint(image.allBytes());
    bar.stepTo(image.doneBytes());
    bar.setExtraMessage(stored + "/" + progress.layers().size() + " layers stored");
  }

  @Override
  public void close() {
    bar.close();
  }
}
