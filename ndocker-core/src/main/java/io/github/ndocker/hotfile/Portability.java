package io.github.ndocker.hotfile;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.FileOrigin;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Fits profiles to an image: checks those of the image itself, and keeps of those of another one
 * what still matters. For one thread.
 */
public final class Portability {
  /** What may be hashed to find files that have another name by now. */
  private static final long MAX_SEARCHED_BYTES = 256L << 20;

  /** So many files of one size are compared at most. */
  private static final int MAX_CANDIDATES = 16;

  private record Place(DiffId layer, long offset, long size) {}

  private record Named(String path, Inode inode) {}

  private final MergedTree tree;
  private final FileOrigins origins;
  private final List<DiffId> layers;

  /** Of files that are not empty: where they lie, and the first name that they have. */
  private final Map<Place, Named> places = new HashMap<>();

  private final Map<Long, List<Named>> sizes = new HashMap<>();

  /**
   * For one image.
   *
   * @param tree the image
   * @param origins reads its files
   */
  public Portability(MergedTree tree, FileOrigins origins) {
    this.tree = tree;
    this.origins = origins;
    this.layers = origins.layers();
  }

  /**
   * What is left of a profile.
   *
   * @param profile the part of it that the image holds
   * @param files how many files it had
   * @param bytes how many bytes it had
   */
  public record Fitted(Profile profile, int files, long bytes) {}

  /**
   * Checks a profile of this image.
   *
   * @param profile it
   * @return all of it, with the origin of every file
   * @throws MalformedProfileException if it has a path that is not in the image, a range past the
   *     end of a file, or a file with another origin
   * @throws IOException if a layer cannot be read
   */
  public Fitted check(Profile profile) throws IOException {
    List<ProfiledFile> files = new ArrayList<>();
    for (ProfiledFile file : profile.files()) {
      Inode inode =
          regular(file.path())
              .orElseThrow(
                  () ->
                      new MalformedProfileException(
                          "the profile has " + file.path() + ", which is no file of the image"));
      long end = end(file);
      if (end > inode.size()) {
        throw new MalformedProfileException(
            "the profile has a range of "
                + file.path()
                + " to byte "
                + end
                + "; the file has "
                + inode.size());
      }
      Optional<FileOrigin> origin = origins.of(inode);
      if (file.origin().isPresent() && !file.origin().equals(origin)) {
        throw new MalformedProfileException(
            "the profile says of "
                + file.path()
                + " that it is "
                + file.origin().get()
                + "; in the image it is "
                + origin.map(FileOrigin::toString).orElse("sparse"));
      }
      files.add(new ProfiledFile(file.path(), origin, file.runs(), file.ranges()));
    }
    return new Fitted(
        with(profile, profile.image(), profile.gaps(), files), files.size(), profile.bytes());
  }

  /**
   * Fits a profile of another image to this one. A file stays if the image has, at the same path, a
   * file of the same size and content; or else the same stretch of the same layer at another path;
   * or else a file of the same content anywhere, as far as that is found without reading much.
   * Files of unknown origin do not stay.
   *
   * @param profile a profile of another image
   * @param image the chain ID of this one
   * @return what stays; incomplete if that is not all
   * @throws MalformedProfileException if nothing stays
   * @throws IOException if a layer cannot be read
   */
  public Fitted fit(Profile profile, ChainId image) throws IOException {
    index();
    List<ProfiledFile> files = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (ProfiledFile file : profile.files()) {
      Optional<Named> found =
          file.origin().isPresent() ? find(file.path(), file.origin().get()) : Optional.empty();
      if (found.isPresent() && taken.add(found.get().path())) {
        files.add(
            new ProfiledFile(
                found.get().path(), origins.of(found.get().inode()), file.runs(), file.ranges()));
      }
    }
    if (files.isEmpty()) {
      throw new MalformedProfileException(
          "none of the "
              + profile.files().size()
              + " files of the profile of "
              + profile.image()
              + " is in this image");
    }
    List<String> gaps = new ArrayList<>(profile.gaps());
    int dropped = profile.files().size() - files.size();
    if (dropped > 0 && gaps.size() < Profile.MAX_GAPS) {
      gaps.add(
          dropped + " of " + profile.files().size() + " files were of another image, and not here");
    }
    return new Fitted(with(profile, image, gaps, files), profile.files().size(), profile.bytes());
  }

  private Optional<Named> find(String path, FileOrigin origin) throws IOException {
    Optional<Inode> same = regular(path);
    if (same.isPresent() && same.get().size() == origin.size()) {
      Optional<FileOrigin> here = origins.of(same.get());
      if (here.isPresent() && here.get().content().equals(origin.content())) {
        return Optional.of(new Named(path, same.get()));
      }
    }
    if (origin.size() == 0) {
      return Optional.empty();
    }
    Named moved = places.get(new Place(origin.layer(), origin.offset(), origin.size()));
    if (moved != null) {
      return Optional.of(moved);
    }
    for (Named candidate : sizes.getOrDefault(origin.size(), List.of())) {
      if (origins.hashedBytes() + origin.size() > MAX_SEARCHED_BYTES) {
        return Optional.empty();
      }
      Optional<FileOrigin> here = origins.of(candidate.inode());
      if (here.isPresent() && here.get().content().equals(origin.content())) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private void index() {
    tree.walk(
        (path, node) -> {
          Inode inode = node.inode();
          if (inode.type() != EntryType.REGULAR
              || inode.sparse().isPresent()
              || inode.size() == 0) {
            return;
          }
          Named named = new Named("/" + path, inode);
          Place place = new Place(layers.get(inode.layer()), inode.dataOffset(), inode.size());
          if (places.putIfAbsent(place, named) == null) {
            List<Named> alike = sizes.computeIfAbsent(inode.size(), size -> new ArrayList<>());
            if (alike.size() < MAX_CANDIDATES) {
              alike.add(named);
            }
          }
        });
  }

  private Optional<Inode> regular(String path) {
    return isPlain(path)
        ? tree.find(path).map(TreeNode::inode).filter(inode -> inode.type() == EntryType.REGULAR)
        : Optional.empty();
  }

  /** Looking up a path passes over what would make it another one. */
  private static boolean isPlain(String path) {
    return !path.contains("//")
        && !(path + "/").contains("/./")
        && !(path + "/").contains("/../")
        && !path.endsWith("/");
  }

  private static long end(ProfiledFile file) {
    int last = file.ranges().size() - 1;
    return last < 0 ? 0 : file.ranges().get(last).end();
  }

  private static Profile with(
      Profile profile, ChainId image, List<String> gaps, List<ProfiledFile> files) {
    return new Profile(
        image,
        profile.workload(),
        profile.runs(),
        gaps,
        profile.ends(),
        files,
        profile.processes(),
        profile.changes());
  }
}
