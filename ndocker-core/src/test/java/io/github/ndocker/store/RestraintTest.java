package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RestraintTest {
  private static final long PIECE = Duration.ofMillis(6).toNanos();

  private final SteppedTime time = SteppedTime.running();
  private final RightOfWay urgent = new RightOfWay(Duration.ofSeconds(5), time);
  private final Restraint restraint = new Restraint(urgent, time);

  @Test
  void doesNotRestWhileNothingUrgentGoesOn() {
    assertEquals(100 * PIECE, timeOf(100));
  }

  @Test
  void worksAFifthOfTheTimeWhileSomethingUrgentGoesOn() {
    RightOfWay.Use start = urgent.take();

    assertEquals(500 * PIECE, timeOf(100));

    start.close();
  }

  @Test
  void endsItsRestWhenTheUrgentOnesAreDone() {
    urgent.take().close();
    // linger: five seconds, which are over in the middle of it
    long first = timeOf(1000);
    assertTrue(first > 1000 * PIECE && first < 5000 * PIECE, () -> "took " + first);
    assertEquals(1000 * PIECE, timeOf(1000));
  }

  @Test
  void doesNotPayTwiceForAPieceThatTookLong() {
    RightOfWay.Use start = urgent.take();
    time.advance(Duration.ofSeconds(1).toNanos());
    long before = time.nanoTime();

    restraint.run();

    assertEquals(Duration.ofMillis(100).toNanos(), time.nanoTime() - before);
    start.close();
  }

  private long timeOf(int pieces) {
    long before = time.nanoTime();
    for (int i = 0; i < pieces; i++) {
      time.advance(PIECE);
      restraint.run();
    }
    return time.nanoTime() - before;
  }
}
