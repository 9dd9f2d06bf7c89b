package io.github.ndocker.jmh;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A tier that knows names and places of blobs and holds none of their bytes. */
final class NamedBlobs implements BlobTier {
  private static final Path FILE = Path.of("/blobs");

  private final Map<Digest, Long> sizes;

  NamedBlobs(Map<Digest, Long> sizes) {
    this.sizes = Map.copyOf(sizes);
  }

  @Override
  public TierDescription description() {
    return new TierDescription("names", FILE, false);
  }

  @Override
  public TierWriter write(long expectedBytes) throws IOException {
    throw new IOException("this tier holds no bytes");
  }

  @Override
  public Map<Digest, Long> blobs() {
    return sizes;
  }

  @Override
  public List<Extent> locate(Digest blob) {
    Long size = sizes.get(blob);
    return size == null ? List.of() : List.of(new Extent(FILE, 0, size));
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    throw new BlobNotFoundException(blob);
  }

  @Override
  public void delete(Digest blob) {
    // there is nothing to free
  }

  @Override
  public void rename(Digest blob, Digest other) {
    throw new UnsupportedOperationException("this tier holds no bytes");
  }

  @Override
  public Usage usage() {
    return new Usage(sizes.size(), 0, 0);
  }

  @Override
  public void close() {
    // there is nothing to close
  }
}
