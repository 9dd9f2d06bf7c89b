package io.github.ndocker.engine;

/** The same faults while layers are stored as they come. */
class StreamingDeployFaultsTest extends DeployFaultsTest {
  @Override
  Host host() {
    return super.host().withPipeline(Pipeline.STREAMING);
  }
}
