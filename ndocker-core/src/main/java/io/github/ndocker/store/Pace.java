package io.github.ndocker.store;

import java.io.IOException;

/** How fast bytes are copied or read. */
interface Pace {
  /** As fast as the media allow. */
  Pace FULL = (bytes, wanted) -> wanted.check();

  /**
   * Waits until so many bytes may be read.
   *
   * @param bytes the next piece
   * @param wanted asked while waiting
   * @throws IOException if the work is not wanted any more
   */
  void await(int bytes, StillWanted wanted) throws IOException;

  /** How many bytes of a copy are written before they are made durable. */
  default long forceBytes() {
    return Long.MAX_VALUE;
  }

  /**
   * In the background: at a limited rate, and only while nothing urgent goes on. What was written
   * is made durable as it comes, or the limit would only be one on filling the page cache, which
   * then is written out at full speed.
   */
  static Pace background(RateLimit limit, RightOfWay urgent) {
    return new Pace() {
      @Override
      public void await(int bytes, StillWanted wanted) throws IOException {
        urgent.await(wanted);
        limit.acquire(bytes, wanted);
      }

      @Override
      public long forceBytes() {
        return 8L << 20;
      }
    };
  }
}
