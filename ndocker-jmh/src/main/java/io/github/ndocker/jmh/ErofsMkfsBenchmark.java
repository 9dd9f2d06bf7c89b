package io.github.ndocker.jmh;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The system's {@code mkfs.erofs} over the tree of {@link ErofsBenchmark}, to the same kind of
 * image: compact inodes, chunk-based files, contents on another device. It forces nothing itself,
 * so its files are forced here.
 *
 * <p>The two cannot be made equal. Version 1.5 reads no tar, so the tree lies unpacked in a
 * directory.
 *
 * <ul>
 *   <li>It flatters ours that {@code mkfs.erofs} starts as a process and walks a directory (which
 *       is in the page cache), and that it reads every file and hashes its one chunk to find equal
 *       ones. The files are holes, all equal, so that only one chunk is ever copied. With files of
 *       0 bytes it neither reads nor hashes, nor writes chunk indexes, which ours always does: the
 *       truth is between the two.
 *   <li>It flatters {@code mkfs.erofs} that neither unpacking the layer nor indexing it is counted
 *       ({@link LayerIndexBenchmark} is the latter), that it hashes no metadata, whose hash is our
 *       image's UUID, and that {@code -x-1} spares it the search for extended attributes.
 * </ul>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ErofsMkfsBenchmark {
  private static final HostProgram MKFS = new HostProgram("mkfs.erofs", "erofs-utils");

  /** How many files the tree has. */
  @Param({"12000", "100000"})
  public int files;

  /** How large each of them is. */
  @Param({"" + ErofsBenchmark.FILE_BYTES, "0"})
  public int fileBytes;

  private Path tree = Path.of("");
  private Path image = Path.of("");
  private Path contents = Path.of("");
  private Optional<ScratchDirectory> scratch = Optional.empty();

  /** The state fields of a benchmark. */
  public ErofsMkfsBenchmark() {}

  /**
   * Makes the files.
   *
   * @throws IOException if {@code mkfs.erofs} is not installed or there is no room for the files
   */
  @Setup
  public void makeTree() throws IOException {
    MKFS.required();
    ScratchDirectory directory = ScratchDirectory.create();
    scratch = Optional.of(directory);
    tree = directory.path().resolve("tree");
    image = directory.path().resolve("image.erofs");
    contents = directory.path().resolve("contents");
    for (int file = 0; file < files; file++) {
      Files.createDirectories(tree.resolve(SyntheticLayer.directoryOf(file)));
      Path path = tree.resolve(SyntheticLayer.pathOf(file));
      try (RandomAccessFile hole = new RandomAccessFile(path.toFile(), "rw")) {
        hole.setLength(fileBytes);
      }
    }
  }

  /**
   * Removes tree and image.
   *
   * @throws IOException if they cannot be removed
   */
  @TearDown
  public void removeFiles() throws IOException {
    scratch.orElseThrow().close();
  }

  /**
   * Walks the tree and writes its image.
   *
   * @throws IOException if {@code mkfs.erofs} fails
   */
  @Benchmark
  public void walkAndWrite() throws IOException {
    MKFS.run(
        "--quiet",
        "-x-1", // no search for extended attributes
        "-T0", // one time for all, which compact inodes need
        "--chunksize=4096",
        "--blobdev=" + contents,
        image.toString(),
        tree.toString());
    force(contents);
    force(image);
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
