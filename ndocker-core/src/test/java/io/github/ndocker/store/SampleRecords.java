package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.spi.BlobTierContractTest;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;

/** Records to be put into a catalogue. */
final class SampleRecords {
  private SampleRecords() {}

  static Digest digest(String text) {
    return BlobTierContractTest.nameOf(text.getBytes(UTF_8));
  }

  static ImageRecord image(String reference, int layers) {
    List<Layer> stack =
        IntStream.range(0, layers)
            .mapToObj(i -> new Layer(i, digest("gz" + i), 100L + i, new DiffId(digest("tar" + i))))
            .toList();
    return new ImageRecord(
        reference,
        digest(reference),
        ChainId.of(stack.stream().map(Layer::diffId).toList()),
        stack,
        new byte[] {1, 2},
        new byte[] {3},
        Instant.ofEpochMilli(1_700_000_000_123L));
  }
}
