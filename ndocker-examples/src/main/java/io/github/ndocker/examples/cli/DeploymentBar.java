package io.github.ndocker.examples.cli;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.engine.DeploymentListener;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A deployment as a progress bar: bytes downloaded, layers stored. */
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
    long all = 0;
    long arrived = 0;
    long stored = 0;
    for (LayerProgress layer : progress.layers()) {
      all += layer.layer().compressedBytes();
      arrived += layer.downloadedBytes();
      stored += layer.state() == LayerState.STORED ? 1 : 0;
    }
    bar.maxHint(all);
    bar.stepTo(arrived);
    bar.setExtraMessage(stored + "/" + progress.layers().size() + " layers stored");
  }

  @Override
  public void close() {
    bar.close();
  }
}
