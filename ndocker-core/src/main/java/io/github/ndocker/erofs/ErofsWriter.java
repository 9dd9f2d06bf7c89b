package io.github.ndocker.erofs;

import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;

/**
 * Writes the metadata of a root file system as an EROFS image whose regular files lie on other
 * devices ("EROFS - Enhanced Read-Only File System", kernel documentation; chunk-based files and a
 * device table, Linux 5.16; blocks of 512 bytes, Linux 6.4).
 *
 * <p>The same tree over the same devices gives the same bytes. Every directory's entries lie just
 * before the inodes of what is in it, directories in path order, so that the image reads well front
 * to back. Thread-safe.
 */
public final class ErofsWriter {
  /** Blocks of 512 bytes: the alignment of files in a tar. */
  public static final int TAR_BLOCK_BITS = 9;

  /** The last block number means a hole. */
  private static final long MAX_BLOCKS = 0xffff_fffeL;

  private final int blockBits;

  /** A writer of images with blocks of 512 bytes. */
  public ErofsWriter() {
    this(TAR_BLOCK_BITS);
  }

  /**
   * A writer of images with blocks of another size.
   *
   * @param blockBits binary logarithm of the block size, 9 to 12
   * @throws IllegalArgumentException if it is not
   */
  public ErofsWriter(int blockBits) {
    if (blockBits < 9 || blockBits > 12) {
      throw new IllegalArgumentException("blocks of 2^" + blockBits + " bytes");
    }
    this.blockBits = blockBits;
  }

  /**
   * Writes an image into a file and forces it to the medium.
   *
   * @param tree the root file system
   * @param contents where its files' bytes are
   * @param file created or replaced; after a failure it holds a part of an image
   * @return what was written
   * @throws ErofsLimitException if EROFS cannot hold the tree
   * @throws IOException if the file cannot be written
   */
  public ErofsSummary write(MergedTree tree, ContentMap contents, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ErofsSummary summary = write(tree, contents, channel);
      channel.force(true);
      return summary;
    }
  }

  /**
   * Writes an image.
   *
   * @param tree the root file system
   * @param contents where its files' bytes are
   * @param channel at position 0, where the image begins; it is written front to back, but for the
   *     superblock, which comes last
   * @return what was written
   * @throws ErofsLimitException if EROFS cannot hold the tree
   * @throws IllegalArgumentException if the contents break the rules of {@link ContentMap}
   * @throws IOException if the channel cannot be written
   */
  public ErofsSummary write(MergedTree tree, ContentMap contents, SeekableByteChannel channel)
      throws IOException {
    List<Device> devices = contents.devices();
    check(devices);
    Epoch epoch = Epoch.of(tree);
    int head = Superblock.headBytes(devices.size(), blockBits);
    SharedXattrs shared = SharedXattrs.of(tree);
    ImageLayout layout =
        new ImageLayout(tree, contents, epoch, shared, blockBits, (long) head + shared.bytes());
    if (layout.end() >> blockBits > MAX_BLOCKS) {
      throw new ErofsLimitException("an image of " + layout.end() + " bytes of metadata");
    }
    MessageDigest digest = sha256();
    channel.position(head);
    ImageOutput output = new ImageOutput(channel, digest, head);
    shared.write(output);
    new ImageBody(layout, blockBits).write(output);
    output.zerosUntil(layout.end());
    output.flush();
    long rootNid = layout.nid(tree.root());
    long blocks = layout.end() >> blockBits;
    int inodes = tree.inodes();
    digest.update(
        Superblock.encode(blockBits, rootNid, inodes, epoch, blocks, new UUID(0, 0), devices));
    UUID uuid = uuid(digest.digest());
    channel.position(0);
    ByteBuffer superblock =
        Superblock.encode(blockBits, rootNid, inodes, epoch, blocks, uuid, devices);
    while (superblock.hasRemaining()) {
      channel.write(superblock);
    }
    return new ErofsSummary(layout.end(), inodes, uuid, layout.droppedXattrs());
  }

  private void check(List<Device> devices) throws ErofsLimitException {
    if (devices.size() > Superblock.MAX_DEVICES) {
      throw new ErofsLimitException(
          devices.size() + " devices; at most " + Superblock.MAX_DEVICES + " fit");
    }
    for (Device device : devices) {
      if (device.bytes() >> blockBits >= MAX_BLOCKS) {
        throw new ErofsLimitException(
            "device '"
                + device.tag()
                + "' of "
                + device.bytes()
                + " bytes; at most "
                + (MAX_BLOCKS << blockBits)
                + " fit");
      }
    }
  }

  /** A version 8 UUID (RFC 9562): what the digest says, marked as our own making. */
  private static UUID uuid(byte[] digest) {
    ByteBuffer bytes = ByteBuffer.wrap(digest);
    long high = (bytes.getLong() & ~0xf000L) | 0x8000L;
    long low = (bytes.getLong() & ~(3L << 62)) | 2L << 62;
    return new UUID(high, low);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
