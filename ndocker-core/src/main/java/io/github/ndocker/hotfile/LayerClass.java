package io.github.ndocker.hotfile;

/** What a layer is for, as the static analysis of the N-Docker paper tells layers apart. */
public enum LayerClass {
  /** The files of the distribution that the image is built on. */
  DISTRIBUTION(false),
  /** Libraries and tools of the system, as package managers install them. */
  SYSTEM_LIBRARIES(false),
  /** What runs the application: an interpreter, a virtual machine, a database, a web server. */
  EXECUTION_ENGINE(true),
  /** What the image is made for: files of its own, an entrypoint script, an application's build. */
  APPLICATION(true),
  /** Users, directories, links. */
  CONFIGURATION(false);

  private final boolean hot;

  LayerClass(boolean hot) {
    this.hot = hot;
  }

  /**
   * Whether a cold start reads such layers.
   *
   * @return true for those that stay on the fast tier
   */
  public boolean isHot() {
    return hot;
  }
}
