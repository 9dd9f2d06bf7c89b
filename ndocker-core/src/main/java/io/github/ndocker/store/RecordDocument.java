package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.NDockerException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records of the catalogue as blobs, from which a lost catalogue is made again.
 *
 * <pre>
 * ndocker record 1 KIND LF          image, profile or promotion
 * NAME SP LENGTH LF BYTES LF        for each field, in an order of its own for each kind
 * </pre>
 */
final class RecordDocument {
  /** More than a manifest, a configuration or a profile may have. */
  static final int MAX_BYTES = 64 << 20;

  private static final String MAGIC = "ndocker record 1 ";
  private static final int LONGEST_LINE = 100;

  private RecordDocument() {}

  static byte[] write(CatalogueRecord written) {
    Fields fields = new Fields();
    if (written instanceof ImageRecord image) {
      fields.begin("image");
      fields.add("reference", image.reference());
      fields.add("deployed-at", Long.toString(image.deployedAt().toEpochMilli()));
      fields.add("manifest-digest", image.manifestDigest().toString());
      fields.add("manifest", image.manifest());
      fields.add("config", image.config());
      fields.add("layers", layersText(image.layers()));
    } else if (written instanceof ProfileRecord profile) {
      fields.begin("profile");
      fields.add("chain-id", profile.image().toString());
      fields.add("workload", profile.workload());
      fields.add("profile", profile.json());
    } else if (written instanceof PromotionRecord promotion) {
      fields.begin("promotion");
      fields.add("chain-id", promotion.image().toString());
      fields.add("hot-pack", PackNames.write(promotion.hotPacks()));
      fields.add("layout", promotion.layoutJson());
    }
    return fields.out.toByteArray();
  }

  /**
   * Reads a document.
   *
   * @throws NDockerException if it is none, or one of a newer version
   */
  static CatalogueRecord read(byte[] document) throws NDockerException {
    ByteBuffer in = ByteBuffer.wrap(document);
    String head = line(in, '\n');
    if (!head.startsWith(MAGIC)) {
      throw new NDockerException("not a record of the catalogue that this version reads");
    }
    Map<String, byte[]> fields = new LinkedHashMap<>();
    while (in.hasRemaining()) {
      String name = line(in, ' ');
      fields.put(name, bytes(in, line(in, '\n')));
    }
    try {
      return record(head.substring(MAGIC.length()), fields);
    } catch (IllegalArgumentException e) {
      throw new NDockerException("a record of the catalogue is malformed: " + e.getMessage(), e);
    }
  }

  private static CatalogueRecord record(String kind, Map<String, byte[]> fields)
      throws NDockerException {
    return switch (kind) {
      case "image" -> {
        List<Layer> layers = layers(text(fields, "layers"));
        yield new ImageRecord(
            text(fields, "reference"),
            Digest.parse(text(fields, "manifest-digest")),
            ChainId.of(layers.stream().map(Layer::diffId).toList()),
            layers,
            field(fields, "manifest"),
            field(fields, "config"),
            Instant.ofEpochMilli(Long.parseLong(text(fields, "deployed-at"))));
      }
      case "profile" ->
          new ProfileRecord(chain(fields), text(fields, "workload"), text(fields, "profile"));
      case "promotion" ->
          new PromotionRecord(
              chain(fields), PackNames.read(text(fields, "hot-pack")), text(fields, "layout"));
      default -> throw new NDockerException("a record of the catalogue of an unknown kind");
    };
  }

  private static ChainId chain(Map<String, byte[]> fields) throws NDockerException {
    return new ChainId(Digest.parse(text(fields, "chain-id")));
  }

  private static String layersText(List<Layer> layers) {
    StringBuilder text = new StringBuilder();
    for (Layer layer : layers) {
      text.append(layer.compressed()).append(' ').append(layer.compressedBytes());
      text.append(' ').append(layer.diffId()).append('\n');
    }
    return text.toString();
  }

  private static List<Layer> layers(String text) {
    List<Layer> layers = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("a layer of " + parts.length + " parts");
      }
      layers.add(
          new Layer(
              layers.size(),
              Digest.parse(parts[0]),
              Long.parseLong(parts[1]),
              DiffId.parse(parts[2])));
    }
    return layers;
  }

  private static String text(Map<String, byte[]> fields, String name) throws NDockerException {
    return new String(field(fields, name), UTF_8);
  }

  private static byte[] field(Map<String, byte[]> fields, String name) throws NDockerException {
    byte @Nullable [] value = fields.get(name);
    if (value == null) {
      throw new NDockerException("a record of the catalogue without " + name);
    }
    return value;
  }

  private static String line(ByteBuffer in, char end) throws NDockerException {
    StringBuilder line = new StringBuilder();
    while (in.hasRemaining() && line.length() <= LONGEST_LINE) {
      char next = (char) (in.get() & 0xff);
      if (next == end) {
        return line.toString();
      }
      line.append(next);
    }
    throw new NDockerException("a record of the catalogue is cut off or damaged");
  }

  private static byte[] bytes(ByteBuffer in, String length) throws NDockerException {
    try {
      byte[] bytes = new byte[Math.min(Integer.parseInt(length), in.remaining())];
      in.get(bytes);
      if (bytes.length == Integer.parseInt(length) && in.hasRemaining() && in.get() == '\n') {
        return bytes;
      }
    } catch (NumberFormatException | NegativeArraySizeException e) {
      throw new NDockerException("a record of the catalogue with a field of " + length, e);
    }
    throw new NDockerException("a record of the catalogue is cut off");
  }

  /** What has been written so far. */
  private static final class Fields {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void begin(String kind) {
      out.writeBytes((MAGIC + kind + "\n").getBytes(US_ASCII));
    }

    void add(String name, String value) {
      add(name, value.getBytes(UTF_8));
    }

    void add(String name, byte[] value) {
      out.writeBytes((name + " " + value.length + "\n").getBytes(US_ASCII));
      out.writeBytes(value);
      out.write('\n');
    }
  }
}
