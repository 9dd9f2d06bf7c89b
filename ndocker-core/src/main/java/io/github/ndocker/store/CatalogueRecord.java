package io.github.ndocker.store;

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
   * The record as bytes, always the same ones.
   *
   * @return a copy
   */
  default byte[] document() {
    return RecordDocument.write(this);
  }

  /**
   * The name of {@link #document} as a blob.
   *
   * @return its digest
   */
  default Digest documentDigest() {
    return Digest.sha256(Sha256.start().digest(document()));
  }
}
