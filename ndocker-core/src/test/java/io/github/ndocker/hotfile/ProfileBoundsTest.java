package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProfileBoundsTest {
  private static final ChainId IMAGE =
      ChainId.of(List.of(DiffId.parse("sha256:" + "1".repeat(64))));

  private static Profile profile(List<ProfiledProcess> processes, List<ProfiledChange> changes) {
    return new Profile(IMAGE, "w", 1, List.of(), List.of(), List.of(), processes, changes);
  }

  private static List<ProfiledChange> changes(int count, String name) {
    List<ProfiledChange> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      changes.add(new ProfiledChange("/%07d%s".formatted(i, name), ProfiledChange.Kind.CREATED));
    }
    return changes;
  }

  private static List<ProfiledProcess> programs(int count) {
    List<ProfiledProcess> programs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      programs.add(new ProfiledProcess("/program" + i, i - 1));
    }
    return programs;
  }

  @Test
  void whatIsNotTooMuchStaysAsItIs() {
    Profile profile = profile(programs(10_000), changes(100_000, ""));
    assertEquals(profile, ProfileBounds.cut(profile));
  }

  @Test
  void saysWhatIsLeftOut() {
    Profile cut = ProfileBounds.cut(profile(programs(10_001), changes(100_001, "")));
    assertEquals(programs(10_000), cut.processes());
    assertEquals(changes(100_000, ""), cut.changes());
    assertEquals(List.of(ProfileBounds.MORE_USED, ProfileBounds.MORE_CHANGED), cut.gaps());
  }

  @Test
  void whatIsLeftCanBeReadAgain() throws IOException {
    Profile large = profile(List.of(), changes(1, "x".repeat(9000)));
    assertThrows(
        MalformedProfileException.class, () -> ProfileDocument.read(ProfileDocument.write(large)));
    Profile cut = ProfileBounds.cut(large);
    assertEquals(cut, ProfileDocument.read(ProfileDocument.write(cut)));
    assertEquals(List.of(ProfileBounds.MORE_CHANGED), cut.gaps());
  }

  @Test
  void longNamesAreFewer() {
    Profile cut = ProfileBounds.cut(profile(List.of(), changes(2_000, "x".repeat(4_000))));
    assertEquals((4 << 20) / 4_008, cut.changes().size());
  }
}
