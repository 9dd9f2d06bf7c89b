package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ProfiledProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProcessTreeTest {
  private final Map<Integer, Integer> parents = new HashMap<>();
  private final ProcessTree tree =
      new ProcessTree(
          pid -> {
            Integer parent = parents.get(pid);
            return parent == null ? OptionalInt.empty() : OptionalInt.of(parent);
          });

  @Test
  void knowsWhatStartedWhatAcrossForksWithoutEvents() {
    parents.putAll(Map.of(100, 1, 101, 100, 102, 101, 103, 102));
    tree.opened(100);
    tree.executed(100, "/bin/sh");
    tree.executed(100, "/lib64/ld-linux-x86-64.so.2");
    tree.executed(103, "/bin/a");
    tree.executed(101, "/bin/b");
    // the same process runs something else
    tree.executed(100, "/bin/c");
    tree.executed(101, "/bin/d");
    assertEquals(
        List.of(
            new ProfiledProcess("/bin/sh", -1),
            new ProfiledProcess("/bin/a", 0),
            new ProfiledProcess("/bin/b", 0),
            new ProfiledProcess("/bin/c", 0),
            new ProfiledProcess("/bin/d", 2)),
        tree.executables());
  }

  @Test
  void countsTheSameChildOnceAndAProcessThatIsGoneAsNobodys() {
    parents.put(101, 100);
    parents.put(102, 100);
    tree.executed(100, "/a");
    tree.executed(101, "/b");
    tree.executed(102, "/b");
    tree.executed(500, "/c");
    assertEquals(
        List.of(
            new ProfiledProcess("/a", -1),
            new ProfiledProcess("/b", 0),
            new ProfiledProcess("/c", -1)),
        tree.executables());
  }

  @Test
  void isBounded() {
    parents.put(7, 7);
    for (int i = 0; i < 20_000; i++) {
      tree.executed(7, "/p" + i);
    }
    assertTrue(tree.isTruncated());
    assertEquals(10_000, tree.executables().size());
  }
}
