package io.github.ndocker.layer;

import java.util.Optional;

/**
 * Joins a header block with the extended headers that came before it. GNU's long names count more
 * than PAX, and PAX more than the block, as in the Go tar reader.
 */
final class EntryHeaders {
  private PaxRecords pax = PaxRecords.NONE;
  private Optional<ByteString> longName = Optional.empty();
  private Optional<ByteString> longLink = Optional.empty();
  private boolean pending;

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

  /** A global header stands for itself; its records apply to nothing. */
  void global() {
    pending = pax != PaxRecords.NONE || longName.isPresent() || longLink.isPresent();
  }

  /** Whether an entry must follow. */
  boolean arePending() {
    return pending;
  }

  /** The entry whose header block ends at {@code position}. Forgets the extended headers. */
  LayerEntry entry(TarHeader header, long position, int pathLimit) throws MalformedLayerException {
    ByteString rawPath = first(longName, pax.text("path"), header.name());
    ByteString rawLink = first(longLink, pax.text("linkpath"), header.linkName());
    bounded(rawPath, pathLimit);
    bounded(rawLink, pathLimit);
    EntryType type = type(header.typeFlag(), rawPath);
    long said = pax.number("size").orElse(header.size());
    if (said < 0) {
      throw new MalformedLayerException("'" + rawPath + "' has a size of " + said + " bytes");
    }
    // what is not a regular file has no data, whatever the field says
    long size = type == EntryType.REGULAR ? said : 0;
    PaxRecords.Time mtime = pax.time("mtime").orElse(new PaxRecords.Time(header.mtime(), 0));
    boolean device = type == EntryType.CHARACTER_DEVICE || type == EntryType.BLOCK_DEVICE;
    try {
      LayerEntry entry =
          new LayerEntry(
              EntryPath.normalise(rawPath),
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
      clear();
      return entry;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedLayerException(
          "the entry '" + rawPath + "' cannot be: " + e.getMessage(), e);
    }
  }

  private void clear() {
    pax = PaxRecords.NONE;
    longName = Optional.empty();
    longLink = Optional.empty();
    pending = false;
  }

  private static ByteString target(EntryType type, ByteString raw) throws MalformedLayerException {
    return switch (type) {
      case SYMLINK -> raw;
      case HARD_LINK -> EntryPath.normalise(raw);
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
      case '7' -> EntryType.REGULAR; // contiguous, which means nothing any more
      case 'S' ->
          throw new MalformedLayerException(
              "'" + path + "' is a sparse file; pack the image without sparse files");
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

  private static void bounded(ByteString path, int limit) throws MalformedLayerException {
    if (path.length() > limit) {
      throw new MalformedLayerException(
          "a path of " + path.length() + " bytes; at most " + limit + " are read");
    }
  }

  private static ByteString first(
      Optional<ByteString> gnu, Optional<ByteString> pax, ByteString plain) {
    return gnu.or(() -> pax).orElse(plain);
  }
}
