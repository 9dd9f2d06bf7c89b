package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedWorkloadsTest {
  private static final ChainId IMAGE = new ChainId(Digest.sha256(new byte[32]));

  private static HotFile file(String path, long length) {
    return new HotFile(path, List.of(new ByteRange(0, length)));
  }

  private static Profile run(String workload, HotFile... files) {
    return Profile.ofOneRun(IMAGE, workload, true, List.of(files));
  }

  @Test
  void theFirstOneKeepsItsOrderAndComesFirst() {
    Profile web = run("web", file("/b", 10), file("/a", 10));
    Profile shell = run("shell", file("/x", 10), file("/a", 30), file("/c", 10));
    Profile joined = JoinedWorkloads.join(List.of(web, shell), 0);
    assertEquals(
        List.of(file("/b", 10), file("/a", 30), file("/x", 10), file("/c", 10)), joined.hotFiles());
    assertEquals(
        List.of(
            file("/b", 10),
            file("/a", 10),
            new HotFile("/a", List.of(new ByteRange(10, 20))),
            file("/x", 10),
            file("/c", 10)),
        joined.inOrderOfAccess());
    assertEquals("web", joined.workload());
    assertEquals(web, JoinedWorkloads.join(List.of(web), 1));
    assertThrows(IllegalArgumentException.class, () -> JoinedWorkloads.join(List.of(), 0));
  }

  @Test
  void whatIsRareIsRareInItsOwnWorkload() {
    Profile often = run("often", file("/a", 10), file("/once", 10));
    for (int i = 1; i < 10; i++) {
      often = often.merge(run("often", file("/a", 10)));
    }
    Profile once = run("once", file("/b", 10));
    assertEquals(
        List.of(file("/a", 10), file("/b", 10)),
        JoinedWorkloads.join(List.of(often, once), 0.2).hotFiles());
  }
}
