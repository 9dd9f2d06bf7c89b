package io.github.ndocker.hotfile;

/**
 * How many names are kept of those that a container chooses, and how long they may be: what is kept
 * of it stays in memory, and in a document that has to be read again. For one thread.
 */
final class NameBudget {
  /** No program can name a file by a longer path at once. */
  private static final int LONGEST = 4096;

  private final int most;
  private final int mostCharacters;
  private int names;
  private int characters;
  private boolean exceeded;

  private NameBudget(int most, int mostCharacters) {
    this.most = most;
    this.mostCharacters = mostCharacters;
  }

  /** More files are no cold start. */
  static NameBudget ofFiles() {
    return new NameBudget(100_000, 8 << 20);
  }

  /** Nor are more programs. */
  static NameBudget ofPrograms() {
    return new NameBudget(10_000, 4 << 20);
  }

  static NameBudget ofChanges() {
    return new NameBudget(100_000, 4 << 20);
  }

  /** Whether there is room for another one, which it takes then. */
  boolean admits(String name) {
    boolean fits =
        names < most && name.length() <= LONGEST && name.length() <= mostCharacters - characters;
    if (fits) {
      names++;
      characters += name.length();
    }
    exceeded |= !fits;
    return fits;
  }

  /** Whether one was not admitted. */
  boolean isExceeded() {
    return exceeded;
  }
}
