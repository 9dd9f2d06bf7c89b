package io.github.ndocker.registry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants a request to be authorised: one challenge of a {@code WWW-Authenticate}
 * header (RFC 9110, 11.6.1). Immutable.
 *
 * @param scheme lower case
 * @param parameters by their names in lower case
 */
record Challenge(String scheme, Map<String, String> parameters) {
  /** What is longer is no challenge anybody means. */
  private static final int MAX_LENGTH = 8_192;

  private static final Pattern SCHEME = Pattern.compile("^\\s*([A-Za-z]+)(?:\\s+|$)");
  private static final Pattern PARAMETER =
      Pattern.compile("\\G[\\s,]*([A-Za-z_]+)=(?:\"([^\"]*+)\"|([^\\s,\"]*+))");

  Challenge {
    parameters = Map.copyOf(parameters);
  }

  static Optional<Challenge> parse(String header) {
    if (header.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    Matcher scheme = SCHEME.matcher(header);
    if (!scheme.find()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new TreeMap<>();
    Matcher parameter = PARAMETER.matcher(header.substring(scheme.end()));
    while (parameter.find()) {
      String quoted = parameter.group(2);
      String value = quoted != null ? quoted : parameter.group(3);
      parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value == null ? "" : value);
    }
    return Optional.of(new Challenge(scheme.group(1).toLowerCase(Locale.ROOT), parameters));
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
