package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import java.util.List;

/** "Pulling blobs", OCI distribution specification. */
record BlobEndpoint(ImageReference reference, Digest digest) implements Endpoint {
  @Override
  public String path() {
    return "/v2/" + reference.repository() + "/blobs/" + digest;
  }

  @Override
  public List<String> accept() {
    return List.of();
  }

  @Override
  public String action() {
    return "fetch blob " + digest + " of " + reference.repository();
  }
}
