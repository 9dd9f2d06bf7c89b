package io.github.ndocker.hotfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.DiffId;
import java.util.ArrayList;
import java.util.List;

/**
 * A hot pack's layout as JSON: the layers by number, and for each range {@code [layer, offset in
 * the layer, length, offset in the pack]}. For the catalogue, not for people.
 */
public final class HotPackDocument {
  private static final int VERSION = 1;
  private static final ObjectMapper JSON = BoundedJson.MAPPER;
  private static final int NUMBERS = 4;

  private HotPackDocument() {}

  /**
   * Writes a layout.
   *
   * @param layout the layout
   * @return the document
   */
  public static String write(HotPackLayout layout) {
    List<DiffId> layers = layout.ranges().stream().map(PackedRange::layer).distinct().toList();
    ObjectNode document = JSON.createObjectNode().put("version", VERSION);
    ArrayNode names = document.putArray("layers");
    layers.forEach(layer -> names.add(layer.toString()));
    ArrayNode ranges = document.putArray("ranges");
    for (PackedRange range : layout.ranges()) {
      ranges
          .addArray()
          .add(layers.indexOf(range.layer()))
          .add(range.layerOffset())
          .add(range.length())
          .add(range.packOffset());
    }
    return document.toString();
  }

  /**
   * Reads a layout.
   *
   * @param document what {@link #write} made
   * @return the layout
   * @throws MalformedProfileException if it is something else
   */
  public static HotPackLayout read(String document) throws MalformedProfileException {
    try {
      JsonNode root = JSON.readTree(document);
      if (!root.path("version").isInt() || root.path("version").intValue() != VERSION) {
        throw new MalformedProfileException(
            "a hot pack layout of version "
                + root.path("version")
                + "; this library reads version "
                + VERSION
                + "; promote the image again");
      }
      List<DiffId> layers = new ArrayList<>();
      root.path("layers").forEach(name -> layers.add(DiffId.parse(name.asText())));
      List<PackedRange> ranges = new ArrayList<>();
      for (JsonNode range : root.path("ranges")) {
        ranges.add(range(range, layers));
      }
      return new HotPackLayout(ranges);
    } catch (JsonProcessingException
        | IllegalArgumentException
        | ArithmeticException
        | IndexOutOfBoundsException e) {
      throw new MalformedProfileException(
          "not a hot pack layout: " + e.getMessage() + "; promote the image again", e);
    }
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
