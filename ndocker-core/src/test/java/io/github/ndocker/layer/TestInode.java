package io.github.ndocker.layer;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** What a name of a random tree stands for. Names of attributes and values are ISO 8859-1. */
final class TestInode {
  /** What Linux takes; more than a page, more than a block of EROFS. */
  private static final int LARGEST_VALUE = 60_000;

  private static final String[] SHARED = {
    "system_u:object_r:usr_t:s0\0", "system_u:object_r:bin_t:s0\0", "\0\u00ff".repeat(2000)
  };

  private final char type;
  private final String target;
  private byte[] data;
  private Optional<Sparse> sparse = Optional.empty();
  private final int major;
  private final int minor;
  private int mode;
  private long uid;
  private long gid;
  private long seconds;
  private int nanos;
  private final Map<String, String> xattrs = new TreeMap<>();

  /** How a file lies in its tar with holes. */
  record Sparse(SparseTar.File file, SparseTar.Form form) {}

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
    inode.seconds = 0;
    inode.nanos = 0;
    inode.xattrs.clear();
    return inode;
  }

  /** A sparse file. */
  static TestInode sparse(Random random, SparseTar.File file, SparseTar.Form form) {
    TestInode inode = new TestInode(random, '0', "");
    inode.data = file.content();
    inode.sparse = Optional.of(new Sparse(file, form));
    inode.exaggerateMetadata(random);
    // the builder of such entries knows no other
    inode.mode = 0644;
    return inode;
  }

  /** Makes it something that this project keeps, but not every engine or file system. */
  void exaggerate(Random random) {
    if (type == '0' && random.nextInt(12) == 0) {
      data = new byte[random.nextInt(3 << 20)];
      random.nextBytes(data);
    }
    exaggerateMetadata(random);
  }

  private void exaggerateMetadata(Random random) {
    anyTime(random);
    switch (random.nextInt(8)) {
      case 0 -> xattrs.put("trusted.large", binary(random, 1 + random.nextInt(LARGEST_VALUE)));
      case 1 -> xattrs.put("trusted.empty", "");
      case 2 -> xattrs.put("security.label", SHARED[random.nextInt(SHARED.length)]);
      case 3 -> xattrs.put("trusted." + "n".repeat(1 + random.nextInt(247)), "long");
      case 4 -> {
        for (int i = random.nextInt(60); i > 0; i--) {
          xattrs.put("trusted.many" + i, binary(random, random.nextInt(200)));
        }
      }
      default -> {}
    }
  }

  /** From the 17th to the 23rd century, what Java can read of a disk to the nanosecond. */
  void anyTime(Random random) {
    if (random.nextBoolean()) {
      seconds = random.nextLong() >> 31;
      nanos = random.nextInt(1_000_000_000);
    }
  }

  private static String binary(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
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

  Optional<Sparse> sparse() {
    return sparse;
  }

  /** As PAX writes it. */
  String time() {
    if (seconds < 0 && nanos > 0) {
      // what is behind the point goes away from zero
      return "-" + (-1 - seconds) + String.format(".%09d", 1_000_000_000 - nanos);
    }
    return nanos == 0 ? "" + seconds : seconds + String.format(".%09d", nanos);
  }

  Map<String, String> xattrs() {
    return xattrs;
  }
}
