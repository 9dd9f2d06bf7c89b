package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortabilityTest {
  private static TarBuilder base() {
    return new TarBuilder().file("base/same", "of the base").file("base/hidden", "once");
  }

  private static ImageInMemory before() throws IOException {
    return new ImageInMemory(
        base(),
        new TarBuilder()
            .file("app/kept", "kept as it is")
            .file("app/moved", "under another name")
            .file("app/changed", "version 1")
            .file("app/gone", "and only here")
            .file("app/empty", ""));
  }

  /** Another build: the same base, and files that come in another order. */
  private static ImageInMemory after() throws IOException {
    return new ImageInMemory(
        base(),
        new TarBuilder()
            .file("new", "first")
            .file("app/changed", "version 2")
            .file("app/renamed", "under another name")
            .file("app/kept", "kept as it is")
            .file("app/empty", "")
            .file("base/.wh.hidden", ""));
  }

  private static Profile of(ImageInMemory image, String... paths) throws IOException {
    List<ProfiledFile> files = new ArrayList<>();
    try (FileOrigins origins = image.origins()) {
      for (String path : paths) {
        TreeNode node = image.tree().find(path).orElseThrow();
        long size = node.inode().size();
        List<ByteRange> read = size == 0 ? List.of() : List.of(new ByteRange(0, size));
        files.add(ProfiledFile.ofOneRun(new HotFile(path, read), origins.of(node.inode())));
      }
    }
    return new Profile(image.chainId(), "w", 1, List.of(), List.of(), files, List.of(), List.of());
  }

  @Test
  void keepsByLayerByPathAndByContentAndDropsTheRest() throws IOException {
    Profile profile =
        of(
            before(),
            "/app/kept",
            "/app/gone",
            "/base/same",
            "/app/moved",
            "/app/changed",
            "/app/empty",
            "/base/hidden");
    ImageInMemory image = after();
    Portability.Fitted fitted =
        new Portability(image.tree(), image.origins()).fit(profile, image.chainId());
    Profile kept = fitted.profile();
    assertEquals(7, fitted.files());
    assertEquals(profile.bytes(), fitted.bytes());
    assertEquals(
        of(image, "/app/kept", "/base/same", "/app/renamed", "/app/empty").files(), kept.files());
    assertEquals(image.chainId(), kept.image());
    assertFalse(kept.complete());
    assertTrue(kept.gaps().get(0).contains("3 of 7"), kept.gaps().toString());
  }

  @Test
  void keepsAllOfAnImageWithTheSameLayersAndOneMore() throws IOException {
    Profile profile = of(before(), "/app/kept", "/app/moved", "/base/hidden");
    TarBuilder[] tars = {base(), new TarBuilder().file("x", "y")};
    ImageInMemory larger = new ImageInMemory(tars);
    Profile kept =
        new Portability(larger.tree(), larger.origins())
            .fit(of(new ImageInMemory(base()), "/base/same", "/base/hidden"), larger.chainId())
            .profile();
    assertTrue(kept.complete());
    assertEquals(2, kept.files().size());
    ImageInMemory other = new ImageInMemory(new TarBuilder().file("z", "nothing alike"));
    MalformedProfileException failure =
        assertThrows(
            MalformedProfileException.class,
            () -> new Portability(other.tree(), other.origins()).fit(profile, other.chainId()));
    assertTrue(failure.getMessage().contains("none of the 3"), failure.getMessage());
  }

  private static Profile with(Profile profile, ProfiledFile file) {
    return new Profile(
        profile.image(), "w", 1, List.of(), List.of(), List.of(file), List.of(), List.of());
  }

  private static MalformedProfileException refused(ProfiledFile file) throws IOException {
    ImageInMemory image = before();
    Profile hostile = with(of(image), file);
    return assertThrows(
        MalformedProfileException.class,
        () -> new Portability(image.tree(), image.origins()).check(hostile));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../app/kept",
        "/app/../app/kept",
        "/app//kept",
        "/app/./kept",
        "/app/kept/",
        "/app",
        "/nothing",
        "/",
        "/app/kept\u0000",
        "/etc/passwd"
      })
  void refusesPathsOutOfTheImage(String path) throws IOException {
    String message = refused(new ProfiledFile(path, Optional.empty(), 1, List.of())).getMessage();
    assertTrue(message.contains(path), message);
  }

  @Test
  void refusesRangesPastTheEndAndOriginsThatAreOthers() throws IOException {
    List<CountedRange> tooFar = List.of(new CountedRange(13, 1, 1));
    String message =
        refused(new ProfiledFile("/app/kept", Optional.empty(), 1, tooFar)).getMessage();
    assertTrue(message.contains("/app/kept to byte 14; the file has 13"), message);
    Optional<io.github.ndocker.api.FileOrigin> wrong =
        of(before(), "/app/moved").files().get(0).origin();
    refused(new ProfiledFile("/app/kept", wrong, 1, List.of()));
  }

  @Test
  void fillsInWhatADocumentOfVersion1DoesNotSay() throws IOException {
    ImageInMemory image = before();
    Profile known = of(image, "/app/kept", "/base/same");
    Profile old = Profile.ofOneRun(image.chainId(), "w", true, known.hotFiles());
    assertEquals(known, new Portability(image.tree(), image.origins()).check(old).profile());
  }
}
