package io.github.ndocker.linux;

import com.sun.jna.Library;
import com.sun.jna.Pointer;

/**
 * The functions of libseccomp that {@link SeccompFilter} needs ({@code seccomp_rule_add(3)} and its
 * kind). They answer 0, or the error number negated.
 */
interface LibSeccomp extends Library {
  /** The name of its second binary interface, which it has had since 2012. */
  String NAME = "libseccomp.so.2";

  int SCMP_ACT_ALLOW = 0x7fff0000;
  int SCMP_ACT_ERRNO = 0x00050000;
  int NR_SCMP_ERROR = -1;

  /** Bytes of a {@code struct scmp_arg_cmp}: argument, operator, and two 64-bit values. */
  int COMPARISON_BYTES = 24;

  Pointer seccomp_init(int action);

  void seccomp_release(Pointer filter);

  int seccomp_arch_resolve_name(String name);

  int seccomp_arch_add(Pointer filter, int architecture);

  int seccomp_syscall_resolve_name(String name);

  int seccomp_rule_add_array(Pointer filter, int action, int call, int count, Pointer comparisons);

  int seccomp_export_bpf(Pointer filter, int descriptor);
}
