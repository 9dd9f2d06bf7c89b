package io.github.ndocker.examples.demo;

import java.time.Duration;

/**
 * What a deployment took. Times count from the first request.
 *
 * @param layers number of layers
 * @param download until the last byte had arrived
 * @param total until ready to start and durable
 */
record Deployed(int layers, Duration download, Duration total) {}
