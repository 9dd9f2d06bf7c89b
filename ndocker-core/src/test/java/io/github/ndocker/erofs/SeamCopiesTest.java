package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that lie in pieces, with seams where no page of a file begins. */
class SeamCopiesTest {
  private static final int PAGE = 4096;
  private static final List<Tier> TIERS = List.of(Tier.FAST, Tier.SLOW);

  @TempDir Path scratch;
  private final List<Path> devices = new ArrayList<>();

  /** The tar, cut at multiples of so many bytes into pieces on two devices, with gaps between. */
  private BlobLocation scattered(byte[] tar, int pieces, int unit, Random random)
      throws IOException {
    devices.clear();
    devices.add(scratch.resolve("fast"));
    devices.add(scratch.resolve("slow"));
    return ScatteredBlob.write(tar, pieces, unit, random, devices.get(0), devices.get(1));
  }

  private long write(byte[] tar, BlobLocation location, Path image) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    indexer.update(tar, 0, tar.length);
    MergedTree tree = MergedTree.of(List.of(indexer.finish()));
    DiffId layer = new DiffId(Digest.sha256(new byte[32]));
    return new ErofsWriter()
        .write(
            tree,
            new TieredContents(
                List.of(layer), List.of(location), List.of(), name -> new BlobOfBytes(tar)),
            image)
        .bytes();
  }

  @Test
  void showsEveryByteOfFilesAcrossSeams() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int trial = 0; trial < 12; trial++) {
      TarBuilder tar = new TarBuilder().directory("./");
      List<byte[]> contents = new ArrayList<>();
      for (int file = 0; file < 20; file++) {
        byte[] content = new byte[random.nextInt(file % 4 == 0 ? 400_000 : 9000)];
        random.nextBytes(content);
        contents.add(content);
        tar.entry('0', "f" + file, "", content);
      }
      byte[] bytes = tar.finished();
      Path image = scratch.resolve("image");
      BlobLocation location =
          scattered(bytes, 1 + random.nextInt(12), random.nextBoolean() ? PAGE : 512, random);
      write(bytes, location, image);
      List<Path> files = TieredContents.files(List.of(location), List.of());
      try (ImageTree tree = ImageTree.open(image, files)) {
        for (int file = 0; file < contents.size(); file++) {
          ImageFile found = tree.find(ByteString.utf8("f" + file)).orElseThrow();
          ByteBuffer read = ByteBuffer.allocate((int) found.size());
          tree.read(found, read, 0);
          assertArrayEquals(
              contents.get(file), read.array(), "seed " + seed + ", trial " + trial + ", " + file);
        }
      }
    }
  }

  @Test
  void theKernelShowsThemToo() throws IOException {
    LoopMount.assumePossible();
    byte[] content = new byte[900_000];
    Random random = new Random(5);
    random.nextBytes(content);
    byte[] tar = new TarBuilder().entry('0', "f", "", content).finished();
    Path image = scratch.resolve("image");
    BlobLocation location = scattered(tar, 5, PAGE, random);
    write(tar, location, image);
    List<Path> files = TieredContents.files(List.of(location), List.of());
    try (LoopMount mount = LoopMount.mount(image, files, scratch.resolve("mnt"))) {
      assertArrayEquals(content, Files.readAllBytes(mount.directory().resolve("f")));
    }
  }

  /** Where the block numbers of two devices go on by chance, the kernel would read on in one. */
  @Test
  void theKernelIsNotMisledByNumbersOfBlocksThatFollowEachOther() throws IOException {
    LoopMount.assumePossible();
    byte[] content = new byte[16 * PAGE];
    new Random(7).nextBytes(content);
    byte[] tar = new TarBuilder().entry('0', "f", "", content).finished();
    int seam = 512 + 8 * PAGE;
    byte[] one = Arrays.copyOf(tar, tar.length);
    Arrays.fill(one, seam, one.length, (byte) 1);
    byte[] other = tar.clone();
    Arrays.fill(other, 0, seam, (byte) 2);
    Path first = Files.write(scratch.resolve("one"), one);
    Path second = Files.write(scratch.resolve("other"), other);
    BlobLocation location =
        new BlobLocation(
            List.of(
                new BlobExtent(Tier.FAST, first, 0, seam),
                new BlobExtent(Tier.SLOW, second, seam, tar.length - seam)));
    Path image = scratch.resolve("image");
    write(tar, location, image);
    try (LoopMount mount = LoopMount.mount(image, List.of(first, second), scratch.resolve("mnt"))) {
      assertArrayEquals(content, Files.readAllBytes(mount.directory().resolve("f")));
    }
  }

  @Test
  void costLittleMetadata() throws IOException {
    byte[] tar = new TarBuilder().entry('0', "f", "", new byte[64 << 20]).finished();
    Path image = scratch.resolve("image");
    // a page of the heap ends where none of the file does, behind its header
    BlobLocation whole = scattered(tar, 1, PAGE, new Random(1));
    long contiguous = write(tar, whole, image);
    BlobLocation halves = scattered(tar, 2, PAGE, new Random(1));
    assertEquals(2, halves.extents().size());
    long divided = write(tar, halves, image);
    assertTrue(divided - contiguous < 80_000, contiguous + " and " + divided);
  }

  @Test
  void areReadByTheNameOfALayerForOtherBytesMayBeInItsPlaceByNow() throws IOException {
    byte[] content = new byte[20 * PAGE];
    new Random(9).nextBytes(content);
    byte[] tar = new TarBuilder().entry('0', "f", "", content).finished();
    BlobLocation location = scattered(tar, 2, PAGE, new Random(2));
    int seam = (int) location.extents().get(0).length();
    byte[] first = Files.readAllBytes(devices.get(0));
    Arrays.fill(first, seam - 100, seam, (byte) 0);
    Files.write(devices.get(0), first);
    Path image = scratch.resolve("image");
    write(tar, location, image);
    assertArrayEquals(content, read(image, devices));
  }

  private static byte[] read(Path image, List<Path> files) throws IOException {
    try (ImageTree tree = ImageTree.open(image, files)) {
      ImageFile file = tree.find(ByteString.utf8("f")).orElseThrow();
      ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
      tree.read(file, bytes, 0);
      return bytes.array();
    }
  }

  @Test
  void areNotMadeOfAFileThatLiesInVeryManyPieces() throws IOException {
    byte[] content = new byte[4 << 20];
    new Random(3).nextBytes(content);
    byte[] tar = new TarBuilder().entry('0', "f", "", content).finished();
    Path image = scratch.resolve("image");
    for (boolean misleads : new boolean[] {false, true}) {
      byte[][] files = {new byte[3 * tar.length], new byte[3 * tar.length]};
      List<Path> paths = List.of(scratch.resolve("one"), scratch.resolve("other"));
      List<BlobExtent> pages = new ArrayList<>();
      for (int at = 0; at < tar.length; at += PAGE) {
        int length = Math.min(PAGE, tar.length - at);
        // one page is on another device, behind the number at which the page before it ends
        int device = misleads && at == 100 * PAGE ? 1 : 0;
        int to = device == 0 ? 2 * at : 2 * (at - PAGE) + PAGE;
        System.arraycopy(tar, at, files[device], to, length);
        pages.add(new BlobExtent(TIERS.get(device), paths.get(device), to, length));
      }
      Files.write(paths.get(0), files[0]);
      Files.write(paths.get(1), files[1]);
      BlobLocation location = new BlobLocation(pages);
      long bytes = write(tar, location, image);
      assertTrue(bytes < content.length / 32, () -> bytes + " bytes of metadata");
      List<Path> devicesOfImage = TieredContents.files(List.of(location), List.of());
      assertArrayEquals(content, read(image, devicesOfImage));
      LoopMount.assumePossible();
      Path directory = scratch.resolve("mnt" + misleads);
      try (LoopMount mount = LoopMount.mount(image, devicesOfImage, directory)) {
        assertArrayEquals(content, Files.readAllBytes(directory.resolve("f")), "" + misleads);
      }
    }
  }
}
