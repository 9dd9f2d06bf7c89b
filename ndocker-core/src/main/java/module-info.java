/** The default implementations of the N-Docker interfaces, and the engine that joins them. */
module io.github.ndocker.core {
  requires transitive io.github.ndocker.api;
  requires static transitive org.jspecify;
  requires com.fasterxml.jackson.databind;
  requires com.github.luben.zstd_jni;
  requires com.sun.jna;
  requires java.net.http;
  requires java.sql;
  requires org.bouncycastle.provider;
  requires org.slf4j;
  requires jdk.unsupported; // direct I/O
  requires org.xerial.sqlitejdbc;

  // direct mapping of system calls reads the declaring class
  opens io.github.ndocker.linux to
      com.sun.jna;

  exports io.github.ndocker.budget;
  exports io.github.ndocker.engine;
  exports io.github.ndocker.erofs;
  exports io.github.ndocker.hotfile;
  exports io.github.ndocker.image;
  exports io.github.ndocker.layer;
  exports io.github.ndocker.placement;
  exports io.github.ndocker.prediction;
  exports io.github.ndocker.registry;
  exports io.github.ndocker.rootfs;
  exports io.github.ndocker.runtime;
  exports io.github.ndocker.source;
  exports io.github.ndocker.store;
  exports io.github.ndocker.trust;
}
