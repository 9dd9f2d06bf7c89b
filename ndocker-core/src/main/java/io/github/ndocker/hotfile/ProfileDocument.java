package io.github.ndocker.hotfile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A profile as a JSON document that a person can read and a program can compare:
 *
 * <pre>{@code
 * {
 *   "format" : "ndocker-profile",
 *   "version" : 1,
 *   "image" : "sha256:...",          chain ID of the image's layers
 *   "workload" : "default",
 *   "complete" : true,               false if the tracer lost events
 *   "files" : [ {                    in the order of first access
 *     "path" : "/usr/bin/python3",
 *     "ranges" : [ [ 0, 4096 ] ]     offset and length, in bytes
 *   } ]
 * }
 * }</pre>
 */
public final class ProfileDocument {
  private static final String FORMAT = "ndocker-profile";
  private static final int VERSION = 1;
  private static final int MAX_FILES = 1_000_000;

  private static final ObjectMapper JSON = BoundedJson.MAPPER;

  private ProfileDocument() {}

  /**
   * Writes a profile.
   *
   * @param profile the profile
   * @return the document
   */
  public static String write(Profile profile) {
    ObjectNode document =
        JSON.createObjectNode()
            .put("format", FORMAT)
            .put("version", VERSION)
            .put("image", profile.image().toString())
            .put("workload", profile.workload())
            .put("complete", profile.complete());
    ArrayNode files = document.putArray("files");
    for (HotFile file : profile.hotFiles()) {
      ArrayNode ranges = files.addObject().put("path", file.path()).putArray("ranges");
      for (ByteRange range : file.ranges()) {
        ranges.addArray().add(range.offset()).add(range.length());
      }
    }
    return document.toPrettyString();
  }

  /**
   * Reads a profile.
   *
   * @param document what {@link #write} made, or somebody else
   * @return the profile
   * @throws MalformedProfileException if it is not one, with what is wrong
   */
  public static Profile read(String document) throws MalformedProfileException {
    try {
      JsonNode root = JSON.readTree(document);
      if (!FORMAT.equals(root.path("format").asText())) {
        throw new MalformedProfileException("not a profile: its format is not " + FORMAT);
      }
      if (!root.path("version").isInt() || root.path("version").intValue() != VERSION) {
        throw new MalformedProfileException(
            "a profile of version "
                + root.path("version")
                + "; this library reads version "
                + VERSION);
      }
      return Profile.ofOneRun(
          new ChainId(Digest.parse(required(root, "image", JsonNodeType.STRING).textValue())),
          required(root, "workload", JsonNodeType.STRING).textValue(),
          required(root, "complete", JsonNodeType.BOOLEAN).booleanValue(),
          files(required(root, "files", JsonNodeType.ARRAY)));
    } catch (JsonProcessingException e) {
      throw new MalformedProfileException("not a profile: " + e.getOriginalMessage(), e);
    } catch (IllegalArgumentException e) {
      throw new MalformedProfileException("not a valid profile: " + e.getMessage(), e);
    }
  }

  private static List<HotFile> files(JsonNode nodes) throws MalformedProfileException {
    if (nodes.size() > MAX_FILES) {
      throw new MalformedProfileException(
          "a profile of " + nodes.size() + " files; at most " + MAX_FILES + " are read");
    }
    List<HotFile> files = new ArrayList<>();
    for (JsonNode node : nodes) {
      List<ByteRange> ranges = new ArrayList<>();
      for (JsonNode range : required(node, "ranges", JsonNodeType.ARRAY)) {
        if (range.size() != 2
            || !BoundedJson.isLong(range.path(0))
            || !BoundedJson.isLong(range.path(1))) {
          throw new MalformedProfileException("not an offset and a length: " + range);
        }
        ranges.add(new ByteRange(range.get(0).longValue(), range.get(1).longValue()));
      }
      files.add(new HotFile(required(node, "path", JsonNodeType.STRING).textValue(), ranges));
    }
    return files;
  }

  private static JsonNode required(JsonNode node, String field, JsonNodeType type)
      throws MalformedProfileException {
    JsonNode value = node.get(field);
    if (value == null || value.getNodeType() != type) {
      throw new MalformedProfileException(
          "not a valid profile: '"
              + field
              + "' is missing or no "
              + type.name().toLowerCase(Locale.ROOT));
    }
    return value;
  }
}
