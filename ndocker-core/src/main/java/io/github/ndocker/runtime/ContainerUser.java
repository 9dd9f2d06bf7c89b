package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.linux.Descriptor;
import io.github.ndocker.linux.RootedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who a container runs as, looked up in the image's own {@code /etc/passwd} and {@code /etc/group}
 * (OCI image specification, {@code config.User}).
 *
 * @param uid user ID
 * @param gid group ID
 * @param groups additional group IDs
 * @param home home directory, {@code /} if the image knows none
 */
record ContainerUser(long uid, long gid, List<Long> groups, String home) {
  private static final int MAX_FILE_BYTES = 1 << 20;
  private static final long MAX_ID = 0xFFFF_FFFEL;

  ContainerUser {
    groups = List.copyOf(groups);
  }

  static ContainerUser resolve(String user, List<String> more, Path root) throws IOException {
    int colon = user.indexOf(':');
    String name = colon < 0 ? user : user.substring(0, colon);
    Optional<String> group = colon < 0 ? Optional.empty() : Optional.of(user.substring(colon + 1));
    if (name.isEmpty()) {
      name = "0";
    }
    List<String[]> passwd = read(root, "passwd", 4);
    List<String[]> groups = read(root, "group", 3);
    Optional<String[]> account = find(passwd, name);
    long uid;
    if (account.isPresent()) {
      uid = id(account.get()[2], user);
    } else if (isNumber(name)) {
      uid = id(name, user);
    } else {
      throw new NDockerException("the image has no user '" + name + "' in /etc/passwd");
    }
    long gid =
        group.isPresent()
            ? groupId(groups, group.get())
            : account.isPresent() ? id(account.get()[3], user) : 0;
    List<Long> additional = new ArrayList<>();
    if (group.isEmpty() && account.isPresent()) {
      for (String[] entry : groups) {
        if (entry.length > 3 && List.of(entry[3].split(",", -1)).contains(account.get()[0])) {
          additional.add(id(entry[2], user));
        }
      }
    }
    for (String other : more) {
      additional.add(groupId(groups, other));
    }
    String home = account.filter(entry -> entry.length > 5).map(entry -> entry[5]).orElse("/");
    return new ContainerUser(
        uid,
        gid,
        additional.stream().distinct().toList(),
        home.startsWith("/") && home.indexOf('\0') < 0 ? home : "/");
  }

  private static long groupId(List<String[]> groups, String name) throws NDockerException {
    Optional<String[]> entry = find(groups, name);
    if (entry.isPresent()) {
      return id(entry.get()[2], name);
    }
    if (isNumber(name)) {
      return id(name, name);
    }
    throw new NDockerException("the image has no group '" + name + "' in /etc/group");
  }

  /** What is a number is never a name, as in Docker and containerd. */
  private static Optional<String[]> find(List<String[]> entries, String name) {
    int field = isNumber(name) ? 2 : 0;
    return entries.stream().filter(entry -> entry[field].equals(name)).findFirst();
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static long id(String text, String subject) throws NDockerException {
    if (!isNumber(text) || text.length() > 10 || Long.parseLong(text) > MAX_ID) {
      throw new NDockerException(
          "user or group '" + subject + "' has no valid number: '" + text + "'");
    }
    return Long.parseLong(text);
  }

  /** The entries of a file in the image's /etc; none if it is missing, or is not a plain file. */
  private static List<String[]> read(Path root, String name, int fields) throws IOException {
    Optional<Descriptor> found = RootedFile.find(root, "etc/" + name);
    if (found.isEmpty()) {
      return List.of();
    }
    try (Descriptor file = found.get()) {
      if (!Files.isRegularFile(file.path())) {
        return List.of();
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file.path())) {
        bytes = in.readNBytes(MAX_FILE_BYTES + 1);
      }
      if (bytes.length > MAX_FILE_BYTES) {
        // half of it could make somebody a member of other groups than all of it
        throw new NDockerException(
            "/etc/" + name + " of the image has more than " + MAX_FILE_BYTES + " bytes");
      }
      List<String[]> entries = new ArrayList<>();
      for (String line : new String(bytes, UTF_8).lines().toList()) {
        String[] entry = line.split(":", -1);
        if (entry.length >= fields) {
          entries.add(entry);
        }
      }
      return entries;
    }
  }
}
