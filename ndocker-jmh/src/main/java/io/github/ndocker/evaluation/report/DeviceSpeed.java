package io.github.ndocker.evaluation.report;

/**
 * How fast a device really was, measured by {@code dd} in a container of an arm, in the control
 * group that its containers run in.
 *
 * @param arm whose container measured
 * @param tier {@code slow} or {@code fast}
 * @param device its profile
 * @param readBytesPerSecond sequential, through the page cache
 * @param writeBytesPerSecond sequential, until durable
 * @param readsPerSecond 4 KiB each, direct, one at a time, one after another in the file
 * @param writesPerSecond 4 KiB each, direct, one at a time
 */
public record DeviceSpeed(
    String arm,
    String tier,
    String device,
    double readBytesPerSecond,
    double writeBytesPerSecond,
    double readsPerSecond,
    double writesPerSecond) {}
