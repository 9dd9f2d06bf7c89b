package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;

/** The bytes of one blob on one tier. */
record StoredCopy(Digest blob, Tier tier) {}
