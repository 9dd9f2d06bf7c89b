package io.github.ndocker.trust;

/**
 * What becomes of the name that a signature is given to.
 *
 * <p>A signature names a digest, and, in the older of cosign's formats, the repository it was made
 * for ({@code critical.identity.docker-reference}). Who may write to a registry, but has no key,
 * can copy an image together with its signatures, and so offer one that is signed as something
 * else: a tool for tests under the name of a service. The name tells. It also is in the way of
 * somebody who copies images from one registry to another on purpose.
 *
 * <p>Tags are not compared, as cosign signs none. So nothing here tells an old version of an image
 * from a new one: that takes a reference that is pinned by digest.
 */
public enum NameRule {
  /**
   * Only the digest counts, as with {@code cosign verify}; for images that are copied on purpose.
   */
  IGNORED,

  /**
   * A signature that names a repository must name that of the image; the default. Those of the
   * newer format, which names none, are accepted: keep a key for each repository if that matters.
   */
  SAME_IF_NAMED,

  /** As {@link #SAME_IF_NAMED}, and a signature that names no repository does not count. */
  SAME
}
