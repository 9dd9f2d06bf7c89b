/** A blob tier in an Intel LLPL persistent-memory heap. */
module io.github.ndocker.llpl {
  requires transitive io.github.ndocker.api;
  requires static transitive org.jspecify;
  requires llpl;
  requires org.slf4j;

  exports io.github.ndocker.llpl;
}
