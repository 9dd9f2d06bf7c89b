package io.github.ndocker.hotfile;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.CountedRange;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.FileOrigin;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledChange;
import io.github.ndocker.api.ProfiledFile;
import io.github.ndocker.api.ProfiledProcess;
import io.github.ndocker.api.ProfiledRun;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one profile document, of whichever version this library knows. For one thread. */
final class ProfileDocumentReader {
  static final int MAX_FILES = 1_000_000;

  /** Of all files together: what they take is bounded, not what one has. */
  static final int MAX_RANGES = 4_000_000;

  private static final int MAX_PROCESSES = 100_000;

  private static final Set<String> OF_VERSION_1 = Set.of("image", "workload", "complete", "files");
  private static final Set<String> COUNTED =
      Set.of(
          "image", "workload", "runs", "complete", "gaps", "ends", "files", "processes", "changes");

  private final JsonCursor json;
  private final boolean counted;

  /** How many numbers a range has at least and at most. */
  private final int rangeNumbers;

  private final int maxRangeNumbers;
  private final Map<String, JsonCursor.Value> fileFields;
  private final List<String> gaps = new ArrayList<>();
  private final List<ProfiledRun> ends = new ArrayList<>();
  private final List<ProfiledFile> files = new ArrayList<>();
  private final List<ProfiledProcess> processes = new ArrayList<>();
  private final List<ProfiledChange> changes = new ArrayList<>();
  private final Map<String, String> texts = new HashMap<>();
  private final List<CountedRange> ranges = new ArrayList<>();
  private long offset;
  private long size;
  private int fileRuns;
  private int runs = 1;
  private int allRanges;
  private boolean complete;

  ProfileDocumentReader(JsonCursor json, int version) {
    this.json = json;
    this.counted = version > 1;
    this.rangeNumbers = version > 1 ? 3 : 2;
    this.maxRangeNumbers = version > 2 ? 4 : rangeNumbers;
    this.fileFields =
        Map.of(
            "path", () -> texts.put("path", json.text()),
            "runs", () -> fileRuns = json.count(),
            "layer", () -> texts.put("layer", json.text()),
            "offset", () -> offset = json.number(),
            "size", () -> size = json.number(),
            "content", () -> texts.put("content", json.text()),
            "ranges", () -> json.array(MAX_RANGES, this::range));
  }

  Profile read() throws IOException {
    Map<String, JsonCursor.Value> fields = new HashMap<>();
    fields.put("image", () -> texts.put("image", json.text()));
    fields.put("workload", () -> texts.put("workload", json.text()));
    fields.put("complete", () -> complete = json.truth());
    fields.put("files", () -> json.array(MAX_FILES, this::file));
    if (counted) {
      fields.put("runs", () -> runs = json.count());
      fields.put("gaps", () -> json.array(Profile.MAX_GAPS, () -> gaps.add(json.text())));
      fields.put("ends", () -> json.array(Profile.MAX_ENDS, this::end));
      fields.put("processes", () -> json.array(MAX_PROCESSES, this::process));
      fields.put("changes", () -> json.array(MAX_FILES, this::change));
    }
    json.object(fields, counted ? COUNTED : OF_VERSION_1);
    if (!counted && !complete) {
      gaps.add("events were lost");
    }
    if (complete != gaps.isEmpty()) {
      throw json.malformed("it has " + gaps.size() + " gaps, and 'complete' is " + complete);
    }
    return new Profile(
        new ChainId(Digest.parse(text("image"))),
        text("workload"),
        runs,
        gaps,
        ends,
        files,
        processes,
        changes);
  }

  /** One that the object was required to have. */
  private String text(String field) throws MalformedProfileException {
    String text = texts.get(field);
    if (text == null) {
      throw json.malformed("'" + field + "' is missing");
    }
    return text;
  }

  private void file() throws IOException {
    texts.remove("path");
    texts.remove("layer");
    texts.remove("content");
    ranges.clear();
    fileRuns = 1;
    offset = -1;
    size = -1;
    json.object(fileFields, counted ? Set.of("path", "runs", "ranges") : Set.of("path", "ranges"));
    Optional<FileOrigin> origin =
        counted && texts.containsKey("layer")
            ? Optional.of(
                new FileOrigin(
                    DiffId.parse(text("layer")), offset, size, Digest.parse(text("content"))))
            : Optional.empty();
    files.add(new ProfiledFile(text("path"), origin, fileRuns, ranges));
  }

  private void range() throws IOException {
    if (allRanges++ == MAX_RANGES) {
      throw json.malformed("more than " + MAX_RANGES + " byte ranges; at most so many are read");
    }
    List<Long> numbers = new ArrayList<>(maxRangeNumbers);
    json.array(maxRangeNumbers, () -> numbers.add(json.number()));
    if (numbers.size() < rangeNumbers) {
      throw json.malformed(
          "not an offset"
              + (counted ? ", a length and a number of runs: " : " and a length: ")
              + numbers);
    }
    ranges.add(
        new CountedRange(
            numbers.get(0),
            numbers.get(1),
            counted ? small(numbers.get(2), " runs") : 1,
            numbers.size() > 3 ? small(numbers.get(3), " phases") : 0));
  }

  private int small(long number, String what) throws MalformedProfileException {
    if (number != (int) number) {
      throw json.malformed(number + what);
    }
    return (int) number;
  }

  private void end() throws IOException {
    ProfiledRun.End[] end = {ProfiledRun.End.READY};
    String[] words = {""};
    long[] millis = {0};
    json.object(
        Map.of(
            "end", () -> end[0] = ProfileWords.end(json.text()),
            "words", () -> words[0] = json.text(),
            "millis", () -> millis[0] = json.number()),
        Set.of("end", "words", "millis"));
    ends.add(new ProfiledRun(end[0], words[0], millis[0]));
  }

  private void process() throws IOException {
    String[] executable = {""};
    int[] parent = {0};
    json.object(
        Map.of(
            "executable",
            () -> executable[0] = json.text(),
            "parent",
            () -> parent[0] = json.count()),
        Set.of("executable", "parent"));
    processes.add(new ProfiledProcess(executable[0], parent[0]));
  }

  private void change() throws IOException {
    String[] path = {""};
    ProfiledChange.Kind[] kind = {ProfiledChange.Kind.CREATED};
    json.object(
        Map.of(
            "path", () -> path[0] = json.text(),
            "kind", () -> kind[0] = ProfileWords.kind(json.text())),
        Set.of("path", "kind"));
    changes.add(new ProfiledChange(path[0], kind[0]));
  }
}
