package io.github.ndocker.faults;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;

/**
 * A process that works with a store until it is killed. Arguments: those of {@link Places}, the
 * workload, its seed, and {@code waits} if it is let from one step to the next, or how many threads
 * work and for how many seconds.
 */
public final class Victim {
  /** Exit code if a medium has failed where no step was taken, as when a store is opened. */
  static final int REFUSED = 3;

  /** Option: stops after each step until it is let go on. */
  static final String WAITS = "waits";

  private Victim() {}

  /** Works. Ends with exit code 0 if nothing but a medium has failed. */
  public static void main(String[] arguments) throws IOException {
    load();
    List<String> words = List.of(arguments);
    Places places = Places.ofArguments(words);
    List<String> rest = words.subList(places.toArguments().size(), words.size());
    try (OutputStream out = new FileOutputStream(FileDescriptor.out)) {
      List<String> options = rest.subList(2, rest.size());
      Steps steps = new Steps(out, System.in, options.contains(WAITS));
      Random random = Trials.random(Long.parseLong(rest.get(1)));
      Workload.valueOf(rest.get(0)).run(steps, places, random, options);
    } catch (IOException e) {
      System.out.println("refused " + String.valueOf(e).replace('\n', ' '));
      System.exit(REFUSED);
    }
  }

  /** Native libraries, so that what is counted afterwards are system calls of the store. */
  static void load() throws IOException {
    try {
      DriverManager.getConnection("jdbc:sqlite::memory:").close();
      Class.forName("com.intel.pmem.llpl.PersistentHeap");
    } catch (SQLException | ClassNotFoundException e) {
      throw new IOException("a library is missing", e);
    }
  }
}
