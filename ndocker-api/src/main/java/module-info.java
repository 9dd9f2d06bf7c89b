/**
 * The three interfaces of N-Docker ({@link io.github.ndocker.api.LayerPlacementPolicy}, {@link
 * io.github.ndocker.api.HotFileDetector}, {@link io.github.ndocker.api.TieredBlobStore}), the value
 * types they speak, and the interface that storage media implement ({@link
 * io.github.ndocker.spi.BlobTier}).
 */
module io.github.ndocker.api {
  requires static transitive org.jspecify;

  exports io.github.ndocker.api;
  exports io.github.ndocker.spi;
}
