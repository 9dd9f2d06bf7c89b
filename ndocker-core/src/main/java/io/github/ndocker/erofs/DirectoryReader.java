package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the blocks that {@link DirectoryBlocks} writes. */
final class DirectoryReader {
  private static final int ENTRY = 12;
  private static final int NAME_OFFSET = 8;

  private final ImageBytes image;
  private final FileBytes bytes;
  private final int blockBytes;

  DirectoryReader(ImageBytes image, FileBytes bytes, int blockBytes) {
    this.image = image;
    this.bytes = bytes;
    this.blockBytes = blockBytes;
  }

  /** All entries, "." and ".." among them. */
  List<ImageEntry> list(ImageFile directory) throws IOException {
    List<ImageEntry> entries = new ArrayList<>();
    for (long block = 0; block < blocks(directory); block++) {
      entries.addAll(block(directory, block));
    }
    return entries;
  }

  /** By bisection over the blocks, as the kernel does it. */
  Optional<ImageEntry> find(ImageFile directory, ByteString name) throws IOException {
    long low = 0;
    long high = blocks(directory) - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      List<ImageEntry> entries = block(directory, middle);
      if (name.compareTo(entries.get(0).name()) < 0) {
        high = middle - 1;
      } else if (name.compareTo(entries.get(entries.size() - 1).name()) > 0) {
        low = middle + 1;
      } else {
        return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
      }
    }
    return Optional.empty();
  }

  private long blocks(ImageFile directory) {
    return directory.size() == 0 ? 0 : (directory.size() - 1) / blockBytes + 1;
  }

  /** At least one entry. */
  private List<ImageEntry> block(ImageFile directory, long block) throws IOException {
    long from = block * blockBytes;
    int length = (int) Math.min(blockBytes, directory.size() - from);
    ByteBuffer raw = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.fill(directory, raw, from);
    raw.flip();
    int names = length < ENTRY ? 0 : Short.toUnsignedInt(raw.getShort(NAME_OFFSET));
    int count = names / ENTRY;
    if (count == 0 || names > length) {
      throw malformed(directory);
    }
    List<ImageEntry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int begin = Short.toUnsignedInt(raw.getShort(i * ENTRY + NAME_OFFSET));
      int end =
          i + 1 < count
              ? Short.toUnsignedInt(raw.getShort((i + 1) * ENTRY + NAME_OFFSET))
              : endOfLast(raw, begin);
      if (begin < names || end <= begin || end > length) {
        throw malformed(directory);
      }
      ByteString name = ByteString.of(raw.array(), begin, end);
      if (name.indexOf((byte) '/', 0) < name.length()) {
        throw malformed(directory);
      }
      entries.add(new ImageEntry(name, raw.getLong(i * ENTRY)));
    }
    return entries;
  }

  /** A block is filled up with zeros. */
  private static int endOfLast(ByteBuffer raw, int begin) {
    int end = begin;
    while (end < raw.limit() && raw.get(end) != 0) {
      end++;
    }
    return end;
  }

  private MalformedImageException malformed(ImageFile directory) {
    return image.malformed("the directory of inode " + directory.nid() + " is damaged");
  }
}
