package io.github.ndocker.examples.demo;

import java.time.Duration;

/**
 * What a deployment took. Times count from the first request.
 *
 * @param layers number of layers
 * @param imageBytes bytes of the layers, uncompressed
 * @param download until the last byte had arrived
 * @param total until ready to start and durable
 * @param fastBytes bytes of the layers on the fast device at the end
 */
record Deployed(int layers, long imageBytes, Duration download, Duration total, long fastBytes) {}
