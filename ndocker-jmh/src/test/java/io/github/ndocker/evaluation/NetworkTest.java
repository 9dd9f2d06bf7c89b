package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class NetworkTest {
  @Test
  void namesImagesByTheAddressThatIsAsFast() throws IOException {
    Network network = Network.parse("1gbit=198.18.0.2:5000@link1");
    assertEquals(new Network("1gbit", "198.18.0.2:5000", "link1"), network);
    assertEquals("198.18.0.2:5000/library/redis:latest", network.image("redis").toString());
  }

  @Test
  void refusesWhatIsNoNetwork() {
    for (String text : new String[] {"", "1gbit", "1gbit=host:5000", "=host:5000@link", "a=b@"}) {
      assertThrows(NDockerException.class, () -> Network.parse(text), text);
    }
  }
}
