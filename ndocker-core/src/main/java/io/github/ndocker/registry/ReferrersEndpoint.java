package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.MediaTypes;
import java.net.URI;
import java.net.URLEncoder;
import java.util.List;

/**
 * "Listing Referrers", OCI distribution specification.
 *
 * @param query which page, as a registry wrote it, or what is asked for; never in messages
 */
record ReferrersEndpoint(ImageReference reference, Digest digest, String query)
    implements Endpoint {
  /** What a registry needs to find the next page again. */
  private static final int MAX_QUERY = 4_096;

  static ReferrersEndpoint of(ImageReference reference, Digest digest, String artifactType) {
    return new ReferrersEndpoint(
        reference, digest, "artifactType=" + URLEncoder.encode(artifactType, UTF_8));
  }

  /** The page that a {@code Link} leads to; it must be one of the same list. */
  ReferrersEndpoint next(String link) throws MalformedManifestException {
    String subject = "referrers of " + digest;
    URI target;
    try {
      // java.net.URI resolves a query alone as RFC 2396 did: without the last part of the path
      String address = link.startsWith("?") ? list() + link : link;
      target = URI.create("https://registry" + list()).resolve(address);
    } catch (IllegalArgumentException e) {
      // without the cause: it would quote the address
      throw new MalformedManifestException(subject, "the next page has no address");
    }
    if (!list().equals(target.getRawPath())
        || target.getRawQuery() == null
        || target.getRawQuery().length() > MAX_QUERY) {
      throw new MalformedManifestException(subject, "the next page is not one of the same list");
    }
    return new ReferrersEndpoint(reference, digest, target.getRawQuery());
  }

  private String list() {
    return "/v2/" + reference.repository() + "/referrers/" + digest;
  }

  @Override
  public String path() {
    return list() + "?" + query;
  }

  @Override
  public List<String> accept() {
    return List.of(MediaTypes.OCI_INDEX);
  }

  @Override
  public String action() {
    return "list what refers to " + digest + " of " + reference.repository();
  }
}
