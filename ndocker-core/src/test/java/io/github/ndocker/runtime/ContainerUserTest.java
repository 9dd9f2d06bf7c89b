package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainerUserTest {
  @TempDir Path root;

  @BeforeEach
  void makeAccounts() throws IOException {
    Files.createDirectory(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/passwd"),
        """
        root:x:0:0::/root:/bin/sh

        broken
        web:x:33:34::/:/bin/sh
        77:x:5:6::/:/
        bad:x:-1:0::/:/
        huge:x:4294967295:0::/:/
        """);
    Files.writeString(
        root.resolve("etc/group"), "root:x:0:\nweb:x:34:\nlog:x:4:web,other\nadm:x:9:other\n");
  }

  private ContainerUser resolve(String user) throws IOException {
    return ContainerUser.resolve(user, List.of(), root);
  }

  private void assertIs(long uid, long gid, List<Long> groups, String user) throws IOException {
    ContainerUser found = resolve(user);
    assertEquals(uid, found.uid(), user);
    assertEquals(gid, found.gid(), user);
    assertEquals(groups, found.groups(), user);
  }

  @Test
  void readsEveryFormOfAUser() throws IOException {
    assertIs(0, 0, List.of(), "");
    assertIs(33, 34, List.of(4L), "web");
    assertIs(33, 34, List.of(4L), "33");
    assertIs(33, 4, List.of(), "web:log");
    assertIs(33, 4, List.of(), "33:4");
    assertIs(1234, 0, List.of(), "1234");
    assertIs(1234, 5678, List.of(), "1234:5678");
    assertIs(77, 0, List.of(), "77");
  }

  @Test
  void namesTheUserOrGroupThatTheImageLacks() {
    for (String user : List.of("nobody-here", "web:nobody-here", "-1", "web:", "bad", "huge")) {
      NDockerException failure = assertThrows(NDockerException.class, () -> resolve(user), user);
      String lacking = user.substring(user.indexOf(':') + 1);
      assertTrue(failure.getMessage().contains("'" + lacking + "'"), failure.getMessage());
    }
    assertThrows(NDockerException.class, () -> resolve("4294967295"));
    assertThrows(NDockerException.class, () -> resolve("99999999999999999999999"));
  }

  @Test
  void doesNotFollowLinksToTheHost() throws IOException {
    Path host = Files.createDirectories(root.resolve("host/etc"));
    Files.writeString(host.resolve("passwd"), "daemon-of-host:x:1:1::/:/\n");
    Files.delete(root.resolve("etc/passwd"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), host.resolve("passwd"));
    assertThrows(NDockerException.class, () -> resolve("daemon-of-host"));
    Files.delete(root.resolve("etc/passwd"));
    Files.delete(root.resolve("etc/group"));
    Files.delete(root.resolve("etc"));
    Files.createSymbolicLink(root.resolve("etc"), host);
    assertThrows(NDockerException.class, () -> resolve("daemon-of-host"));
    assertIs(0, 0, List.of(), "0");
  }

  @Test
  void followsLinksInsideTheImageAndWaitsForNoPipe() throws IOException {
    Files.createDirectory(root.resolve("store"));
    Files.move(root.resolve("etc/passwd"), root.resolve("store/passwd"));
    Files.createSymbolicLink(root.resolve("etc/passwd"), Path.of("/store/passwd"));
    assertIs(33, 34, List.of(4L), "web");
    Files.delete(root.resolve("etc/passwd"));
    Confined.run("mkfifo", root.resolve("etc/passwd").toString());
    assertThrows(NDockerException.class, () -> resolve("web"));
    assertIs(33, 0, List.of(), "33");
    Files.delete(root.resolve("etc/passwd"));
    Files.write(root.resolve("etc/passwd"), new byte[(1 << 20) + 1]);
    NDockerException failure = assertThrows(NDockerException.class, () -> resolve("33"));
    assertTrue(failure.getMessage().contains("1048576"), failure.getMessage());
  }
}
