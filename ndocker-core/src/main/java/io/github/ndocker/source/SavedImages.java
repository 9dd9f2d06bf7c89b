package io.github.ndocker.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.image.SavedImage;
import io.github.ndocker.layer.Compression;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * The images that the {@code manifest.json} of {@code docker save} describes. It has no digests, so
 * these are found by reading, once for each layer, and a manifest is made of them. Thread-safe.
 */
final class SavedImages {
  static final String MANIFEST = "manifest.json";
  private static final int BUFFER_BYTES = 1 << 16;
  private static final Digest NOTHING_YET = new Digest("sha256", "0".repeat(64));

  private final ArchiveFiles files;
  private final NamedImages<SavedImage> images;

  /** What has been read: layers by their files, and files by their digests. */
  private final Map<String, Descriptor> layers = new ConcurrentHashMap<>();

  private final Map<Digest, String> paths = new ConcurrentHashMap<>();

  private SavedImages(ArchiveFiles files, NamedImages<SavedImage> images) {
    this.files = files;
    this.images = images;
  }

  static SavedImages read(ArchiveFiles files) throws IOException {
    byte[] json = files.read(MANIFEST, ImageWalk.MAX_BYTES);
    List<NamedImages.Entry<SavedImage>> entries = new ArrayList<>();
    for (SavedImage image : SavedImage.parse(json, files.name() + ": " + MANIFEST)) {
      ImageNames names = new ImageNames(Optional.empty(), image.repoTags());
      entries.add(new NamedImages.Entry<>(names, image));
    }
    return new SavedImages(files, new NamedImages<>(entries));
  }

  NamedImages<SavedImage> images() {
    return images;
  }

  ResolvedImage resolve(
      List<SavedImage> found,
      ImageReference reference,
      Platform platform,
      KnownImages known,
      BooleanSupplier cancelled)
      throws IOException {
    if (found.size() > 1) {
      throw new MalformedSourceException(
          files.name(), found.size() + " images are named " + reference);
    }
    SavedImage image = found.get(0);
    byte[] config = files.read(image.config(), ImageWalk.MAX_BYTES);
    List<Descriptor> described = new ArrayList<>();
    for (String path : image.layers()) {
      described.add(layer(path, cancelled));
    }
    byte[] manifest = manifest(descriptor(MediaTypes.OCI_CONFIG, config), described);
    if (reference.digest().isPresent()) {
      ContentCheck.check("manifest of " + reference, reference.digest().get(), manifest);
    }
    return new ImageWalk(reference, platform, new Documents(files.name(), config), known)
        .from(
            reference.digest().orElse(descriptor(MediaTypes.OCI_MANIFEST, manifest).digest()),
            new ImageDocument(manifest, MediaTypes.OCI_MANIFEST));
  }

  /** Opens a layer that was described. */
  InputStream open(Layer layer, LongConsumer arrivedBytes, BooleanSupplier cancelled)
      throws IOException {
    String path = paths.get(layer.compressed());
    if (path == null) {
      throw new MalformedSourceException(
          files.name(), "layer " + layer.compressed() + " is of no image that was resolved");
    }
    return VerifiedStream.open(files, path, layer, arrivedBytes, cancelled);
  }

  /** By the file behind the links, so that a thousand of them to one file cost no more than one. */
  private Descriptor layer(String named, BooleanSupplier cancelled) throws IOException {
    String path = files.target(named);
    Descriptor read = layers.get(path);
    if (read == null) {
      read = describe(path, cancelled);
      layers.put(path, read);
      paths.put(read.digest(), path);
    }
    return read;
  }

  private Descriptor describe(String path, BooleanSupplier cancelled) throws IOException {
    MessageDigest hash = ContentCheck.hash(NOTHING_YET);
    try (SizedStream file = files.open(path)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      int count = file.bytes().readNBytes(buffer, 0, BUFFER_BYTES);
      byte[] begin = Arrays.copyOf(buffer, Math.min(count, Compression.MAGIC_BYTES));
      while (count > 0) {
        VerifiedStream.checkWanted(files.name(), cancelled);
        hash.update(buffer, 0, count);
        count = file.bytes().readNBytes(buffer, 0, BUFFER_BYTES);
      }
      return new Descriptor(
          mediaType(Compression.of(begin)),
          Digest.sha256(hash.digest()),
          file.size(),
          Optional.empty());
    }
  }

  private static String mediaType(Compression compression) {
    return switch (compression) {
      case NONE -> MediaTypes.OCI_LAYER;
      case GZIP -> MediaTypes.OCI_LAYER + "+gzip";
      case ZSTANDARD -> MediaTypes.OCI_LAYER + "+zstd";
    };
  }

  private static Descriptor descriptor(String mediaType, byte[] bytes) {
    Digest digest = Digest.sha256(ContentCheck.hash(NOTHING_YET).digest(bytes));
    return new Descriptor(mediaType, digest, bytes.length, Optional.empty());
  }

  /** The form is promised in the Javadoc of {@link ImageArchive}: a change changes digests. */
  private static byte[] manifest(Descriptor config, List<Descriptor> layers) {
    return ("{\"schemaVersion\":2,\"mediaType\":\""
            + MediaTypes.OCI_MANIFEST
            + "\",\"config\":"
            + json(config)
            + ",\"layers\":["
            + layers.stream().map(SavedImages::json).collect(Collectors.joining(","))
            + "]}")
        .getBytes(UTF_8);
  }

  private static String json(Descriptor descriptor) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d}"
        .formatted(descriptor.mediaType(), descriptor.digest(), descriptor.size());
  }

  /** There is one manifest, which was made, and one configuration, which was read for it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Documents(String name, byte[] configBytes) implements ImageDocuments {
    @Override
    public ImageDocument manifest(Descriptor named) throws IOException {
      throw new MalformedSourceException(name, "no index names " + named.digest());
    }

    @Override
    public byte[] config(Descriptor named) {
      return configBytes;
    }
  }
}
