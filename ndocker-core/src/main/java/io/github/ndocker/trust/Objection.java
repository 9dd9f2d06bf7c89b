package io.github.ndocker.trust;

import io.github.ndocker.trust.UntrustedImageException.Reason;

/** Why one signature does not count. */
record Objection(Reason reason, String detail) {}
