package io.github.ndocker.engine;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.FileOrigin;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.api.ProfiledRun;
import io.github.ndocker.hotfile.FileOrigins;
import io.github.ndocker.hotfile.JoinedWorkloads;
import io.github.ndocker.hotfile.MalformedProfileException;
import io.github.ndocker.hotfile.PathList;
import io.github.ndocker.hotfile.Portability;
import io.github.ndocker.hotfile.ProfileBounds;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.hotfile.TraceFindings;
import io.github.ndocker.hotfile.WritableChanges;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/** The profiles of images: made of traces, merged, imported and exported. Thread-safe. */
final class Profiles {
  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final MetadataImages metadata;
  private final Records records;

  Profiles(TwoTierStore store, Catalogue catalogue, MetadataImages metadata, Records records) {
    this.store = store;
    this.catalogue = catalogue;
    this.metadata = metadata;
    this.records = records;
  }

  Optional<Profile> find(ImageRecord image, String workload) throws IOException {
    Optional<ProfileRecord> record = catalogue.profiles().find(image.chainId(), workload);
    return record.isEmpty()
        ? Optional.empty()
        : Optional.of(ProfileDocument.read(record.get().json()));
  }

  /** One that is damaged, or of a newer version, is in nobody's way who does not need it. */
  private Optional<Profile> readable(ImageRecord image, String workload) throws IOException {
    try {
      return find(image, workload);
    } catch (MalformedProfileException e) {
      return Optional.empty();
    }
  }

  /** What some workloads read, as one. One that is named twice counts once. */
  Profile joined(ImageRecord image, List<String> workloads, double minShareOfRuns)
      throws IOException {
    List<Profile> profiles = new ArrayList<>();
    for (String workload : new LinkedHashSet<>(workloads)) {
      Optional<Profile> found = find(image, workload);
      if (found.isEmpty()) {
        throw new NotTracedException(ImageReference.parse(image.reference()), workload);
      }
      profiles.add(found.get());
    }
    return JoinedWorkloads.join(profiles, minShareOfRuns);
  }

  /** All of an image, in the order of their workloads. */
  List<Profile> of(ImageRecord image) throws IOException {
    List<Profile> profiles = new ArrayList<>();
    for (ProfileRecord record : catalogue.profiles().of(image.chainId())) {
      profiles.add(ProfileDocument.read(record.json()));
    }
    return profiles;
  }

  /** Keeps a profile; an earlier one of the workload is merged into it, or replaced. */
  synchronized Profile keep(Profile profile, boolean replacing) throws IOException {
    Optional<ProfileRecord> before =
        replacing
            ? Optional.empty()
            : catalogue.profiles().find(profile.image(), profile.workload());
    Profile kept =
        ProfileBounds.cut(
            before.isEmpty() ? profile : ProfileDocument.read(before.get().json()).merge(profile));
    String document = ProfileDocument.write(kept);
    // what could not be read again would be in the way of every later trace
    ProfileDocument.read(document);
    records.put(new ProfileRecord(kept.image(), kept.workload(), document));
    return kept;
  }

  /** The profile of one traced run. */
  Profile traced(
      ImageRecord image,
      String workload,
      ProfiledRun run,
      TraceFindings findings,
      boolean awaitedReadiness,
      Optional<Path> upper)
      throws IOException {
    List<String> gaps = new ArrayList<>(findings.gaps());
    if (awaitedReadiness && run.end() == ProfiledRun.End.TIME_LIMIT) {
      gaps.add("the container was not ready when the time was up");
    }
    MergedTree tree = tree(image);
    List<ProfiledChange> changes = List.of();
    if (upper.isPresent()) {
      WritableChanges found = new WritableChanges(upper.get(), tree);
      changes = found.changes();
      if (found.isTruncated()) {
        gaps.add(ProfileBounds.MORE_CHANGED);
      }
    }
    List<ProfiledFile> files = new ArrayList<>();
    try (FileOrigins origins = origins(image)) {
      readable(image, workload).ifPresent(origins::believe);
      for (ProfiledFile file : findings.files()) {
        Optional<Inode> inode = tree.find(file.path()).map(TreeNode::inode);
        Optional<FileOrigin> origin = inode.isEmpty() ? Optional.empty() : origins.of(inode.get());
        files.add(new ProfiledFile(file.path(), origin, file.runs(), file.ranges()));
      }
    }
    return new Profile(
        image.chainId(), workload, 1, gaps, List.of(run), files, findings.processes(), changes);
  }

  /**
   * Takes a document or a list of paths in, fitted to the image. Nothing is changed if it fails.
   */
  ProfileImport take(ImageRecord image, String workload, String text, boolean replacing)
      throws IOException {
    if (workload.isBlank()) {
      throw new NDockerException("a workload has a name");
    }
    MergedTree tree = tree(image);
    try (FileOrigins origins = origins(image)) {
      Portability.Fitted fitted;
      if (isDocument(text)) {
        Profile document = ProfileDocument.read(text);
        Portability portability = new Portability(tree, origins);
        fitted =
            document.image().equals(image.chainId())
                ? portability.check(document)
                : portability.fit(document, image.chainId());
      } else {
        Profile listed = PathList.parse(text).match(tree, origins, image.chainId(), workload);
        fitted = new Portability.Fitted(listed, listed.files().size(), listed.bytes());
      }
      Profile profile = fitted.profile().withWorkload(workload);
      return new ProfileImport(
          keep(profile, replacing),
          fitted.files(),
          profile.files().size(),
          fitted.bytes(),
          profile.bytes());
    }
  }

  /** A list of paths begins with a slash or a number sign. */
  private static boolean isDocument(String text) {
    return text.stripLeading().startsWith("{");
  }

  private MergedTree tree(ImageRecord image) throws IOException {
    return metadata.tree(layers(image));
  }

  private FileOrigins origins(ImageRecord image) {
    return new FileOrigins(layers(image), store::read);
  }

  private static List<DiffId> layers(ImageRecord image) {
    return image.layers().stream().map(Layer::diffId).toList();
  }
}
