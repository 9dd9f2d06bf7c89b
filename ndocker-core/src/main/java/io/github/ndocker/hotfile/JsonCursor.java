package io.github.ndocker.hotfile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Walks through a JSON document once, without a tree of it in memory. Every complaint says where,
 * as a JSON pointer.
 */
final class JsonCursor {
  /** Reads the value at which the cursor stands, to its last token. */
  @FunctionalInterface
  interface Value {
    void read() throws IOException;
  }

  private final JsonParser parser;

  JsonCursor(JsonParser parser) {
    this.parser = parser;
  }

  /** Goes to the first value, which has to be an object. */
  void begin() throws IOException {
    parser.nextToken();
    expect(JsonToken.START_OBJECT, "an object");
  }

  /** After the last value nothing may come. */
  void end() throws IOException {
    if (parser.nextToken() != null) {
      throw malformed("there is something after its end");
    }
  }

  /** Reads an object with fields in any order; passes over those it does not know. */
  void object(Map<String, Value> fields, Set<String> required) throws IOException {
    expect(JsonToken.START_OBJECT, "an object");
    Set<String> missing = new HashSet<>(required);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      Value field = fields.get(name);
      parser.nextToken();
      if (field == null) {
        parser.skipChildren();
      } else {
        field.read();
        missing.remove(name);
      }
    }
    if (!missing.isEmpty()) {
      throw malformed("'" + String.join("', '", missing) + "' is missing");
    }
  }

  /** Reads an array of so many elements at most. */
  void array(int limit, Value element) throws IOException {
    expect(JsonToken.START_ARRAY, "an array");
    for (int count = 0; parser.nextToken() != JsonToken.END_ARRAY; count++) {
      if (count == limit) {
        throw malformed("more than " + limit + " entries; at most so many are read");
      }
      element.read();
    }
  }

  String text() throws IOException {
    expect(JsonToken.VALUE_STRING, "a text");
    return parser.getText();
  }

  boolean truth() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_FALSE) {
      expect(JsonToken.VALUE_TRUE, "true or false");
    }
    return parser.getBooleanValue();
  }

  long number() throws IOException {
    expect(JsonToken.VALUE_NUMBER_INT, "a whole number");
    if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
      throw malformed("a number that is too large");
    }
    return parser.getLongValue();
  }

  int count() throws IOException {
    long number = number();
    if (number != (int) number) {
      throw malformed(number + " is too large");
    }
    return (int) number;
  }

  MalformedProfileException malformed(String what) {
    return new MalformedProfileException("not a valid profile: " + where() + ": " + what);
  }

  /** Where the cursor is. */
  String where() {
    String pointer = parser.getParsingContext().pathAsPointer().toString();
    return pointer.isEmpty() ? "the document" : pointer;
  }

  private void expect(JsonToken token, String what) throws IOException {
    if (parser.currentToken() != token) {
      String name = parser.currentName();
      throw malformed((name == null ? "it" : "'" + name + "'") + " is not " + what);
    }
  }
}
