/** What a store of N-Docker does, as Micrometer metrics. */
@SuppressWarnings("requires-transitive-automatic") // Micrometer has a name, but no descriptor
module io.github.ndocker.micrometer {
  requires transitive io.github.ndocker.api;
  requires transitive micrometer.core;
  requires static transitive org.jspecify;

  exports io.github.ndocker.micrometer;
}
