package io.github.ndocker.store;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The fast tier of a host that has no fast medium: it has no room and holds nothing. */
public final class AbsentTier implements BlobTier {
  private static final TierDescription DESCRIPTION =
      new TierDescription("no fast medium", Path.of("/nowhere"), false);

  /** One of them is like the other. */
  public AbsentTier() {}

  @Override
  public TierDescription description() {
    return DESCRIPTION;
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    throw new TierFullException(DESCRIPTION.medium(), expectedBytes, 0);
  }

  @Override
  public Map<Digest, Long> blobs() {
    return Map.of();
  }

  @Override
  public List<Extent> locate(Digest blob) {
    return List.of();
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    throw new BlobNotFoundException(blob);
  }

  @Override
  public void delete(Digest blob) {
    // there is none
  }

  @Override
  public void rename(Digest blob, Digest other) throws IOException {
    throw new BlobNotFoundException(blob);
  }

  @Override
  public Usage usage() {
    return new Usage(0, 0, 0);
  }

  @Override
  public void close() {
    // nothing was opened
  }
}
