package io.github.ndocker.evaluation.arm;

import java.time.Duration;

/**
 * What a deployment took. Times count from the first request.
 *
 * @param layers number of layers
 * @param download until the last byte had arrived, as far as the arm knows; zero if it does not
 * @param ready until ready to start
 * @param fastLayerBytes bytes of layers on the fast tier then, as far as the arm knows; without
 *     metadata
 */
public record Deployed(int layers, Duration download, Duration ready, long fastLayerBytes) {}
