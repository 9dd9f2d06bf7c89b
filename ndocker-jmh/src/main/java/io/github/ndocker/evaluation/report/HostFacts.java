package io.github.ndocker.evaluation.report;

import java.util.List;
import java.util.Map;

/**
 * Where results come from.
 *
 * @param kernel release of the kernel
 * @param cores number of processors
 * @param memoryBytes of the machine
 * @param jdk version of the Java runtime
 * @param versions of the other programs, by name
 * @param commits of this project, in the order of measuring; more than one if a run was continued
 *     with another
 * @param peakJvmBytes the most memory that the JVM had resident
 * @param seconds how long measuring took
 */
public record HostFacts(
    String kernel,
    int cores,
    long memoryBytes,
    String jdk,
    Map<String, String> versions,
    List<String> commits,
    long peakJvmBytes,
    double seconds) {
  /** Copies what may change. */
  public HostFacts {
    versions = Map.copyOf(versions);
    commits = List.copyOf(commits);
  }
}
