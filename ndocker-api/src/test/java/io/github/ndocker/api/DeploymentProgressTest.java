package io.github.ndocker.api;

import static io.github.ndocker.api.LayerState.DOWNLOADED;
import static io.github.ndocker.api.LayerState.DOWNLOADING;
import static io.github.ndocker.api.LayerState.STORED;
import static io.github.ndocker.api.LayerState.STORING;
import static io.github.ndocker.api.LayerState.WAITING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class DeploymentProgressTest {
  private static final long COMPRESSED = 100;

  private static LayerProgress layer(int position, LayerState state) {
    Digest digest = Digest.sha256(new byte[32]);
    long downloaded = state.isDownloadOutstanding() ? 0 : COMPRESSED;
    return new LayerProgress(
        new Layer(position, digest, COMPRESSED, new DiffId(digest)), state, downloaded);
  }

  private static DeploymentProgress of(OptionalInt last, LayerState... states) {
    List<LayerProgress> layers = new ArrayList<>();
    for (LayerState state : states) {
      layers.add(layer(layers.size(), state));
    }
    return new DeploymentProgress(layers, DeploymentPace.UNKNOWN, last);
  }

  private static List<LayerRole> roles(DeploymentProgress progress) {
    return progress.layers().stream()
        .map(layer -> progress.role(layer.layer().position()))
        .toList();
  }

  @Test
  void onlyWhatLiesOutsideOfAllDownloadsHasARoleWhileSeveralGoOn() {
    assertEquals(
        List.of(
            LayerRole.LBL,
            LayerRole.UNDECIDED,
            LayerRole.UNDECIDED,
            LayerRole.UNDECIDED,
            LayerRole.LAL),
        roles(of(OptionalInt.of(4), STORED, DOWNLOADING, DOWNLOADED, WAITING, DOWNLOADED)));
  }

  @Test
  void theOnlyDownloadLeftIsTheLastOne() {
    assertEquals(
        List.of(LayerRole.LBL, LayerRole.LDL, LayerRole.LAL),
        roles(of(OptionalInt.empty(), STORING, DOWNLOADING, DOWNLOADED)));
  }

  @Test
  void theLastDownloadIsKnownAfterItsEnd() {
    assertEquals(
        List.of(LayerRole.LBL, LayerRole.LDL, LayerRole.LAL),
        roles(of(OptionalInt.of(1), STORED, STORING, DOWNLOADED)));
  }

  @Test
  void nobodyHasARoleIfNothingWasDownloadedOrNobodyKnowsInWhichOrder() {
    assertEquals(
        List.of(LayerRole.UNDECIDED, LayerRole.UNDECIDED),
        roles(of(OptionalInt.empty(), STORED, STORED)));
  }

  @Test
  void theTreeHasADownloadAndAStoreForEachLayer() {
    LayerProgress bottom =
        layer(0, STORED)
            .afterInflating(250)
            .afterPlacing(Tier.SLOW, 200)
            .afterPlacing(Tier.FAST, 50);
    LayerProgress top = layer(1, DOWNLOADING).withDownloadedBytes(40);
    Allocation image =
        new DeploymentProgress(List.of(bottom, top), DeploymentPace.UNKNOWN).allocation();
    assertEquals(
        List.of("layer 0, STORED, LBL", "layer 1, DOWNLOADING, LDL"),
        image.parts().stream().map(Allocation::name).toList());
    assertEquals(
        List.of(Allocation.leaf("download", 100, 100), Allocation.leaf("store", 250, 250)),
        image.parts().get(0).parts());
    // the top layer is taken to be compressed as the bottom one is, 2.5 to 1
    assertEquals(
        List.of(Allocation.leaf("download", 40, 100), Allocation.leaf("store", 0, 250)),
        image.parts().get(1).parts());
    assertEquals(390, image.doneBytes());
    assertEquals(700, image.allBytes());
    assertEquals(390 / 700.0, image.fraction());
  }

  @Test
  void aLayerThatWasThereAlreadyLeavesNothingToDo() {
    Allocation image = of(OptionalInt.empty(), STORED).allocation();
    assertEquals(1, image.fraction());
    assertEquals(1, image.parts().get(0).parts().get(1).fraction());
  }

  @Test
  void noMoreIsDoneThanThereIs() {
    assertThrows(IllegalArgumentException.class, () -> Allocation.leaf("download", 2, 1));
    assertThrows(IllegalArgumentException.class, () -> Allocation.leaf("download", -1, 1));
  }
}
