package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.linux.DirectoryTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Volumes begin with what the image has, and never with what the host has. */
class VolumesTest {
  @TempDir Path directory;
  private Path root;
  private Path volumes;

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    volumes = directory.resolve("volumes");
    Files.createDirectories(directory.resolve("host/secret"));
    Files.writeString(directory.resolve("host/secret/key"), "secret");
  }

  private List<Path> create(String... paths) throws IOException {
    return new Volumes(root, volumes, List.of()).create(List.of(paths));
  }

  @Test
  void copiesFilesLinksAndModesOfTheImage() throws IOException {
    Files.createDirectories(root.resolve("data/deep"));
    Files.writeString(root.resolve("data/deep/file"), "content");
    Files.setAttribute(root.resolve("data/deep/file"), "unix:mode", 04750);
    Files.setAttribute(root.resolve("data"), "unix:mode", 01777);
    Files.createSymbolicLink(root.resolve("data/link"), directory.resolve("host/secret"));
    Path volume = create("/data").get(0);
    assertEquals("content", Files.readString(volume.resolve("deep/file")));
    assertEquals(04750, (int) Files.getAttribute(volume.resolve("deep/file"), "unix:mode") & 07777);
    assertEquals(01777, (int) Files.getAttribute(volume, "unix:mode") & 07777);
    assertTrue(Files.isSymbolicLink(volume.resolve("link")));
    DirectoryTree.delete(volumes);
    assertFalse(Files.exists(volumes));
    assertEquals("secret", Files.readString(directory.resolve("host/secret/key")));
  }

  @Test
  void followsLinksOfTheImageOnlyInsideIt() throws IOException {
    Files.createSymbolicLink(root.resolve("absolute"), directory.resolve("host"));
    Files.createSymbolicLink(root.resolve("relative"), Path.of("../host"));
    Files.createSymbolicLink(root.resolve("circle"), Path.of("circle"));
    Files.createDirectory(root.resolve("real"));
    Files.createFile(root.resolve("real/file"));
    Files.createSymbolicLink(root.resolve("inside"), Path.of("../../real"));
    List<Path> made = create("/absolute/secret", "/relative/secret", "/circle", "/inside", "/none");
    for (int i : new int[] {0, 1, 2, 4}) {
      try (var files = Files.list(made.get(i))) {
        assertEquals(0, files.count(), "volume " + i);
      }
    }
    assertTrue(Files.exists(made.get(3).resolve("file")));
  }

  @Test
  void leavesPipesOutAndRefusesAFile() throws IOException {
    Files.createDirectory(root.resolve("data"));
    Confined.run("mkfifo", root.resolve("data/pipe").toString());
    Files.createFile(root.resolve("file"));
    Path volume = create("/data").get(0);
    assertFalse(Files.exists(volume.resolve("pipe"), LinkOption.NOFOLLOW_LINKS));
    DirectoryTree.delete(volumes);
    assertThrows(NDockerException.class, () -> create("/file"));
  }

  @Test
  void deletesATreeThatIsDeeperThanAPathCanBeLong() throws IOException {
    Files.createDirectory(volumes);
    Confined.run(
        "sh",
        "-c",
        "cd -P "
            + volumes
            + " && for i in $(seq 60); do mkdir "
            + "d".repeat(200)
            + " && cd -P "
            + "d".repeat(200)
            + " || exit 1; touch file; done");
    DirectoryTree.delete(volumes);
    assertFalse(Files.exists(volumes));
    DirectoryTree.delete(volumes);
  }

  @Test
  void areKeptFromOthersWhatTheyAreSetUserIdTo() throws IOException {
    Files.createDirectory(root.resolve("data"));
    Path unused = create("/data").get(0);
    assertEquals(0700, (int) Files.getAttribute(volumes, "unix:mode") & 07777);
  }

  @Test
  void aSecondBundleLeavesTheFirstOneAlone() throws IOException {
    Files.createDirectory(root.resolve("data"));
    ContainerSpec spec =
        ContainerSpec.ofImage(
            ImageConfig.parse(
                """
                    {"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]},
                     "config":{"Cmd":["/program"],"Volumes":{"/data":{}}}}"""
                    .getBytes(StandardCharsets.UTF_8),
                "test"),
            List.of("/program"));
    Path place = Files.createDirectory(directory.resolve("bundle"));
    OciBundle bundle = new OciBundle(spec, root, "one", Optional.empty());
    bundle.write(place);
    Files.writeString(place.resolve("volumes/0/written"), "by the container");
    assertThrows(FileAlreadyExistsException.class, () -> bundle.write(place));
    assertEquals("by the container", Files.readString(place.resolve("volumes/0/written")));
    OciBundle.remove(place);
    assertFalse(Files.exists(place.resolve("volumes")));
  }
}
