package io.github.ndocker.source;

import io.github.ndocker.api.Layer;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/**
 * A directory with images in it, as the OCI image specification lays it out ("Image Layout"): what
 * {@code skopeo copy … oci:DIRECTORY} writes. Read only. Thread-safe; there is nothing to close.
 *
 * <p>An image is found by {@code io.containerd.image.name} or {@code
 * org.opencontainers.image.ref.name} in {@code index.json}; of the latter a tag alone is enough. If
 * there is one image only and it has no name, it is taken whatever the reference says. A reference
 * with a digest means the entry with that digest. No symbolic link below the directory is followed.
 */
public final class OciLayout implements ImageSource {
  private final LayoutDirectory directory;
  private final Layout layout;

  private OciLayout(LayoutDirectory directory, Layout layout) {
    this.directory = directory;
    this.layout = layout;
  }

  /**
   * Opens a layout, and reads its index.
   *
   * @param directory the directory, or a symbolic link to it
   * @return the layout; images that are added later are not seen
   * @throws MalformedSourceException if it is no layout
   * @throws MalformedManifestException if its index or its marker is malformed
   * @throws IOException if it cannot be read
   */
  public static OciLayout open(Path directory) throws IOException {
    LayoutDirectory files = new LayoutDirectory(directory.toAbsolutePath());
    return new OciLayout(files, Layout.read(files));
  }

  /**
   * The names of the images.
   *
   * @return as the layout has them, for a person to read; none for images without a name
   */
  public List<String> references() {
    return layout.images().shown();
  }

  /**
   * {@inheritDoc}
   *
   * @throws MissingImageException if there is no such image
   * @throws MalformedSourceException if a file is missing, too large or not regular
   * @throws ReadCancelledException if it was cancelled
   */
  @Override
  public ResolvedImage resolve(
      ImageReference reference, Platform platform, KnownImages known, BooleanSupplier cancelled)
      throws IOException {
    VerifiedStream.checkWanted(directory.name(), cancelled);
    List<Descriptor> found;
    if (reference.digest().isPresent()) {
      found = layout.at(reference.digest().get());
    } else {
      List<Descriptor> named = layout.images().find(reference);
      found = named.isEmpty() ? layout.images().sole() : named;
    }
    if (found.isEmpty()) {
      throw new MissingImageException(directory.name(), reference, references());
    }
    return new ImageWalk(reference, platform, layout, known)
        .from(layout.choose(found, reference, platform));
  }

  /**
   * {@inheritDoc}
   *
   * @throws MalformedSourceException if the file is missing, of another size or not regular, or
   *     ends early
   * @throws ReadCancelledException if it was cancelled
   */
  @Override
  public InputStream open(
      ImageReference reference, Layer layer, LongConsumer arrivedBytes, BooleanSupplier cancelled)
      throws IOException {
    return layout.open(layer, arrivedBytes, cancelled);
  }
}
