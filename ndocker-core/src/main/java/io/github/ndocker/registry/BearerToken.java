package io.github.ndocker.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.regex.Pattern;

/** Reads the answer of a token service. */
final class BearerToken {
  /** Tokens with many scopes have some kilobytes. */
  static final int MAX_BYTES = 1 << 20;

  /** RFC 6750, 2.1; anything else could end the header it is put into. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*+");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private BearerToken() {}

  static String parse(byte[] json, String registry, String action) throws RegistryException {
    JsonNode answer;
    try {
      answer = MAPPER.readTree(json);
    } catch (IOException e) {
      // without the cause: the parser would quote what may be a token
      throw new RegistryException(registry, action, "its token service did not answer with JSON");
    }
    String token = answer.path("token").asText(answer.path("access_token").asText(""));
    if (!TOKEN.matcher(token).matches()) {
      throw new RegistryException(registry, action, "its token service sent no usable token");
    }
    return token;
  }
}
