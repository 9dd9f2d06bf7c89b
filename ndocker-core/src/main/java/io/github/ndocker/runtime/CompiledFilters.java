package io.github.ndocker.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.ndocker.linux.SeccompFilter;
import io.github.ndocker.linux.SeccompFilter.Comparison;
import io.github.ndocker.linux.SeccompFilter.Condition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The standard seccomp profile as the kernel takes it, compiled once for each set of capabilities.
 * crun would compile it at each start, 17 ms. Thread-safe.
 *
 * <p>Filters are kept in this process only: there is no file that somebody could change. A test
 * compares them with those that crun compiles, byte by byte.
 */
final class CompiledFilters {
  /** With it crun takes a compiled filter in place of {@code linux.seccomp}; base64. */
  static final String ANNOTATION = "run.oci.seccomp_bpf_data";

  /** Of some 10 kB each; hosts have few sets of capabilities. */
  private static final int MOST = 64;

  private static final String ARCHITECTURE_PREFIX = "SCMP_ARCH_";
  private static final Logger LOG = LoggerFactory.getLogger(CompiledFilters.class);

  private final Map<Key, Optional<String>> compiled = new HashMap<>();

  private record Key(String architecture, Set<String> capabilities) {}

  /**
   * The same specification with the compiled filter, if it wants the standard profile. One that has
   * such an annotation already is left alone: the host has written it, for labels of images do not
   * become such annotations.
   */
  ContainerSpec addTo(ContainerSpec spec, String architecture) throws IOException {
    ContainerSecurity security = spec.security();
    if (!(security.seccomp() instanceof SeccompProfile.Standard)
        || spec.annotations().containsKey(ANNOTATION)) {
      return spec;
    }
    Optional<String> filter = standard(new Key(architecture, security.capabilities()));
    if (filter.isEmpty()) {
      return spec;
    }
    Map<String, String> annotations = new HashMap<>(spec.annotations());
    annotations.put(ANNOTATION, filter.get());
    return spec.withAnnotations(annotations);
  }

  private synchronized Optional<String> standard(Key key) throws IOException {
    Optional<String> known = compiled.get(key);
    if (known != null) {
      return known;
    }
    JsonNode profile = SeccompRules.standard(key.architecture(), key.capabilities());
    Optional<String> filter;
    try {
      filter = Optional.of(Base64.getEncoder().encodeToString(compile(profile)));
    } catch (IOException e) {
      LOG.info("crun will compile the seccomp profile at each start: {}", e.getMessage());
      filter = Optional.empty();
    }
    if (compiled.size() >= MOST) {
      compiled.clear();
    }
    compiled.put(key, filter);
    return filter;
  }

  /** In the order in which crun does it, which the bytes depend on. */
  static byte[] compile(JsonNode profile) throws IOException {
    int otherwise = profile.path("defaultErrnoRet").intValue();
    try (SeccompFilter filter = SeccompFilter.create(otherwise)) {
      for (JsonNode architecture : profile.path("architectures")) {
        filter.addArchitecture(
            architecture
                .textValue()
                .substring(ARCHITECTURE_PREFIX.length())
                .toLowerCase(Locale.ROOT));
      }
      for (JsonNode rule : profile.path("syscalls")) {
        Condition[] conditions = conditions(rule.path("args"));
        for (JsonNode name : rule.path("names")) {
          if (rule.path("action").textValue().equals("SCMP_ACT_ALLOW")) {
            filter.allow(name.textValue(), conditions);
          } else {
            filter.refuse(rule.path("errnoRet").intValue(), name.textValue(), conditions);
          }
        }
      }
      return filter.program();
    }
  }

  private static Condition[] conditions(JsonNode arguments) {
    List<Condition> conditions = new ArrayList<>();
    for (JsonNode argument : arguments) {
      conditions.add(
          new Condition(
              argument.path("index").intValue(),
              switch (argument.path("op").textValue()) {
                case "SCMP_CMP_EQ" -> Comparison.EQUAL;
                case "SCMP_CMP_NE" -> Comparison.NOT_EQUAL;
                case "SCMP_CMP_MASKED_EQ" -> Comparison.MASKED_EQUAL;
                default -> throw new IllegalStateException("operator in " + argument);
              },
              argument.path("value").longValue(),
              argument.path("valueTwo").longValue()));
    }
    return conditions.toArray(Condition[]::new);
  }
}
