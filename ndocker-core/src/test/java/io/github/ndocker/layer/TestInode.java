package io.github.ndocker.layer;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What a name of a random tree stands for. Names of attributes and values are ISO 8859-1. */
final class TestInode {
  private final char type;
  private final String target;
  private final byte[] data;
  private final int major;
  private final int minor;
  private int mode;
  private long uid;
  private long gid;
  private long seconds;
  private int nanos;
  private final Map<String, String> xattrs = new TreeMap<>();

  /** Anything of a type of POSIX tar. */
  TestInode(Random random, char type, String target) {
    this.type = type;
    this.target = target;
    this.data = new byte[type == '0' ? random.nextInt(3) * random.nextInt(9000) : 0];
    random.nextBytes(data);
    this.major = 1 + random.nextInt(4000);
    this.minor = random.nextInt(1 << 20);
    describe(random);
    if (type == '0' || type == '5') {
      for (int i = random.nextInt(6) - 3; i > 0; i--) {
        // umoci knows no empty ones
        xattrs.put("user.a" + i, "\0\n=\u00ff".repeat(1 + random.nextInt(60)));
      }
    }
    if (type == '0' && random.nextInt(8) == 0) {
      xattrs.put("security.capability", "\1\0\0\2\0\4" + "\0".repeat(14));
    }
  }

  /** A directory that no layer has an entry for. */
  static TestInode implicit() {
    TestInode inode = new TestInode(new Random(0), '5', "");
    inode.mode = 0755;
    inode.uid = 0;
    inode.gid = 0;
    inode.xattrs.clear();
    return inode;
  }

  /** Other metadata; the attributes stay, for not every engine takes old ones away. */
  void describe(Random random) {
    mode = random.nextInt(8) == 0 ? random.nextInt(010000) : 0644 | random.nextInt(2) * 0111;
    if (type == '5') {
      // what is unpacked into a set-group-ID directory inherits from it
      mode &= ~02000;
    }
    uid = random.nextInt(5) == 0 ? 2_000_000_000L : random.nextInt(3) * 1000L;
    gid = random.nextInt(5) == 0 ? 1L << 21 : random.nextInt(3) * 1000L;
    seconds = random.nextInt(5) == 0 ? 5_000_000_000L : random.nextInt(2_000_000_000);
    nanos = random.nextBoolean() ? 0 : 1 + random.nextInt(999_999_999);
  }

  char type() {
    return type;
  }

  String target() {
    return target;
  }

  byte[] data() {
    return data;
  }

  int major() {
    return major;
  }

  int minor() {
    return minor;
  }

  int mode() {
    return mode;
  }

  long uid() {
    return uid;
  }

  long gid() {
    return gid;
  }

  long seconds() {
    return seconds;
  }

  int nanos() {
    return nanos;
  }

  /** As PAX writes it. */
  String time() {
    return nanos == 0 ? "" + seconds : seconds + String.format(".%09d", nanos);
  }

  Map<String, String> xattrs() {
    return xattrs;
  }
}
