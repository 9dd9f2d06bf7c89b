package io.github.ndocker.layer;

import java.util.Optional;

/**
 * Joins a header block with the extended headers that came before it. GNU's long names count more
 * than PAX, and PAX more than the block, as in the Go tar reader.
 */
final class EntryHeaders {
  private final LayerLimits limits;
  private PaxRecords pax = PaxRecords.NONE;
  private Optional<ByteString> longName = Optional.empty();
  private Optional<ByteString> longLink = Optional.empty();
  private boolean pending;

  EntryHeaders(LayerLimits limits) {
    this.limits = limits;
  }

  /**
   * An entry whose data may be still to come.
   *
   * @param entry the entry; that of a sparse file has the size 0
   * @param dataBytes bytes that follow it in the tar
   * @param sparse how to read them, for a sparse file
   */
  record Begun(LayerEntry entry, long dataBytes, Optional<SparseForm> sparse) {}

  void announce() {
    pending = true;
  }

  void pax(PaxRecords records) {
    pax = records;
  }

  void longName(ByteString name) {
    longName = Optional.of(name).filter(text -> !text.isEmpty());
  }

  void longLink(ByteString name) {
    longLink = Optional.of(name).filter(text -> !text.isEmpty());
  }

  /**
   * A global header stands for itself; its records apply to nothing. Readers do not agree whether
   * an extended header before it is for what comes after it.
   */
  void global() throws MalformedLayerException {
    if (pax != PaxRecords.NONE || longName.isPresent() || longLink.isPresent()) {
      throw new MalformedLayerException("a global header between an entry and its own header");
    }
    pending = false;
  }

  /** Whether an entry must follow. */
  boolean arePending() {
    return pending;
  }

  /** The entry whose header block ends at {@code position}. Forgets the extended headers. */
  Begun begin(TarHeader header, byte[] block, long position) throws MalformedLayerException {
    Optional<SparseForm> sparse =
        header.typeFlag() == 'S'
            ? Optional.of(oldSparse(header, block))
            : SparseForm.of(pax, header.size(), limits);
    Optional<ByteString> sparseName =
        sparse.isPresent() ? pax.text("GNU.sparse.name") : Optional.empty();
    ByteString rawPath =
        sparseName.or(() -> longName).orElse(pax.text("path").orElse(header.name()));
    ByteString rawLink = longLink.orElse(pax.text("linkpath").orElse(header.linkName()));
    limits.check(LayerLimit.PATH_BYTES, rawPath.length());
    limits.check(LayerLimit.LINK_BYTES, rawLink.length());
    EntryType type = type(header.typeFlag(), rawPath);
    long said = pax.number("size").orElse(header.size());
    if (said < 0 || sparse.map(SparseForm::size).orElse(0L) < 0) {
      throw new MalformedLayerException("'" + rawPath + "' has a negative size");
    }
    if (sparse.isPresent() && type != EntryType.REGULAR) {
      throw new MalformedLayerException("'" + rawPath + "' is sparse and no regular file");
    }
    // what is not a regular file has no data, whatever the field says
    long data = type == EntryType.REGULAR ? said : 0;
    LayerEntry entry =
        entry(header, type, rawPath, rawLink, sparse.isPresent() ? 0 : data, position);
    pax = PaxRecords.NONE;
    longName = Optional.empty();
    longLink = Optional.empty();
    pending = false;
    return new Begun(entry, data, sparse);
  }

  private SparseForm oldSparse(TarHeader header, byte[] block) throws MalformedLayerException {
    if (!header.gnu()) {
      throw new MalformedLayerException("'" + header.name() + "' is sparse in the manner of star");
    }
    return SparseForm.old(block, limits);
  }

  private LayerEntry entry(
      TarHeader header,
      EntryType type,
      ByteString rawPath,
      ByteString rawLink,
      long size,
      long position)
      throws MalformedLayerException {
    PaxRecords.Time mtime = pax.time("mtime").orElse(new PaxRecords.Time(header.mtime(), 0));
    boolean device = type == EntryType.CHARACTER_DEVICE || type == EntryType.BLOCK_DEVICE;
    if (type == EntryType.CHARACTER_DEVICE
        && header.deviceMajor() == 0
        && header.deviceMinor() == 0) {
      throw new MalformedLayerException(
          "'" + rawPath + "' is the character device 0:0, a whiteout of overlayfs");
    }
    try {
      return new LayerEntry(
          path(rawPath),
          type,
          (int) (header.mode() & 07777),
          owner(pax.number("uid").orElse(header.uid())),
          owner(pax.number("gid").orElse(header.gid())),
          mtime.seconds(),
          mtime.nanos(),
          size,
          size == 0 ? 0 : position,
          target(type, rawLink),
          device ? Math.toIntExact(header.deviceMajor()) : 0,
          device ? Math.toIntExact(header.deviceMinor()) : 0,
          pax.xattrs());
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedLayerException(
          "the entry '" + rawPath + "' cannot be: " + e.getMessage(), e);
    }
  }

  private ByteString path(ByteString raw) throws MalformedLayerException {
    ByteString path = EntryPath.normalise(raw);
    limits.check(LayerLimit.DEPTH, EntryPath.depth(path));
    return path;
  }

  private ByteString target(EntryType type, ByteString raw) throws MalformedLayerException {
    return switch (type) {
      case SYMLINK -> raw;
      case HARD_LINK -> path(raw);
      default -> ByteString.EMPTY;
    };
  }

  private static int owner(long id) throws MalformedLayerException {
    // (uid_t) -1 means "no change" to chown
    if (id < 0 || id >= 0xffff_ffffL) {
      throw new MalformedLayerException("no user or group has the number " + id);
    }
    return (int) id;
  }

  private static EntryType type(char flag, ByteString path) throws MalformedLayerException {
    return switch (flag) {
      // before POSIX a directory was a file whose name ends in a slash
      case 0 ->
          !path.isEmpty() && path.at(path.length() - 1) == '/'
              ? EntryType.DIRECTORY
              : EntryType.REGULAR;
      // contiguous, which means nothing any more; sparse, which its contents tell
      case '7', 'S' -> EntryType.REGULAR;
      default ->
          EntryType.ofTarFlag(flag)
              .orElseThrow(
                  () ->
                      new MalformedLayerException(
                          "'"
                              + path
                              + "' is of the type "
                              + (int) flag
                              + ", which no container engine takes"));
    };
  }
}
