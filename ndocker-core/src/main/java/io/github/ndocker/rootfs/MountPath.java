package io.github.ndocker.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.linux.Descriptor;
import io.github.ndocker.linux.FilesystemContext;
import io.github.ndocker.linux.SystemCallException;
import java.io.Closeable;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A path as a mount option can carry it: itself where it is short and plain (so that the mount
 * table reads well), else the name of a descriptor. Overlayfs splits at colons and unescapes
 * backslashes; no value may be longer than 255 bytes.
 */
final class MountPath implements Closeable {
  private final String option;
  private final Optional<Descriptor> descriptor;

  MountPath(Path path) throws SystemCallException {
    this(path, FilesystemContext.MAX_VALUE_BYTES);
  }

  MountPath(Path path, int mostBytes) throws SystemCallException {
    String text = path.toString();
    boolean plain =
        text.getBytes(UTF_8).length <= mostBytes
            && text.chars().noneMatch(c -> c == ':' || c == ',' || c == '\\' || c < ' ');
    descriptor = plain ? Optional.empty() : Optional.of(Descriptor.openReadOnly(path));
    option = descriptor.map(d -> "/proc/self/fd/" + d.number()).orElse(text);
  }

  String option() {
    return option;
  }

  @Override
  public void close() {
    descriptor.ifPresent(Descriptor::close);
  }
}
