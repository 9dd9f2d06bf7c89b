package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the documents of records among the blobs of the slow tier. */
public final class RecordSearch {
  private static final Logger LOG = LoggerFactory.getLogger(RecordSearch.class);

  private RecordSearch() {}

  /**
   * Reads the first bytes of every blob of the slow tier, and all of those that are documents.
   *
   * @param store the store
   * @return the records whose documents are intact, in no order
   * @throws IOException if the medium fails
   */
  public static List<CatalogueRecord> find(TieredBlobStore store) throws IOException {
    List<CatalogueRecord> found = new ArrayList<>();
    for (Digest blob : store.blobs(Tier.SLOW)) {
      try (BlobReader reader = store.read(blob)) {
        read(reader, blob).ifPresent(found::add);
      } catch (NDockerException e) {
        LOG.warn("{} is no record any more: {}", blob, e.getMessage());
      }
    }
    return found;
  }

  private static Optional<CatalogueRecord> read(BlobReader blob, Digest name) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(RecordDocument.headBytes());
    blob.read(head, 0);
    if (!RecordDocument.isDocument(head.array()) || blob.size() > RecordDocument.MAX_BYTES) {
      return Optional.empty();
    }
    VerifiedCopy.verify(blob, name);
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(blob.size()));
    blob.read(all, 0);
    return Optional.of(RecordDocument.read(all.array()));
  }
}
