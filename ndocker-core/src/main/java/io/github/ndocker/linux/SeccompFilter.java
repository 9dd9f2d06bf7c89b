package io.github.ndocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;

/**
 * A filter of system calls ({@code seccomp(2)}), compiled by the host's libseccomp. It is only made
 * here, not applied. Not thread-safe.
 */
public final class SeccompFilter implements Closeable {
  private static final int EEXIST = 17;

  private final LibSeccomp library;
  private final Pointer filter;
  private boolean closed;

  /** What an argument of a call is compared with; numbers of {@code enum scmp_compare}. */
  public enum Comparison {
    /** It is another value. */
    NOT_EQUAL(1),
    /** It is the value. */
    EQUAL(4),
    /** Of the bits that the first value has, it has those of the second one. */
    MASKED_EQUAL(7);

    private final int operator;

    Comparison(int operator) {
      this.operator = operator;
    }
  }

  /**
   * A condition on an argument.
   *
   * @param argument 0 to 5
   * @param comparison how it is compared
   * @param value with what
   * @param second the bits of a masked comparison; 0 for others
   */
  public record Condition(int argument, Comparison comparison, long value, long second) {}

  private SeccompFilter(LibSeccomp library, Pointer filter) {
    this.library = library;
    this.filter = filter;
  }

  /**
   * Begins an empty filter, for the architecture of this process.
   *
   * @param errno what calls without a rule answer
   * @return the filter, to be closed by the caller
   * @throws IOException if the host has no libseccomp, or it has no memory
   */
  public static SeccompFilter create(int errno) throws IOException {
    LibSeccomp library;
    try {
      library = Native.load(LibSeccomp.NAME, LibSeccomp.class);
    } catch (UnsatisfiedLinkError e) {
      throw new IOException(LibSeccomp.NAME + " cannot be loaded: " + e.getMessage(), e);
    }
    Pointer filter = library.seccomp_init(LibSeccomp.SCMP_ACT_ERRNO | errno);
    if (filter == null) {
      throw new IOException("libseccomp cannot begin a filter");
    }
    return new SeccompFilter(library, filter);
  }

  /**
   * Makes the filter one for another architecture too. Rules that are there already do not count
   * for it.
   *
   * @param name as libseccomp has it, such as {@code x86_64}
   * @throws SystemCallException if libseccomp does not know it
   */
  public void addArchitecture(String name) throws SystemCallException {
    int architecture = library.seccomp_arch_resolve_name(name);
    if (architecture == 0) {
      throw new SystemCallException("architecture " + name, SystemCallException.EINVAL);
    }
    int answer = library.seccomp_arch_add(filter, architecture);
    if (answer != -EEXIST) {
      check("architecture " + name, answer);
    }
  }

  /**
   * Allows a call, or one with such an argument. A name that libseccomp does not know is left out,
   * as runtimes do.
   *
   * @param call its name
   * @param conditions all have to hold; none for always
   * @throws SystemCallException if libseccomp refuses the rule
   */
  public void allow(String call, Condition... conditions) throws SystemCallException {
    rule(LibSeccomp.SCMP_ACT_ALLOW, call, conditions);
  }

  /**
   * Refuses a call, or one with such an argument.
   *
   * @param errno what it answers
   * @param call its name
   * @param conditions all have to hold; none for always
   * @throws SystemCallException if libseccomp refuses the rule
   */
  public void refuse(int errno, String call, Condition... conditions) throws SystemCallException {
    rule(LibSeccomp.SCMP_ACT_ERRNO | errno, call, conditions);
  }

  private void rule(int action, String call, Condition... conditions) throws SystemCallException {
    int number = library.seccomp_syscall_resolve_name(call);
    if (number == LibSeccomp.NR_SCMP_ERROR) {
      return;
    }
    try (Memory comparisons =
        new Memory((long) LibSeccomp.COMPARISON_BYTES * Math.max(1, conditions.length))) {
      long at = 0;
      for (Condition condition : conditions) {
        comparisons.setInt(at, condition.argument());
        comparisons.setInt(at + 4, condition.comparison().operator);
        comparisons.setLong(at + 8, condition.value());
        comparisons.setLong(at + 16, condition.second());
        at += LibSeccomp.COMPARISON_BYTES;
      }
      check(
          "seccomp rule for " + call,
          library.seccomp_rule_add_array(filter, action, number, conditions.length, comparisons));
    }
  }

  /**
   * Compiles the filter.
   *
   * @return the instructions, 8 bytes each, as the kernel takes them
   * @throws IOException if libseccomp cannot do that
   */
  public byte[] program() throws IOException {
    try (Descriptor memory =
        new Descriptor(
            LibC.check("memfd_create", LibC.memfd_create("seccomp", LibC.MFD_CLOEXEC)))) {
      check("seccomp_export_bpf", library.seccomp_export_bpf(filter, memory.number()));
      return Files.readAllBytes(memory.path());
    }
  }

  private static void check(String what, int answer) throws SystemCallException {
    if (answer < 0) {
      throw new SystemCallException(what, -answer);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      library.seccomp_release(filter);
    }
  }
}
