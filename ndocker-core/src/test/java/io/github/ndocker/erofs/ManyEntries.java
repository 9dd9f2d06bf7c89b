package io.github.ndocker.erofs;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexCodec;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Takes a layer of very many entries from its tar to the metadata, in a JVM whose heap is the
 * question. Prints how long each step took.
 */
final class ManyEntries {
  private static final int FILES_PER_DIRECTORY = 10;
  private static final int FILE_BYTES = 600;

  private long began = System.nanoTime();

  private ManyEntries() {}

  /** Takes the number of entries, a directory for files, and how often to do it. */
  public static void main(String[] arguments) throws IOException {
    int entries = Integer.parseInt(arguments[0]);
    Path directory = Path.of(arguments[1]);
    for (int round = Integer.parseInt(arguments[2]); round > 0; round--) {
      new ManyEntries().run(entries, directory);
    }
  }

  private void run(int entries, Path directory) throws IOException {
    Path file = directory.resolve("index");
    try (OutputStream out = Files.newOutputStream(file)) {
      LayerIndexCodec.write(index(entries), out);
    }
    String indexed = "indexed in " + millis();
    LayerIndex index;
    try (InputStream in = Files.newInputStream(file)) {
      index = LayerIndexCodec.read(in, LayerLimits.DEFAULT);
    }
    String read = "read in " + millis();
    MergedTree tree = MergedTree.of(List.of(index));
    String merged = "merged in " + millis();
    Device layer = new Device(index.tarBytes(), "layer");
    ErofsSummary summary =
        new ErofsWriter()
            .write(tree, ContentMap.ofLayers(List.of(layer)), directory.resolve("metadata"));
    System.out.printf(
        "%d entries, %s, %s, %s, written in %s: %d inodes, %d bytes of metadata, %d of index%n",
        index.entries().size(),
        indexed,
        read,
        merged,
        millis(),
        summary.inodes(),
        summary.bytes(),
        Files.size(file));
  }

  private String millis() {
    long now = System.nanoTime();
    long millis = TimeUnit.NANOSECONDS.toMillis(now - began);
    began = now;
    return millis + " ms";
  }

  private static LayerIndex index(int entries) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    byte[] directory = TarBuilder.header('5', "", "", 0);
    byte[] file = TarBuilder.header('0', "", "", FILE_BYTES);
    byte[] content = new byte[(FILE_BYTES + 511) & ~511];
    for (int entry = 0; entry < entries; entry++) {
      int number = entry / (FILES_PER_DIRECTORY + 1);
      String place = "usr/lib/package-" + number % 100 + "/part-" + number;
      if (entry % (FILES_PER_DIRECTORY + 1) == 0) {
        put(indexer, directory, place);
      } else {
        put(indexer, file, place + "/file-" + entry + ".so");
        indexer.update(content, 0, content.length);
      }
    }
    indexer.update(new byte[1024], 0, 1024);
    return indexer.finish();
  }

  private static void put(LayerIndexer indexer, byte[] header, String name) throws IOException {
    byte[] block = header.clone();
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, 0, bytes.length);
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte octet : block) {
      sum += octet & 0xff;
    }
    for (int at = 153; at >= 148; at--) {
      block[at] = (byte) ('0' + (sum & 7));
      sum >>= 3;
    }
    block[154] = 0;
    indexer.update(block, 0, block.length);
  }
}
