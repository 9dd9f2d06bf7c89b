package io.github.ndocker.registry;

import io.github.ndocker.api.Digest;
import io.github.ndocker.trust.SignatureDocuments;
import io.github.ndocker.trust.SigningKey;

/** What lies under the tag for signatures: a payload and its signature. */
@SuppressWarnings("ArrayRecordComponent") // test data, never compared
record SignedPayload(byte[] payload, byte[] signature) {
  static SignedPayload of(Digest image, String repository, SigningKey key) {
    byte[] payload = SignatureDocuments.payload(image, repository);
    return new SignedPayload(payload, key.sign(payload));
  }
}
