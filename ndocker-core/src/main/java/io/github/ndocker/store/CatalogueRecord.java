package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;

/**
 * A row of the catalogue that could not be found out again from the tiers alone. So it lies on the
 * slow tier too, as a blob: its {@link #document}.
 */
public sealed interface CatalogueRecord permits ImageRecord, ProfileRecord, PromotionRecord {
  /**
   * What it is a record of; no two rows of a catalogue have the same.
   *
   * @return a few words
   */
  String label();

  /**
   * The image it is about.
   *
   * @return the chain ID of the image's layers
   */
  ChainId chainId();

  /**
   * The record as bytes, always the same ones.
   *
   * @return a copy
   */
  default byte[] document() {
    return RecordDocument.write(this);
  }

  /**
   * The name of {@link #document} as a blob: half of its digest, behind a mark that no digest of
   * anything begins with, so that no layer passes for it.
   *
   * @return the name
   */
  default Digest documentDigest() {
    return RecordKey.of(Sha256.start().digest(document()));
  }
}
