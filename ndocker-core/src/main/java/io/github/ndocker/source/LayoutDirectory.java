package io.github.ndocker.source;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/**
 * Files below a directory. Each component is opened relative to the one above it and no symbolic
 * link is followed below the root, so that nothing leads outside, whatever changes meanwhile.
 */
record LayoutDirectory(Path root) implements LayoutFiles {
  @Override
  public String name() {
    return root.toString();
  }

  @Override
  public SizedStream open(String path) throws IOException {
    try (DirectoryStream<Path> opened = Files.newDirectoryStream(root)) {
      if (!(opened instanceof SecureDirectoryStream<Path> directory)) {
        throw new IOException(root + ": its file system cannot open files relative to directories");
      }
      return open(directory, Path.of(path), path);
    } catch (NoSuchFileException e) {
      throw new MalformedSourceException(name(), "has no file " + path, e);
    }
  }

  private SizedStream open(SecureDirectoryStream<Path> directory, Path rest, String path)
      throws IOException {
    Path first = rest.getName(0);
    BasicFileAttributes found =
        directory
            .getFileAttributeView(first, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    boolean last = rest.getNameCount() == 1;
    if (found.isSymbolicLink()) {
      throw new MalformedSourceException(
          name(), first + " of " + path + " is a symbolic link; none is followed");
    }
    // before it is opened: a named pipe would wait for somebody to write to it
    if (last ? !found.isRegularFile() : !found.isDirectory()) {
      throw new MalformedSourceException(
          name(), first + " of " + path + " is no " + (last ? "regular file" : "directory"));
    }
    if (!last) {
      try (SecureDirectoryStream<Path> below =
          directory.newDirectoryStream(first, LinkOption.NOFOLLOW_LINKS)) {
        return open(below, rest.subpath(1, rest.getNameCount()), path);
      }
    }
    SeekableByteChannel file =
        directory.newByteChannel(first, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    try {
      return new SizedStream(Channels.newInputStream(file), file.size());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }
}
