package io.github.ndocker.registry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The hosts to ask before a registry. One that did not answer is left out for a while. */
final class Mirrors {
  private static final long LEFT_OUT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Map<String, List<String>> hosts;
  private final Map<String, Long> failedAtNanos = new ConcurrentHashMap<>();

  Mirrors(Map<String, List<String>> hosts) {
    this.hosts = hosts;
  }

  List<String> of(String registry) {
    return hosts.getOrDefault(registry, List.of()).stream().filter(this::isWorthATry).toList();
  }

  void failed(String mirror) {
    failedAtNanos.put(mirror, System.nanoTime());
  }

  private boolean isWorthATry(String mirror) {
    Long failed = failedAtNanos.get(mirror);
    return failed == null || System.nanoTime() - failed > LEFT_OUT_NANOS;
  }
}
