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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the documents of records among the blobs of the slow tier. */
public final class RecordSearch {
  private static final Logger LOG = LoggerFactory.getLogger(RecordSearch.class);

  private RecordSearch() {}

  /**
   * Reads every document of the slow tier.
   *
   * @param store the store
   * @return the records whose documents are intact, in no order
   */
  public static List<CatalogueRecord> find(TieredBlobStore store) {
    List<CatalogueRecord> found = new ArrayList<>();
    for (Digest blob : store.blobs(Tier.SLOW)) {
      if (RecordKey.isRecordKey(blob)) {
        try (BlobReader reader = store.read(blob)) {
          found.add(read(reader, blob));
        } catch (IOException e) {
          // one that cannot be read keeps no other from being found
          LOG.warn("{} is no record any more: {}", blob, e.getMessage());
        }
      }
    }
    return found;
  }

  private static CatalogueRecord read(BlobReader blob, Digest name) throws IOException {
    if (blob.size() > RecordDocument.MAX_BYTES) {
      throw new NDockerException("a record of " + blob.size() + " bytes");
    }
    VerifiedCopy.verify(blob, name);
    ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(blob.size()));
    blob.read(all, 0);
    return RecordDocument.read(all.array());
  }
}
