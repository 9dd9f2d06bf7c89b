package io.github.ndocker.store;

import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;

class FileTierTest extends BlobTierContractTest {
  @Override
  protected BlobTier open() throws IOException {
    return FileTier.open(directory.resolve("tier"), CAPACITY);
  }
}
