package io.github.ndocker.source;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.TinyImage;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;

/** The contract, by HTTP. */
class RegistrySourceTest extends ImageSourceContractTest {
  private HostileRegistry registry;

  @Override
  ImageSource holding(TinyImage image) throws IOException {
    registry = HostileRegistry.serving(image, Fault.NONE);
    return new RegistryClient();
  }

  @Override
  ImageReference reference() throws IOException {
    return registry.reference();
  }

  @AfterEach
  void close() {
    registry.close();
  }
}
