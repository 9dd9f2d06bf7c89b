package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.FileOrigin;
import io.github.ndocker.api.Profile;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the files of an image come from and what is in them, read from the layers' blobs. For one
 * thread.
 */
public final class FileOrigins implements Closeable {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Opens blobs. */
  @FunctionalInterface
  public interface Blobs {
    /**
     * Opens one.
     *
     * @param blob its digest
     * @return a reader, closed by whoever asked
     * @throws IOException if it is not there
     */
    BlobReader read(Digest blob) throws IOException;
  }

  /** A stretch of a layer, which is the same bytes for ever. */
  private record Stretch(DiffId layer, long offset, long size) {}

  private final List<DiffId> layers;
  private final OpenLayers open;
  private final Map<Stretch, Digest> contents = new HashMap<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private long hashedBytes;

  /**
   * Of one image.
   *
   * @param layers its layers, from the bottom up
   * @param blobs where their bytes are
   */
  public FileOrigins(List<DiffId> layers, Blobs blobs) {
    this.layers = List.copyOf(layers);
    this.open = new OpenLayers(blobs::read);
  }

  /**
   * Believes what an earlier profile says of files, rather than to read them again.
   *
   * @param profile one that was made here, or checked
   */
  public void believe(Profile profile) {
    profile.files().stream()
        .flatMap(file -> file.origin().stream())
        .forEach(
            origin ->
                contents.put(
                    new Stretch(origin.layer(), origin.offset(), origin.size()), origin.content()));
  }

  /**
   * The origin of a file.
   *
   * @param inode an inode of the image's tree
   * @return its origin; empty for what is no regular file, and for a sparse one, which does not lie
   *     in its layer as it is read
   * @throws IOException if the layer cannot be read
   */
  public Optional<FileOrigin> of(Inode inode) throws IOException {
    if (inode.type() != EntryType.REGULAR || inode.sparse().isPresent()) {
      return Optional.empty();
    }
    DiffId layer = layers.get(inode.layer());
    Stretch stretch = new Stretch(layer, inode.dataOffset(), inode.size());
    Digest content = contents.get(stretch);
    if (content == null) {
      content = hash(stretch);
      contents.put(stretch, content);
    }
    return Optional.of(new FileOrigin(layer, stretch.offset(), stretch.size(), content));
  }

  /** The image's layers, from the bottom up. */
  List<DiffId> layers() {
    return layers;
  }

  /**
   * How much was read.
   *
   * @return bytes of all files that were hashed
   */
  long hashedBytes() {
    return hashedBytes;
  }

  private Digest hash(Stretch stretch) throws IOException {
    BlobReader blob = open.get(stretch.layer());
    MessageDigest sha256 = sha256();
    for (long done = 0; done < stretch.size(); ) {
      buffer.clear().limit((int) Math.min(BUFFER_BYTES, stretch.size() - done));
      int read = blob.read(buffer, stretch.offset() + done);
      if (read < 1) {
        throw new EOFException("layer " + stretch.layer() + " is shorter than its index says");
      }
      sha256.update(buffer.flip());
      done += read;
    }
    hashedBytes += stretch.size();
    return Digest.sha256(sha256.digest());
  }

  @Override
  public void close() throws IOException {
    open.close();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
