package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The promotions that were looked up last, so that a start does not read them from the medium: a
 * layout may be hundreds of kibibytes. Holds as much as fits some size. Thread-safe.
 */
final class RecentPromotions {
  private static final long MAX_CHARACTERS = 4 << 20;

  private final Map<ChainId, PromotionRecord> records = new LinkedHashMap<>(16, 0.75f, true);
  private long characters;

  synchronized Optional<PromotionRecord> find(ChainId image) {
    return Optional.ofNullable(records.get(image));
  }

  synchronized void keep(PromotionRecord promotion) {
    forget(promotion.image());
    if (promotion.layoutJson().length() > MAX_CHARACTERS) {
      return;
    }
    records.put(promotion.image(), promotion);
    characters += promotion.layoutJson().length();
    Iterator<PromotionRecord> eldest = records.values().iterator();
    while (characters > MAX_CHARACTERS) {
      characters -= eldest.next().layoutJson().length();
      eldest.remove();
    }
  }

  synchronized void forget(ChainId image) {
    PromotionRecord old = records.remove(image);
    if (old != null) {
      characters -= old.layoutJson().length();
    }
  }
}
