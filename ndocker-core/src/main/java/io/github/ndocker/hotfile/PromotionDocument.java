package io.github.ndocker.hotfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.DiffId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Where an image's hot ranges lie as JSON: for each pack the layers by number, and for each range
 * {@code [layer, offset in the layer, length, offset in the pack]}. For the catalogue, not for
 * people.
 *
 * <p>Version 1 knew one pack, and nothing of workloads.
 */
public final class PromotionDocument {
  private static final int VERSION = 2;
  private static final ObjectMapper JSON = BoundedJson.MAPPER;
  private static final int NUMBERS = 4;

  private PromotionDocument() {}

  /**
   * Writes a layout.
   *
   * @param layout the layout
   * @return the document
   */
  public static String write(PromotionLayout layout) {
    ObjectNode document = JSON.createObjectNode().put("version", VERSION);
    ArrayNode workloads = document.putArray("workloads");
    layout.workloads().forEach(workloads::add);
    // as text: a number of this length would not be read
    layout
        .minShareOfRuns()
        .ifPresent(share -> document.put("minShareOfRuns", Double.toString(share)));
    document.put("readAhead", layout.readAhead());
    ArrayNode packs = document.putArray("packs");
    layout.packs().forEach(pack -> write(pack, packs.addObject()));
    return document.toString();
  }

  private static void write(HotPackLayout pack, ObjectNode node) {
    List<DiffId> layers = pack.ranges().stream().map(PackedRange::layer).distinct().toList();
    ArrayNode names = node.putArray("layers");
    layers.forEach(layer -> names.add(layer.toString()));
    ArrayNode ranges = node.putArray("ranges");
    for (PackedRange range : pack.ranges()) {
      ranges
          .addArray()
          .add(layers.indexOf(range.layer()))
          .add(range.layerOffset())
          .add(range.length())
          .add(range.packOffset());
    }
  }

  /**
   * Reads a layout.
   *
   * @param document what {@link #write} made, of this version or an older one
   * @return the layout
   * @throws MalformedProfileException if it is something else
   */
  public static PromotionLayout read(String document) throws MalformedProfileException {
    try {
      JsonNode root = JSON.readTree(document);
      int version = root.path("version").isInt() ? root.path("version").intValue() : 0;
      if (version == 1) {
        return new PromotionLayout(List.of(), OptionalDouble.empty(), false, List.of(pack(root)));
      }
      if (version != VERSION) {
        throw new MalformedProfileException(
            "a layout of hot packs of version "
                + root.path("version")
                + "; this library reads versions 1 to "
                + VERSION
                + "; promote the image again");
      }
      List<String> workloads = new ArrayList<>();
      root.path("workloads").forEach(name -> workloads.add(name.asText()));
      List<HotPackLayout> packs = new ArrayList<>();
      for (JsonNode pack : root.path("packs")) {
        packs.add(pack(pack));
      }
      return new PromotionLayout(workloads, share(root), root.path("readAhead").asBoolean(), packs);
    } catch (JsonProcessingException
        | IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException e) {
      throw new MalformedProfileException(
          "not a layout of hot packs: " + e.getMessage() + "; promote the image again", e);
    }
  }

  /** Documents of before there was one have none. */
  private static OptionalDouble share(JsonNode root) throws MalformedProfileException {
    JsonNode share = root.path("minShareOfRuns");
    if (share.isMissingNode()) {
      return OptionalDouble.empty();
    }
    if (!share.isTextual()) {
      throw new MalformedProfileException("not a share of runs: " + share);
    }
    return OptionalDouble.of(Double.parseDouble(share.textValue()));
  }

  private static HotPackLayout pack(JsonNode node) throws MalformedProfileException {
    List<DiffId> layers = new ArrayList<>();
    node.path("layers").forEach(name -> layers.add(DiffId.parse(name.asText())));
    List<PackedRange> ranges = new ArrayList<>();
    for (JsonNode range : node.path("ranges")) {
      ranges.add(range(range, layers));
    }
    return new HotPackLayout(ranges);
  }

  private static PackedRange range(JsonNode numbers, List<DiffId> layers)
      throws MalformedProfileException {
    for (int i = 0; i < NUMBERS; i++) {
      if (numbers.size() != NUMBERS || !BoundedJson.isLong(numbers.path(i))) {
        throw new MalformedProfileException("not a packed range: " + numbers);
      }
    }
    return new PackedRange(
        layers.get(Math.toIntExact(numbers.get(0).longValue())),
        numbers.get(1).longValue(),
        numbers.get(2).longValue(),
        numbers.get(3).longValue());
  }
}
