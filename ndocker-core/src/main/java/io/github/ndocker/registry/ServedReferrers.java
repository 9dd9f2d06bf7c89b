package io.github.ndocker.registry;

import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of referrers, and where the next one is (RFC 8288). */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record ServedReferrers(byte[] json, Optional<String> next) {
  private static final Pattern NEXT =
      Pattern.compile("<([^<>]*+)>\\s*+;\\s*+rel=\"?next\"?", Pattern.CASE_INSENSITIVE);

  static ServedReferrers of(HttpHeaders headers, byte[] json) {
    return new ServedReferrers(
        json,
        headers.allValues("Link").stream()
            .map(NEXT::matcher)
            .filter(Matcher::find)
            .map(link -> link.group(1))
            .findFirst());
  }
}
