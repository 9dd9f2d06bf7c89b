package io.github.ndocker.hotfile;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.FileOrigin;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledFile;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a profile by hand rather than by Jackson: in lines that a person can read and that differ
 * only where two profiles do. For one thread.
 */
final class ProfileDocumentWriter {
  private final StringBuilder out = new StringBuilder();
  private final JsonStringEncoder encoder = JsonStringEncoder.getInstance();

  String write(Profile profile) {
    out.append("{\n");
    text("  ", "format", ProfileDocument.FORMAT).append(",\n");
    number("  ", "version", ProfileDocument.VERSION).append(",\n");
    text("  ", "image", profile.image().toString()).append(",\n");
    text("  ", "workload", profile.workload()).append(",\n");
    number("  ", "runs", profile.runs()).append(",\n");
    out.append("  \"complete\": ").append(profile.complete()).append(",\n");
    array("gaps", profile.gaps(), gap -> quoted("    ", gap));
    array(
        "ends",
        profile.ends(),
        run -> {
          text("    {", "end", ProfileWords.of(run.end()));
          text(", ", "words", run.words());
          number(", ", "millis", run.millis()).append('}');
        });
    array("files", profile.files(), this::file);
    array(
        "processes",
        profile.processes(),
        process -> {
          text("    {", "executable", process.executable());
          number(", ", "parent", process.parent()).append('}');
        });
    array(
        "changes",
        profile.changes(),
        change -> {
          text("    {", "path", change.path());
          text(", ", "kind", ProfileWords.of(change.kind())).append('}');
        });
    // the comma after the last array
    out.setLength(out.length() - 2);
    return out.append("\n}\n").toString();
  }

  private void file(ProfiledFile file) {
    text("    {", "path", file.path());
    number(", ", "runs", file.runs()).append(",\n");
    if (file.origin().isPresent()) {
      FileOrigin origin = file.origin().get();
      text("     ", "layer", origin.layer().toString());
      number(", ", "offset", origin.offset());
      number(", ", "size", origin.size()).append(",\n");
      text("     ", "content", origin.content().toString()).append(",\n");
    }
    out.append("     \"ranges\": [");
    String separator = "[";
    for (CountedRange range : file.ranges()) {
      out.append(separator).append(range.offset()).append(", ").append(range.length());
      out.append(", ").append(range.runs());
      if (range.phase() > 0) {
        out.append(", ").append(range.phase());
      }
      out.append(']');
      separator = ", [";
    }
    out.append("]}");
  }

  private <T> void array(String field, List<T> elements, Consumer<T> element) {
    out.append("  \"").append(field).append("\": [");
    String separator = "\n";
    for (T one : elements) {
      out.append(separator);
      element.accept(one);
      separator = ",\n";
    }
    out.append(elements.isEmpty() ? "],\n" : "\n  ],\n");
  }

  private StringBuilder text(String before, String field, String value) {
    out.append(before).append('"').append(field).append("\": ");
    quoted("", value);
    return out;
  }

  private StringBuilder number(String before, String field, long value) {
    return out.append(before).append('"').append(field).append("\": ").append(value);
  }

  private void quoted(String before, String value) {
    out.append(before).append('"');
    encoder.quoteAsString(value, out);
    out.append('"');
  }
}
