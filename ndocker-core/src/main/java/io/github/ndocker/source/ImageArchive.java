package io.github.ndocker.source;

import io.github.ndocker.api.Layer;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.image.SavedImage;
import io.github.ndocker.layer.Compression;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * Images in a tar: what {@code docker save} writes, and OCI archives ({@code skopeo copy …
 * oci-archive:FILE}), which are an OCI layout in a tar. Thread-safe.
 *
 * <p>Layers are read out of the archive where they are in it. An archive that is compressed as a
 * whole (gzip, Zstandard) or comes as a stream is kept in a file of the {@link ArchiveSpool} until
 * this is closed. Archives of more than 100,000 entries, or with two files of the same name, are
 * refused. A thread that is interrupted while it reads closes the archive for all, as NIO has it.
 *
 * <p>An image is found by its name: {@code io.containerd.image.name} or {@code
 * org.opencontainers.image.ref.name} in {@code index.json}, of which the latter may be a tag alone,
 * or else {@code RepoTags} in {@code manifest.json}. If there is one image only and nothing in the
 * archive has a name, it is taken whatever the reference says. A reference with a digest means the
 * entry of {@code index.json} with that digest.
 *
 * <p><b>The manifest of an image that has none.</b> Without a layout in it, an archive of {@code
 * docker save} has no manifest with digests. One is made: a manifest of the OCI without white
 * space, with the fields {@code schemaVersion}, {@code mediaType}, {@code config} and {@code
 * layers}, and the fields {@code mediaType}, {@code digest} (sha256) and {@code size} in each
 * descriptor, all in this order; a layer's media type is that of a tar, {@code +gzip} or {@code
 * +zstd} if it begins so. The same configuration and layers give the same manifest, so its digest
 * tells an image that is deployed already from another one. It is not the digest that a registry
 * has for the image.
 */
public final class ImageArchive implements ImageSource, Closeable {
  private static final String STREAM = "the archive from a stream";

  private final ArchiveFiles files;
  private final Optional<Layout> layout;
  private final Optional<SavedImages> saved;

  private ImageArchive(ArchiveFiles files, Optional<Layout> layout, Optional<SavedImages> saved) {
    this.files = files;
    this.layout = layout;
    this.saved = saved;
  }

  /**
   * Opens an archive, and reads the headers of its entries and what it says of its images.
   *
   * @param file the archive, which must stay as it is
   * @param spool where it is kept if it is compressed
   * @return the archive, to be closed by the caller
   * @throws MalformedSourceException if it is no such archive, or goes beyond the limits
   * @throws MalformedManifestException if its {@code index.json} or {@code manifest.json} is
   *     malformed
   * @throws IOException if it or the spool fails; nothing is left there then
   */
  public static ImageArchive open(Path file, ArchiveSpool spool) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new MalformedSourceException(file.toString(), "is no regular file");
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean readInPlace = false;
    try {
      ByteBuffer begin = ByteBuffer.allocate(Compression.MAGIC_BYTES);
      int unused = channel.read(begin, 0);
      readInPlace = Compression.of(begin.array()) == Compression.NONE;
      FileChannel tar =
          readInPlace ? channel : spool.keep(Channels.newInputStream(channel), file.toString());
      return read(file.toString(), tar);
    } finally {
      if (!readInPlace) {
        channel.close();
      }
    }
  }

  /**
   * Reads an archive to the end of a stream, into a file of the spool.
   *
   * @param stream the archive, compressed or not; stays open
   * @param spool where it is kept
   * @return the archive, to be closed by the caller
   * @throws MalformedSourceException if it is no such archive, or goes beyond the limits
   * @throws MalformedManifestException if its {@code index.json} or {@code manifest.json} is
   *     malformed
   * @throws IOException if the stream or the spool fails; nothing is left there then
   */
  public static ImageArchive read(InputStream stream, ArchiveSpool spool) throws IOException {
    return read(STREAM, spool.keep(stream, STREAM));
  }

  private static ImageArchive read(String name, FileChannel tar) throws IOException {
    ArchiveFiles files = ArchiveFiles.index(name, tar);
    boolean understood = false;
    try {
      Optional<Layout> layout =
          files.has(Layout.MARKER) && files.has(Layout.INDEX)
              ? Optional.of(Layout.read(files))
              : Optional.empty();
      Optional<SavedImages> saved =
          files.has(SavedImages.MANIFEST) ? Optional.of(SavedImages.read(files)) : Optional.empty();
      if (layout.isEmpty() && saved.isEmpty()) {
        throw new MalformedSourceException(
            name,
            "neither an OCI archive (no oci-layout) nor one of docker save (no manifest.json)");
      }
      understood = true;
      return new ImageArchive(files, layout, saved);
    } finally {
      if (!understood) {
        files.close();
      }
    }
  }

  /**
   * The names of the images.
   *
   * @return as the archive has them, for a person to read; none for images without a name
   */
  public List<String> references() {
    return Stream.concat(
            layout.stream().flatMap(found -> found.images().shown().stream()),
            saved.stream().flatMap(found -> found.images().shown().stream()))
        .distinct()
        .toList();
  }

  /**
   * {@inheritDoc}
   *
   * @throws MissingImageException if there is no such image
   * @throws MalformedSourceException if an entry is missing, too large or no file
   * @throws ReadCancelledException if it was cancelled
   */
  @Override
  public ResolvedImage resolve(
      ImageReference reference, Platform platform, KnownImages known, BooleanSupplier cancelled)
      throws IOException {
    VerifiedStream.checkWanted(files.name(), cancelled);
    boolean nameless = references().isEmpty();
    if (layout.isPresent()) {
      Layout there = layout.get();
      List<Descriptor> found =
          reference.digest().isPresent()
              ? there.at(reference.digest().get())
              : chosen(there.images(), reference, nameless);
      if (!found.isEmpty()) {
        return new ImageWalk(reference, platform, there, known)
            .from(there.choose(found, reference, platform));
      }
    }
    if (saved.isPresent()) {
      List<SavedImage> found = chosen(saved.get().images(), reference, nameless);
      if (!found.isEmpty()) {
        return saved.get().resolve(found, reference, platform, known, cancelled);
      }
    }
    throw new MissingImageException(files.name(), reference, references());
  }

  private static <T> List<T> chosen(
      NamedImages<T> images, ImageReference reference, boolean nameless) {
    return nameless ? images.sole() : images.find(reference);
  }

  /**
   * {@inheritDoc}
   *
   * @throws MalformedSourceException if the entry is missing, of another size or no file
   * @throws ReadCancelledException if it was cancelled
   */
  @Override
  public InputStream open(
      ImageReference reference, Layer layer, LongConsumer arrivedBytes, BooleanSupplier cancelled)
      throws IOException {
    if (layout.isPresent() && files.has(Layout.path(layer.compressed()))) {
      return layout.get().open(layer, arrivedBytes, cancelled);
    }
    if (saved.isPresent()) {
      return saved.get().open(layer, arrivedBytes, cancelled);
    }
    throw new MalformedSourceException(
        files.name(), "has no file '" + Layout.path(layer.compressed()) + "'");
  }

  /** Closes the archive; what was spooled of it is gone then. */
  @Override
  public void close() throws IOException {
    files.close();
  }
}
