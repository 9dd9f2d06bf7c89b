package io.github.ndocker.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The standard seccomp profile, made for one architecture and one set of capabilities.
 *
 * <p>The resource {@code seccomp.json} is a list of rules. {@code calls} has lines of names, and
 * they are allowed, if the rule's conditions hold: {@code on} and {@code notOn} architectures (as
 * image platforms name them); {@code with} at least one or {@code unless} any of some capabilities;
 * and of an {@code argument}, that it is in {@code equals}, {@code otherThan} a value, or has
 * {@code noneOf} some bits. {@code otherwise} says what calls answer whose {@code with} does not
 * hold: {@code forbidden} is EPERM, {@code absent} is ENOSYS.
 */
final class SeccompRules {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a kernel of an architecture also runs, or a program could slip past the filter. */
  private static final Map<String, List<String>> ARCHITECTURES =
      Map.of(
          "amd64", List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
          "arm64", List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"),
          "ppc64le", List.of("SCMP_ARCH_PPC64LE"),
          "riscv64", List.of("SCMP_ARCH_RISCV64"),
          "s390x", List.of("SCMP_ARCH_S390X", "SCMP_ARCH_S390"));

  private final ObjectNode seccomp = JSON.createObjectNode();
  private final ArrayNode calls;
  private final String architecture;
  private final Set<String> capabilities;

  private SeccompRules(String architecture, Set<String> capabilities) {
    this.architecture = architecture;
    this.capabilities = capabilities;
    // a program that asks for a call newer than the profile hears that the kernel has none, and
    // does without it: glibc takes EPERM for an answer, not for a reason to fall back
    seccomp.put("defaultAction", "SCMP_ACT_ERRNO").put("defaultErrnoRet", ENOSYS);
    ArrayNode architectures = seccomp.putArray("architectures");
    ARCHITECTURES.getOrDefault(architecture, List.of()).forEach(architectures::add);
    this.calls = seccomp.putArray("syscalls");
  }

  /** An object for {@code linux.seccomp}. */
  static ObjectNode standard(String architecture, Set<String> capabilities) throws IOException {
    SeccompRules rules = new SeccompRules(architecture, capabilities);
    try (InputStream in = SeccompRules.class.getResourceAsStream("seccomp.json")) {
      if (in == null) {
        throw new FileNotFoundException("seccomp.json is missing beside " + SeccompRules.class);
      }
      for (JsonNode rule : JSON.readTree(in)) {
        rules.add(rule);
      }
    }
    return rules.seccomp;
  }

  private void add(JsonNode rule) {
    List<String> names =
        texts(rule.path("calls")).flatMap(line -> Stream.of(line.split(" ", -1))).toList();
    if ((rule.has("on") && texts(rule.path("on")).noneMatch(architecture::equals))
        || texts(rule.path("notOn")).anyMatch(architecture::equals)
        || texts(rule.path("unless")).anyMatch(capabilities::contains)) {
      return;
    }
    if (rule.has("with") && texts(rule.path("with")).noneMatch(capabilities::contains)) {
      refuse(names, rule.path("otherwise").textValue());
      return;
    }
    if (rule.has("equals")) {
      for (JsonNode value : rule.path("equals")) {
        argument(allow(names), rule, "SCMP_CMP_EQ").put("value", value.longValue());
      }
    } else if (rule.has("otherThan")) {
      argument(allow(names), rule, "SCMP_CMP_NE").put("value", rule.path("otherThan").longValue());
    } else if (rule.has("noneOf")) {
      argument(allow(names), rule, "SCMP_CMP_MASKED_EQ")
          .put("value", rule.path("noneOf").longValue())
          .put("valueTwo", 0);
    } else {
      allow(names);
    }
  }

  private void refuse(List<String> names, String answer) {
    // what is absent anyway needs no rule, and would contradict one with conditions on arguments
    if (answer.equals("forbidden")) {
      call(names, "SCMP_ACT_ERRNO").put("errnoRet", EPERM);
    }
  }

  private ObjectNode allow(List<String> names) {
    return call(names, "SCMP_ACT_ALLOW");
  }

  private ObjectNode call(List<String> names, String action) {
    ObjectNode call = calls.addObject();
    names.forEach(call.putArray("names")::add);
    return call.put("action", action);
  }

  private static ObjectNode argument(ObjectNode call, JsonNode rule, String operator) {
    return call.putArray("args")
        .addObject()
        .put("index", rule.path("argument").intValue())
        .put("op", operator);
  }

  private static Stream<String> texts(JsonNode array) {
    return Stream.iterate(0, i -> i < array.size(), i -> i + 1).map(i -> array.get(i).textValue());
  }
}
