package io.github.ndocker.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyntheticProfileTest {
  /** A range past the end of its file, or of a file that is not there, would be left out. */
  @Test
  void everyRangeIsInTheLayer() throws IOException {
    List<DiffId> layers = List.of(new DiffId(Digest.sha256(new byte[32])));
    Profile profile = SyntheticProfile.of(ChainId.of(layers));
    assertEquals(330, profile.files().size());
    HotPackLayout pack =
        HotPackLayout.of(
            profile.hotFiles(),
            MergedTree.of(
                List.of(
                    SyntheticLayer.index(
                        SyntheticProfile.FILES_OF_LAYER, SyntheticProfile.FILE_BYTES))),
            layers,
            0);
    assertEquals(2_500, pack.ranges().size());
    assertEquals(profile.bytes(), pack.bytes());
  }
}
