package io.github.ndocker.layer;

/** Reads the map of a sparse file, which may go on in blocks after the header. */
interface SparseMapReader {
  /** Whether another block belongs to it. */
  boolean wantsBlock();

  /** Takes the next block. */
  void take(byte[] block) throws MalformedLayerException;

  /** Whether its blocks count as data of the entry. */
  boolean isInData();

  /** The map, once it wants no more. */
  SparseMap map();
}
