package io.github.ndocker.evaluation.arm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UndoingTest {
  @Test
  void takesBackTheRestToo() {
    IOException cause = new IOException("the start");
    IOException busy = new IOException("target is busy");
    List<String> taken = new ArrayList<>();
    Undoing.after(
        cause,
        () -> {
          throw busy;
        },
        () -> taken.add("directories"));
    assertEquals(List.of("directories"), taken);
    assertArrayEquals(new Throwable[] {busy}, cause.getSuppressed());
  }
}
