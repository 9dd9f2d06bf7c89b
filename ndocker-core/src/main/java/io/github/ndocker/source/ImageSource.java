package io.github.ndocker.source;

import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.PlatformNotFoundException;
import io.github.ndocker.image.ResolvedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * Where an image is deployed from: a registry, a directory, an archive.
 *
 * <p>Nothing that a source holds is believed: it hands out only what matches the digest and the
 * size by which it was named. Thread-safe; several layers are read at once. What a source gives up
 * because the caller said so ends with a checked exception, soon and not only at the end.
 */
public interface ImageSource {
  /**
   * Finds out what an image consists of: its manifest for one platform, and its configuration.
   *
   * @param reference the image
   * @param platform what it shall run on
   * @param known images whose documents need not be read again
   * @param cancelled asked now and then, and while waiting; true to give up
   * @return the image, verified against the digests that name it
   * @throws PlatformNotFoundException if it is not built for the platform
   * @throws MalformedManifestException if a document of it is malformed or not supported
   * @throws DigestMismatchException if a document is not the one that was named
   * @throws IOException if there is no such image, the source is not as it should be, or it was
   *     cancelled; each implementation says with which exceptions
   */
  ResolvedImage resolve(
      ImageReference reference, Platform platform, KnownImages known, BooleanSupplier cancelled)
      throws IOException;

  /**
   * Opens one layer of an image that this source has resolved.
   *
   * @param reference the image it belongs to
   * @param layer the layer
   * @param arrivedBytes told the number of bytes that have come so far, in all
   * @param cancelled asked now and then, while reading too; true to give up
   * @return the layer as the source holds it, compressed or not, to be closed by the caller; for
   *     one thread. It reports its end only if all bytes have come and are the right ones;
   *     otherwise its {@code read} throws a {@link DigestMismatchException} if they are others, or
   *     what the implementation says.
   * @throws IOException if the source holds no such layer, or not as it should, or it was cancelled
   */
  InputStream open(
      ImageReference reference, Layer layer, LongConsumer arrivedBytes, BooleanSupplier cancelled)
      throws IOException;
}
