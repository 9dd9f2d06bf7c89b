package io.github.ndocker.hotfile;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.github.ndocker.api.Profile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A profile as a JSON document that a person can read and a program can compare line by line:
 *
 * <pre>{@code
 * {
 *   "format": "ndocker-profile",
 *   "version": 3,
 *   "image": "sha256:...",          chain ID of the image's layers
 *   "workload": "default",
 *   "runs": 3,
 *   "complete": true,               false if there are gaps
 *   "gaps": [],                     why something may be missing, in sentences
 *   "ends": [ {"end": "ready", "words": "...", "millis": 120} ],
 *   "files": [                      in the order of first access
 *     {"path": "/usr/bin/python3", "runs": 3,
 *      "layer": "sha256:...", "offset": 1536, "size": 6831736,
 *      "content": "sha256:...",     of the whole file
 *      "ranges": [[0, 4096, 3]]}    offset and length, in bytes, the runs that read them,
 *                                    and the phase in which they were first read, if not 0
 *   ],
 *   "processes": [ {"executable": "/usr/bin/python3", "parent": -1} ],
 *   "changes": [ {"path": "/var/log/x", "kind": "created"} ]
 * }
 * }</pre>
 *
 * <p>The page {@code src-docs/profile.md} says what the fields mean; {@link #schema} is their JSON
 * schema. Documents of versions 1 and 2 are read too.
 */
public final class ProfileDocument {
  static final String FORMAT = "ndocker-profile";
  static final int VERSION = 3;

  private static final String SCHEMA = "profile.schema.json";

  private ProfileDocument() {}

  /**
   * Writes a profile, in the newest version.
   *
   * @param profile the profile
   * @return the document
   */
  public static String write(Profile profile) {
    return new ProfileDocumentWriter().write(profile);
  }

  /**
   * Reads a profile. Takes memory in proportion to the document, and refuses one of more than 64
   * million characters, a million files or four million ranges.
   *
   * @param document what {@link #write} made, or somebody else
   * @return the profile
   * @throws MalformedProfileException if it is not one, with what is wrong and where
   */
  public static Profile read(String document) throws MalformedProfileException {
    int version = version(document);
    try (JsonParser parser = BoundedJson.MAPPER.createParser(document)) {
      JsonCursor json = new JsonCursor(parser);
      try {
        json.begin();
        Profile profile = new ProfileDocumentReader(json, version).read();
        json.end();
        return profile;
      } catch (IllegalArgumentException e) {
        throw new MalformedProfileException(
            "not a valid profile: " + json.where() + ": " + e.getMessage(), e);
      }
    } catch (JsonProcessingException e) {
      throw new MalformedProfileException("not a profile: " + e.getOriginalMessage(), e);
    } catch (MalformedProfileException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text cannot fail to be read", e);
    }
  }

  /**
   * What documents look like, for programs that check or write them.
   *
   * @return a JSON schema, of draft 2020-12
   */
  public static String schema() {
    try (InputStream in = ProfileDocument.class.getResourceAsStream(SCHEMA)) {
      if (in == null) {
        throw new IllegalStateException(SCHEMA + " is missing in the library");
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fields may come in any order, so this is looked for first. */
  private static int version(String document) throws MalformedProfileException {
    Map<String, String> format = new HashMap<>();
    int[] version = {0};
    try (JsonParser parser = BoundedJson.MAPPER.createParser(document)) {
      JsonCursor json = new JsonCursor(parser);
      json.begin();
      json.object(
          Map.of(
              "format", () -> format.put("format", json.text()),
              "version", () -> version[0] = json.count()),
          Set.of("format", "version"));
    } catch (JsonProcessingException e) {
      throw new MalformedProfileException("not a profile: " + e.getOriginalMessage(), e);
    } catch (MalformedProfileException e) {
      throw e;
    } catch (IOException e) {
      throw new UncheckedIOException("a text cannot fail to be read", e);
    }
    if (!FORMAT.equals(format.get("format"))) {
      throw new MalformedProfileException("not a profile: its format is not " + FORMAT);
    }
    if (version[0] < 1 || version[0] > VERSION) {
      throw new MalformedProfileException(
          "a profile of version " + version[0] + "; this library reads versions 1 to " + VERSION);
    }
    return version[0];
  }
}
