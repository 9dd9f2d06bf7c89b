package io.github.ndocker.image;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A JSON object that came from outside: bounded before it is parsed, typed when it is read. No
 * field may be there twice. Immutable.
 */
public final class JsonDocument {
  /**
   * The limit for manifests that registries are asked to accept (OCI distribution specification).
   */
  static final int MAX_BYTES = 4 << 20;

  /** The documents of an image nest five or six levels deep. */
  private static final int MAX_DEPTH = 32;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxDocumentLength(MAX_BYTES)
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(32)
                          .maxStringLength(MAX_BYTES)
                          .build())
                  // two readers must not see two different documents in the same bytes
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String subject;
  private final JsonNode node;

  private JsonDocument(String subject, JsonNode node) {
    this.subject = subject;
    this.node = node;
  }

  /**
   * Parses an object, all of it.
   *
   * @param json its bytes, at most 4 MiB
   * @param subject what it is, for messages
   * @return the object
   * @throws MalformedManifestException if it is something else, or nests too deep
   */
  public static JsonDocument parse(byte[] json, String subject) throws MalformedManifestException {
    JsonNode root = read(json, subject);
    if (!root.isObject()) {
      throw new MalformedManifestException(subject, "expected a JSON object");
    }
    return new JsonDocument(subject, root);
  }

  /** The objects in a document that is an array of them. */
  static List<JsonDocument> parseArray(byte[] json, String subject)
      throws MalformedManifestException {
    JsonNode root = read(json, subject);
    if (!root.isArray()) {
      throw new MalformedManifestException(subject, "expected a JSON array");
    }
    List<JsonDocument> objects = new ArrayList<>();
    for (JsonNode element : root) {
      if (!element.isObject()) {
        throw new MalformedManifestException(subject, "expected a JSON array of objects");
      }
      objects.add(new JsonDocument(subject, element));
    }
    return objects;
  }

  private static JsonNode read(byte[] json, String subject) throws MalformedManifestException {
    if (json.length > MAX_BYTES) {
      throw new MalformedManifestException(
          subject, json.length + " bytes, of which at most " + MAX_BYTES + " are read");
    }
    try {
      JsonNode root = MAPPER.readTree(json);
      if (root == null) {
        throw new MalformedManifestException(subject, "expected JSON, found nothing");
      }
      return root;
    } catch (MalformedManifestException e) {
      throw e;
    } catch (IOException e) {
      throw new MalformedManifestException(subject, "not well-formed JSON within the limits", e);
    }
  }

  /**
   * Whether a field is there, and not null.
   *
   * @param field its name
   * @return whether it is
   */
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /**
   * A string that may be missing.
   *
   * @param field its name
   * @param fallback what counts if it is
   * @return the string
   * @throws MalformedManifestException if it is something else
   */
  public String text(String field, String fallback) throws MalformedManifestException {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return fallback;
    }
    if (!value.isTextual()) {
      throw wrong(field, "a string");
    }
    return value.textValue();
  }

  /**
   * A string.
   *
   * @param field its name
   * @return the string
   * @throws MalformedManifestException if it is missing, or something else
   */
  public String text(String field) throws MalformedManifestException {
    if (!has(field)) {
      throw wrong(field, "a string");
    }
    return text(field, "");
  }

  /**
   * A whole number.
   *
   * @param field its name
   * @return the number
   * @throws MalformedManifestException if it is missing, or something else
   */
  public long number(String field) throws MalformedManifestException {
    JsonNode value = node.get(field);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(field, "a whole number");
    }
    return value.longValue();
  }

  /**
   * A truth value, false if it is missing.
   *
   * @param field its name
   * @return the value
   * @throws MalformedManifestException if it is something else
   */
  public boolean flag(String field) throws MalformedManifestException {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw wrong(field, "true or false");
    }
    return value.booleanValue();
  }

  /**
   * A digest.
   *
   * @param field its name
   * @return the digest
   * @throws MalformedManifestException if it is missing, or something else
   */
  public Digest digest(String field) throws MalformedManifestException {
    try {
      return Digest.parse(text(field));
    } catch (IllegalArgumentException e) {
      throw new MalformedManifestException(subject, "'" + field + "': " + e.getMessage(), e);
    }
  }

  /**
   * Bytes in base64 (RFC 4648, section 4).
   *
   * @param field its name
   * @return the bytes
   * @throws MalformedManifestException if it is missing, or something else
   */
  public byte[] base64(String field) throws MalformedManifestException {
    try {
      return Base64.getDecoder().decode(text(field));
    } catch (IllegalArgumentException e) {
      throw new MalformedManifestException(subject, "'" + field + "' must be base64", e);
    }
  }

  /**
   * The object in a field, if there is one.
   *
   * @param field its name
   * @return the object
   * @throws MalformedManifestException if it is something else
   */
  public Optional<JsonDocument> object(String field) throws MalformedManifestException {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return Optional.empty();
    }
    if (!value.isObject()) {
      throw wrong(field, "an object");
    }
    return Optional.of(new JsonDocument(subject, value));
  }

  /**
   * The objects in an array; none if the field is absent.
   *
   * @param field its name
   * @return the objects in their order
   * @throws MalformedManifestException if it is something else
   */
  public List<JsonDocument> objects(String field) throws MalformedManifestException {
    List<JsonDocument> objects = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (!element.isObject()) {
        throw wrong(field, "an array of objects");
      }
      objects.add(new JsonDocument(subject, element));
    }
    return objects;
  }

  /**
   * The strings in an array; none if the field is absent.
   *
   * @param field its name
   * @return the strings in their order
   * @throws MalformedManifestException if it is something else
   */
  public List<String> texts(String field) throws MalformedManifestException {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (!element.isTextual()) {
        throw wrong(field, "an array of strings");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  /**
   * The names of the fields of this object.
   *
   * @return the names in their order
   */
  public List<String> fields() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Iterable<JsonNode> array(String field) throws MalformedManifestException {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(field, "an array");
    }
    return value;
  }

  private MalformedManifestException wrong(String field, String expected) {
    return new MalformedManifestException(subject, "'" + field + "' must be " + expected);
  }
}
