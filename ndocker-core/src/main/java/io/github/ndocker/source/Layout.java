package io.github.ndocker.source;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageIndex;
import io.github.ndocker.image.ImageLayoutVersion;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.NamedManifest;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.PlatformNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/** What an OCI layout says ("Image Layout", OCI image specification), wherever its files are. */
final class Layout implements ImageDocuments {
  static final String MARKER = "oci-layout";
  static final String INDEX = "index.json";
  private static final int MAX_MARKER_BYTES = 4096;

  private final LayoutFiles files;
  private final NamedImages<Descriptor> images;

  private Layout(LayoutFiles files, NamedImages<Descriptor> images) {
    this.files = files;
    this.images = images;
  }

  static Layout read(LayoutFiles files) throws IOException {
    ImageLayoutVersion.check(files.read(MARKER, MAX_MARKER_BYTES), files.name() + ": " + MARKER);
    List<NamedImages.Entry<Descriptor>> entries = new ArrayList<>();
    byte[] index = files.read(INDEX, ImageWalk.MAX_BYTES);
    for (NamedManifest image : NamedManifest.parse(index, files.name() + ": " + INDEX)) {
      entries.add(new NamedImages.Entry<>(ImageNames.of(image), image.descriptor()));
    }
    return new Layout(files, new NamedImages<>(entries));
  }

  NamedImages<Descriptor> images() {
    return images;
  }

  /** Chooses among those that have the same name: one for each platform, if they are several. */
  Descriptor choose(List<Descriptor> found, ImageReference reference, Platform platform)
      throws IOException {
    if (found.size() == 1) {
      return found.get(0);
    }
    if (found.stream().anyMatch(image -> image.platform().isEmpty())) {
      throw new MalformedSourceException(
          files.name(),
          found.size() + " images are named " + reference + "; ask for one by its digest");
    }
    ImageIndex index = new ImageIndex(MediaTypes.OCI_INDEX, found);
    return index
        .select(platform)
        .orElseThrow(() -> new PlatformNotFoundException(reference, platform, index.platforms()));
  }

  /** Those that an image may be which is pinned to a digest. */
  List<Descriptor> at(Digest digest) {
    return images.entries().stream()
        .map(NamedImages.Entry::image)
        .filter(image -> image.digest().equals(digest))
        .limit(1)
        .toList();
  }

  @Override
  public ImageDocument manifest(Descriptor named) throws IOException {
    return new ImageDocument(files.read(path(named.digest()), ImageWalk.MAX_BYTES), "");
  }

  @Override
  public byte[] config(Descriptor named) throws IOException {
    return files.read(path(named.digest()), ImageWalk.MAX_BYTES);
  }

  InputStream open(Layer layer, LongConsumer arrivedBytes, BooleanSupplier cancelled)
      throws IOException {
    return VerifiedStream.open(files, path(layer.compressed()), layer, arrivedBytes, cancelled);
  }

  /** A digest is hexadecimal and of a known algorithm: no path that leads elsewhere. */
  static String path(Digest digest) {
    return "blobs/" + digest.algorithm() + "/" + digest.hex();
  }
}
