package io.github.ndocker.trust;

import io.github.ndocker.api.Digest;
import io.github.ndocker.image.ImageReference;

/**
 * An image whose signature is looked for.
 *
 * @param reference what was asked for
 * @param manifest the manifest or index it led to, byte for byte
 * @param digest the SHA-256 of these bytes; computed here, so that it is that of nothing else
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record SignedImage(ImageReference reference, byte[] manifest, Digest digest) {
  static SignedImage of(ImageReference reference, byte[] manifest) {
    byte[] copy = manifest.clone();
    return new SignedImage(reference, copy, TrustedKey.sha256(copy));
  }
}
