package io.github.ndocker.simulation;

/**
 * What came of a deployment.
 *
 * @param downloadSeconds T_D
 * @param totalSeconds T_total
 * @param fastBytes U_total
 * @param lastDownloading position of the layer whose last byte came last
 * @param unfinishedBytes of layers below that one, those that were not stored when it had come
 */
record SimulatedDeployment(
    double downloadSeconds,
    double totalSeconds,
    long fastBytes,
    int lastDownloading,
    long unfinishedBytes) {}
