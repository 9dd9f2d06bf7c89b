package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DynamicAnalysisTest {
  private static ProfiledFile file(String path, CountedRange... ranges) {
    return new ProfiledFile(path, Optional.empty(), 1, List.of(ranges));
  }

  private static HotSet detect(Optional<Profile> profile) {
    return new DynamicAnalysis().detect(new ImageEvidence(List.of(), List.of(), profile));
  }

  @Test
  void whatIsReadIsHotInTheOrderInWhichItIsRead() {
    Profile profile =
        new Profile(
            new ChainId(RandomProfiles.digest('a')),
            "w",
            1,
            List.of(),
            List.of(),
            List.of(
                file("/large", new CountedRange(0, 10, 1, 3), new CountedRange(20, 10, 1, 0)),
                file("/opened only"),
                file("/small", new CountedRange(0, 5, 1, 1))),
            List.of(),
            List.of());
    assertEquals(
        new HotSet(
            List.of(),
            List.of(
                new HotFile("/large", List.of(new ByteRange(20, 10))),
                new HotFile("/small", List.of(new ByteRange(0, 5))),
                new HotFile("/large", List.of(new ByteRange(0, 10))))),
        detect(Optional.of(profile)));
    assertEquals(new HotSet(List.of(), List.of()), detect(Optional.empty()));
  }
}
