package io.github.ndocker.evaluation.arm;

import io.github.ndocker.image.ImageReference;
import java.util.List;

/** Containerd's own default: every layer unpacked into a directory. */
public final class OverlaySnapshotter implements Snapshotter {
  @Override
  public String name() {
    return "overlayfs";
  }

  @Override
  public String configuration() {
    return "";
  }

  @Override
  public ImageReference served(ImageReference image) {
    return image;
  }

  @Override
  public List<String> pull(Containerd containerd, ImageReference image) {
    return containerd.command(
        "ctr", "images", "pull", "--plain-http", "--snapshotter", name(), image.toString());
  }

  @Override
  public void close() {
    // it is part of containerd
  }
}
