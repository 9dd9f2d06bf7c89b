package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.DiffId;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PromotionDocumentTest {
  private static final DiffId LAYER = DiffId.parse("sha256:" + "12".repeat(32));
  private static final DiffId OTHER = DiffId.parse("sha256:" + "34".repeat(32));
  private static final HotPackLayout OWN =
      new HotPackLayout(
          List.of(
              new PackedRange(LAYER, 9216, 4096, 0),
              new PackedRange(OTHER, 512, 100, 4096),
              new PackedRange(LAYER, 0, 4096, 4608)));
  private static final HotPackLayout SHARED =
      new HotPackLayout(List.of(new PackedRange(LAYER, 20_480, 4096, 8192)));

  private static PromotionLayout layout() {
    return new PromotionLayout(
        List.of("default", "batch"), OptionalDouble.of(1.0 / 3000), true, List.of(OWN, SHARED));
  }

  @Test
  void survivesItsDocument() throws MalformedProfileException {
    assertEquals(layout(), PromotionDocument.read(PromotionDocument.write(layout())));
  }

  @Test
  void readsWhatTheFirstVersionWrote() throws MalformedProfileException {
    assertEquals(
        new PromotionLayout(List.of(), OptionalDouble.empty(), false, List.of(SHARED)),
        PromotionDocument.read(
            "{\"version\":1,\"layers\":[\"" + LAYER + "\"],\"ranges\":[[0,20480,4096,8192]]}"));
  }

  @Test
  void aLayoutThatNobodyHasChosenAShareForIsAsItWasBeforeThereWasOne()
      throws MalformedProfileException {
    PromotionLayout layout =
        new PromotionLayout(List.of("w"), OptionalDouble.empty(), false, List.of(SHARED));
    String document = PromotionDocument.write(layout);
    assertFalse(document.contains("minShareOfRuns"), document);
    assertEquals(layout, PromotionDocument.read(document));
  }

  @Test
  void refusesEverythingElse() {
    String good = PromotionDocument.write(layout());
    for (String bad :
        List.of(
            "",
            "{}",
            "[]",
            good.replace("\"version\":2", "\"version\":3"),
            good.replace("[0,", "[7,"),
            good.replace("[0,", "[-1,"),
            good.replace("[0,", "[4294967296,"),
            good.replace("[0,", "[\"0\","),
            good.replace("[0,", "[0.5,"),
            good.replace("[0,", "[0,0,"),
            // a byte that is packed twice
            good.replace("20480", "9216"),
            good + "{}",
            "[".repeat(100_000),
            good.replace("[0,", "[0," + "1".repeat(100_000)),
            good.replace("\"version\":2", "\"version\":2,\"version\":2"),
            good.replaceFirst("(minShareOfRuns\":)\"[^\"]*\"", "$1\"1.5\""),
            good.replaceFirst("(minShareOfRuns\":)\"[^\"]*\"", "$1\"NaN\""),
            good.replaceFirst("(minShareOfRuns\":)\"[^\"]*\"", "$10.5"),
            good.replace(LAYER.toString(), "sha256:00"))) {
      assertThrows(MalformedProfileException.class, () -> PromotionDocument.read(bad), bad);
    }
  }
}
