package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentPromotionsTest {
  private static final String MEBI = "x".repeat(1 << 20);

  private final RecentPromotions recent = new RecentPromotions();

  private static PromotionRecord promotion(int number, String layout) {
    Digest chain = Digest.parse("sha256:" + String.valueOf(number).repeat(64));
    return new PromotionRecord(new ChainId(chain), List.of(), layout);
  }

  @Test
  void keepsTheLatestUsedThatFit() {
    List<PromotionRecord> four =
        List.of(promotion(0, MEBI), promotion(1, MEBI), promotion(2, MEBI), promotion(3, MEBI));
    four.forEach(recent::keep);
    assertEquals(Optional.of(four.get(0)), recent.find(four.get(0).image()));
    PromotionRecord fifth = promotion(4, "{}");
    recent.keep(fifth);
    assertEquals(Optional.empty(), recent.find(four.get(1).image()));
    assertEquals(Optional.of(four.get(0)), recent.find(four.get(0).image()));
    assertEquals(Optional.of(fifth), recent.find(fifth.image()));
    recent.forget(four.get(0).image());
    assertEquals(Optional.empty(), recent.find(four.get(0).image()));
  }

  @Test
  void whatIsReplacedCountsOnce() {
    PromotionRecord other = promotion(0, "{}");
    recent.keep(other);
    for (int i = 0; i < 10; i++) {
      recent.keep(promotion(1, MEBI));
    }
    assertEquals(Optional.of(other), recent.find(other.image()));
  }

  @Test
  void oneThatIsTooLargeIsNotKeptAndCostsNoOther() {
    PromotionRecord small = promotion(1, "{}");
    recent.keep(small);
    PromotionRecord large = promotion(0, MEBI.repeat(5));
    recent.keep(large);
    assertEquals(Optional.empty(), recent.find(large.image()));
    assertEquals(Optional.of(small), recent.find(small.image()));
  }
}
