package io.github.ndocker.registry;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MediaTypes;
import java.util.List;

/** "Pulling manifests", OCI distribution specification. */
record ManifestEndpoint(ImageReference reference) implements Endpoint {
  @Override
  public String path() {
    return "/v2/" + reference.repository() + "/manifests/" + reference.target();
  }

  @Override
  public List<String> accept() {
    return MediaTypes.ACCEPTED;
  }

  @Override
  public String action() {
    return "fetch the manifest " + reference.target() + " of " + reference.repository();
  }
}
