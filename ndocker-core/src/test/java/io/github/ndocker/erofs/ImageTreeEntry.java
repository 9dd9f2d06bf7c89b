package io.github.ndocker.erofs;

import io.github.ndocker.layer.BlockInputStream;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A file of an image that is read without a mount. */
record ImageTreeEntry(ImageTree tree, ImageFile file) implements TreeEntry {
  @Override
  public Attributes attributes() {
    return new Attributes(
        file.type().fileType() | file.mode(),
        Integer.toUnsignedLong(file.uid()),
        Integer.toUnsignedLong(file.gid()),
        Attributes.device(file.deviceMajor(), file.deviceMinor()),
        file.nlink(),
        file.size(),
        file.mtimeSeconds(),
        file.mtimeNanos());
  }

  @Override
  public Object identity() {
    return file.nid();
  }

  @Override
  public Map<String, String> xattrs() throws IOException {
    Map<String, String> xattrs = new TreeMap<>();
    tree.xattrs(file).forEach((name, value) -> xattrs.put(latin(name), latin(value)));
    return xattrs;
  }

  @Override
  public String target() throws IOException {
    return latin(tree.symlinkTarget(file));
  }

  @Override
  public SortedMap<String, TreeEntry> children() throws IOException {
    SortedMap<String, TreeEntry> children = new TreeMap<>();
    for (ImageEntry entry : tree.list(file)) {
      children.put(latin(entry.name()), new ImageTreeEntry(tree, tree.file(entry.nid())));
    }
    return children;
  }

  @Override
  public InputStream open() {
    return new BlockInputStream() {
      private long position;

      @Override
      public int read(byte[] target, int from, int length) throws IOException {
        int count = tree.read(file, ByteBuffer.wrap(target, from, length), position);
        position += Math.max(0, count);
        return count;
      }
    };
  }

  private static String latin(ByteString bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}
