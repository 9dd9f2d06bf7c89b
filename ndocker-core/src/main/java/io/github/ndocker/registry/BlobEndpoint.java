package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import java.util.List;
import java.util.Optional;

/**
 * "Pulling blobs", OCI distribution specification.
 *
 * @param from the first byte that is wanted
 */
record BlobEndpoint(ImageReference reference, Digest digest, long from) implements Endpoint {
  @Override
  public String path() {
    return "/v2/" + reference.repository() + "/blobs/" + digest;
  }

  @Override
  public List<String> accept() {
    return List.of();
  }

  @Override
  public Optional<String> range() {
    return from == 0 ? Optional.empty() : Optional.of("bytes=" + from + "-");
  }

  @Override
  public String action() {
    return "fetch blob " + digest + " of " + reference.repository();
  }
}
