package io.github.ndocker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NetworkNamespaceTest {
  @BeforeEach
  void assumeRoot() {
    Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "namespaces need root");
  }

  @Test
  void isMadeAlsoByAThreadThatIsInterruptedSoThatItCanBeClosed() throws IOException {
    Path own = Files.readSymbolicLink(Path.of("/proc/self/ns/net"));
    Thread.currentThread().interrupt();
    try (NetworkNamespace network = NetworkNamespace.create()) {
      assertTrue(Thread.interrupted(), "the interrupt is kept for whoever sent it");
      Path other = network.call(() -> Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net")));
      assertEquals(Files.readSymbolicLink(network.path()), other);
      assertTrue(!other.equals(own));
    }
  }
}
