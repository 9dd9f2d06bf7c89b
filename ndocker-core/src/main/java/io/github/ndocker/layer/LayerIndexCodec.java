package io.github.ndocker.layer;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/**
 * A layer index as bytes: "NDLI", a version, the tar's size and the entries as variable-length
 * numbers, and a CRC-32C of all of it. A path is written as what differs from the one before.
 *
 * <p>An index can always be made again from the layer, so a version that is not this one is an
 * error, and no reason to convert anything.
 */
public final class LayerIndexCodec {
  private static final byte[] MAGIC = "NDLI".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 2;

  private LayerIndexCodec() {}

  /**
   * Writes an index.
   *
   * @param index what to write
   * @param out where to; stays open
   * @throws IOException if that fails
   */
  public static void write(LayerIndex index, OutputStream out) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(new BufferedOutputStream(out, 1 << 16), new CRC32C());
    VarintOutput numbers = new VarintOutput(checked);
    checked.write(MAGIC);
    numbers.writeUnsigned(VERSION);
    numbers.writeUnsigned(index.tarBytes());
    numbers.writeUnsigned(index.entries().size());
    ByteString before = ByteString.EMPTY;
    for (LayerEntry entry : index.entries()) {
      write(entry, before, numbers);
      before = entry.path();
    }
    int checksum = (int) checked.getChecksum().getValue();
    DataOutputStream end = new DataOutputStream(checked);
    end.writeInt(checksum);
    end.flush();
  }

  /**
   * Reads an index.
   *
   * @param in begins with the index; stays open, and may be read further than the index
   * @param limits what an index may make us keep
   * @return the index
   * @throws MalformedLayerException if these are not the bytes of an index, of this version, whole
   *     and unchanged
   * @throws IOException if {@code in} fails
   */
  public static LayerIndex read(InputStream in, LayerLimits limits) throws IOException {
    CheckedInputStream checked =
        new CheckedInputStream(new BufferedInputStream(in, 1 << 16), new CRC32C());
    VarintInput numbers = new VarintInput(checked);
    if (!Arrays.equals(numbers.readBytes(MAGIC.length).toByteArray(), MAGIC)) {
      throw new MalformedLayerException("this is no layer index");
    }
    long version = numbers.readUnsigned(Integer.MAX_VALUE);
    if (version != VERSION) {
      throw new MalformedLayerException(
          "a layer index of version " + version + "; index the layer again");
    }
    try {
      long tarBytes = numbers.readUnsigned(limits.of(LayerLimit.TAR_BYTES));
      int count = (int) numbers.readUnsigned(limits.count(LayerLimit.ENTRIES));
      // not sized by the count, which may lie
      List<LayerEntry> entries = new ArrayList<>();
      ByteString before = ByteString.EMPTY;
      long indexBytes = 0;
      long sparseBytes = 0;
      for (int i = 0; i < count; i++) {
        LayerEntry entry = read(numbers, before, limits);
        before = entry.path();
        indexBytes += entry.keptBytes();
        limits.check(LayerLimit.INDEX_BYTES, indexBytes);
        sparseBytes += entry.sparse().map(sparse -> (long) sparse.copies().length()).orElse(0L);
        limits.check(LayerLimit.SPARSE_COST_BYTES, sparseBytes);
        entries.add(entry);
      }
      int expected = (int) checked.getChecksum().getValue();
      byte[] end = numbers.readBytes(4).toByteArray();
      int found = ByteBuffer.wrap(end).getInt();
      if (found != expected) {
        throw new MalformedLayerException("the layer index fails its checksum");
      }
      return new LayerIndex(tarBytes, entries);
    } catch (IllegalArgumentException e) {
      throw new MalformedLayerException("the layer index is damaged: " + e.getMessage(), e);
    }
  }

  private static void write(LayerEntry entry, ByteString before, VarintOutput out)
      throws IOException {
    out.writeUnsigned(entry.type().tarFlag());
    int shared = entry.path().commonPrefix(before);
    out.writeUnsigned(shared);
    out.writeBytes(entry.path().slice(shared, entry.path().length()));
    out.writeUnsigned(entry.mode());
    out.writeUnsigned(Integer.toUnsignedLong(entry.uid()));
    out.writeUnsigned(Integer.toUnsignedLong(entry.gid()));
    out.writeSigned(entry.mtimeSeconds());
    out.writeUnsigned(entry.mtimeNanos());
    out.writeUnsigned(entry.size());
    out.writeUnsigned(entry.dataOffset() / TarHeader.BLOCK);
    out.writeBytes(entry.linkTarget());
    out.writeUnsigned(entry.deviceMajor());
    out.writeUnsigned(entry.deviceMinor());
    out.writeUnsigned(entry.xattrs().size());
    for (Map.Entry<ByteString, ByteString> xattr : entry.xattrs().entrySet()) {
      out.writeBytes(xattr.getKey());
      out.writeBytes(xattr.getValue());
    }
    SparseContentsCodec.write(entry.sparse(), out);
  }

  private static LayerEntry read(VarintInput in, ByteString before, LayerLimits limits)
      throws IOException {
    char flag = (char) in.readUnsigned(Character.MAX_VALUE);
    EntryType type =
        EntryType.ofTarFlag(flag)
            .orElseThrow(() -> new MalformedLayerException("the layer index has an unknown type"));
    ByteString shared = before.slice(0, (int) in.readUnsigned(before.length()));
    ByteString rest = in.readCounted(limits.count(LayerLimit.PATH_BYTES) - shared.length());
    ByteString path = shared.concat(rest);
    if (!path.isEmpty() && !EntryPath.normalise(path).equals(path)) {
      throw new MalformedLayerException("the layer index has the path '" + path + "'");
    }
    int mode = (int) in.readUnsigned(07777);
    int uid = (int) in.readUnsigned(0xffff_ffffL);
    int gid = (int) in.readUnsigned(0xffff_ffffL);
    long mtimeSeconds = in.readSigned();
    int mtimeNanos = (int) in.readUnsigned(999_999_999);
    long size = in.readUnsigned(limits.of(LayerLimit.FILE_BYTES));
    long dataOffset =
        in.readUnsigned(limits.of(LayerLimit.TAR_BYTES) / TarHeader.BLOCK) * TarHeader.BLOCK;
    ByteString target = in.readCounted(limits.count(LayerLimit.LINK_BYTES));
    int major = (int) in.readUnsigned(Integer.MAX_VALUE);
    int minor = (int) in.readUnsigned(Integer.MAX_VALUE);
    SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();
    int most = limits.count(LayerLimit.XATTR_BYTES);
    long count = in.readUnsigned(most);
    long bytes = 0;
    for (long i = 0; i < count; i++) {
      ByteString name = in.readCounted(most);
      ByteString value = in.readCounted(most);
      bytes += name.length() + (long) value.length();
      limits.check(LayerLimit.XATTR_BYTES, bytes);
      xattrs.put(name, value);
    }
    return new LayerEntry(
        path,
        type,
        mode,
        uid,
        gid,
        mtimeSeconds,
        mtimeNanos,
        size,
        dataOffset,
        target,
        major,
        minor,
        xattrs,
        SparseContentsCodec.read(in, limits));
  }
}
