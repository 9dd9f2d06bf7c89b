package io.github.ndocker.llpl;

/**
 * A blob that is complete.
 *
 * @param block where it lies
 * @param length its size in bytes; the block may be larger
 */
record CommittedBlob(BlobBlock block, long length) {}
