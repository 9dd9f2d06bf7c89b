package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads extended attributes: those behind an inode, and those it shares with others. */
final class XattrDecoder {
  private static final int HEADER = 12;
  private static final int SHARED_COUNT = 4;
  private static final int SHARED_ID = 4;
  private static final int ENTRY_HEADER = 4;

  private final ImageBytes image;
  private final long sharedAt;

  XattrDecoder(ImageBytes image, long sharedAt) {
    this.image = image;
    this.sharedAt = sharedAt;
  }

  SortedMap<ByteString, ByteString> read(ImageFile file) throws IOException {
    SortedMap<ByteString, ByteString> xattrs = new TreeMap<>();
    int length = file.body().xattrBytes();
    if (length == 0) {
      return xattrs;
    }
    ByteBuffer body = image.at(file.body().xattrsAt(), length);
    int shared = Byte.toUnsignedInt(body.get(SHARED_COUNT));
    int begin = HEADER + shared * SHARED_ID;
    if (begin > length) {
      throw malformed(file);
    }
    for (int i = 0; i < shared; i++) {
      long id = Integer.toUnsignedLong(body.getInt(HEADER + i * SHARED_ID));
      put(xattrs, file, sharedAt + id * SHARED_ID);
    }
    for (int at = begin; at < length; ) {
      if (at + ENTRY_HEADER > length) {
        throw malformed(file);
      }
      int entry = put(xattrs, file, file.body().xattrsAt() + at);
      at += entry;
      if (at > length) {
        throw malformed(file);
      }
    }
    return xattrs;
  }

  /** Returns how many bytes the entry takes. */
  private int put(SortedMap<ByteString, ByteString> xattrs, ImageFile file, long position)
      throws IOException {
    ByteBuffer header = image.at(position, ENTRY_HEADER);
    int restBytes = Byte.toUnsignedInt(header.get(0));
    int prefix = Byte.toUnsignedInt(header.get(1));
    int valueBytes = Short.toUnsignedInt(header.getShort(2));
    byte[] text = image.at(position + ENTRY_HEADER, restBytes + valueBytes).array();
    ByteString name =
        XattrEntry.prefixText(prefix)
            .orElseThrow(
                () ->
                    image.malformed(
                        "an attribute of inode " + file.nid() + " with the prefix " + prefix))
            .concat(ByteString.of(text, 0, restBytes));
    xattrs.put(name, ByteString.of(text, restBytes, text.length));
    return (ENTRY_HEADER + text.length + 3) & ~3;
  }

  private MalformedImageException malformed(ImageFile file) {
    return image.malformed("the attributes of inode " + file.nid() + " are damaged");
  }
}
