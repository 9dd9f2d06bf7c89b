package io.github.ndocker.evaluation.report;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** A document that grows from top to bottom. */
final class Markdown {
  private final StringBuilder text = new StringBuilder();

  void heading(int level, String title) {
    block("#".repeat(level) + " " + title);
  }

  void paragraph(String paragraph) {
    block(paragraph);
  }

  void list(List<String> points) {
    block(points.stream().map(point -> "- " + point).collect(Collectors.joining("\n")));
  }

  void table(List<String> head, List<List<String>> rows) {
    StringBuilder table = new StringBuilder();
    table.append(row(head)).append('\n').append(row(Collections.nCopies(head.size(), "---")));
    rows.forEach(row -> table.append('\n').append(row(row)));
    block(table.toString());
  }

  /** Names as they are typed, one after the other. */
  static String code(Collection<String> names) {
    return names.stream().map(Markdown::code).collect(Collectors.joining(", "));
  }

  static String code(String name) {
    return "`" + name + "`";
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private void block(String block) {
    text.append(text.length() == 0 ? "" : "\n").append(block).append('\n');
  }

  private static String row(List<String> cells) {
    return cells.stream()
        // a reason may be any text, and a cell ends with its line or a bar
        .map(cell -> cell.replaceAll("\\s*\\R\\s*", " ").replace("|", "\\|"))
        .collect(Collectors.joining(" | ", "| ", " |"));
  }
}
