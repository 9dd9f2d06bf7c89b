package io.github.ndocker.jmh;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Profile;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.MalformedProfileException;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a profile of 330 files, as many as the cold start of a Python image touches, and 2,500
 * ranges goes through. Merging profiles joins these where there is a merge; today the last one
 * counts.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ProfileBenchmark {
  private static final List<DiffId> LAYERS = List.of(new DiffId(Digest.sha256(new byte[32])));
  private static final Profile PROFILE = SyntheticProfile.of(ChainId.of(LAYERS));

  private String document = "";
  private Optional<MergedTree> tree = Optional.empty();

  /** The state fields of a benchmark. */
  public ProfileBenchmark() {}

  /**
   * Makes the document, and the tree that has its files.
   *
   * @throws IOException never
   */
  @Setup
  public void makeTree() throws IOException {
    document = ProfileDocument.write(PROFILE);
    tree =
        Optional.of(
            MergedTree.of(
                List.of(
                    SyntheticLayer.index(
                        SyntheticProfile.FILES_OF_LAYER, SyntheticProfile.FILE_BYTES))));
  }

  /**
   * The profile to JSON.
   *
   * @return the document
   */
  @Benchmark
  public String writeDocument() {
    return ProfileDocument.write(PROFILE);
  }

  /**
   * The profile from JSON.
   *
   * @return the profile
   * @throws MalformedProfileException never
   */
  @Benchmark
  public Profile readDocument() throws MalformedProfileException {
    return ProfileDocument.read(document);
  }

  /**
   * Finds the files and puts their ranges one after the other.
   *
   * @return the layout of the hot pack
   */
  @Benchmark
  public HotPackLayout layOutPack() {
    return HotPackLayout.of(PROFILE.inOrderOfAccess(), tree.orElseThrow(), LAYERS, 0);
  }
}
