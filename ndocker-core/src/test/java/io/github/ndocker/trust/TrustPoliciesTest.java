package io.github.ndocker.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrustPoliciesTest {
  private static boolean covers(String scope, String image) throws IOException {
    return Scope.parse(scope).covers(ImageReference.parse(image));
  }

  @Test
  void aScopeIsARegistryOrAllBelowAPath() throws IOException {
    assertTrue(covers("example.org", "example.org/a/b:1"));
    assertTrue(covers("example.org/a", "example.org/a/b:1"));
    assertTrue(covers("example.org/a/b", "example.org/a/b:1"));
    assertFalse(covers("example.org/a/b", "example.org/a/bc:1"));
    assertFalse(covers("example.org/a/b/c", "example.org/a/b:1"));
    assertFalse(covers("example.org", "example.org:5000/a/b:1"));
    assertFalse(covers("example.org", "www.example.org/a/b:1"));
  }

  @Test
  void anotherSpellingOfARegistryDoesNotEvadeItsPolicy() throws IOException {
    for (String image :
        List.of("EXAMPLE.org/a", "example.org:443/a", "example.org:00443/a", "example.org:80/a")) {
      assertTrue(covers("example.org", image), image);
    }
    assertTrue(covers("example.org:5000", "example.org:05000/a"));
    for (String image :
        List.of(
            "python",
            "library/python",
            "docker.io/python:3",
            "index.docker.io/library/python",
            "registry-1.docker.io/library/python",
            "Docker.IO/library/python")) {
      assertTrue(covers("docker.io", image), image);
      assertTrue(covers("docker.io/library/python", image), image);
      assertTrue(covers("docker.io/python", image), image);
    }
  }

  @Test
  void aScopeBeginsWithARegistry() {
    for (String wrong :
        List.of("", "python", "library/python", "example.org/", "example.org/A", "/a", "a b.c")) {
      assertThrows(IllegalArgumentException.class, () -> Scope.parse(wrong), wrong);
    }
  }

  @Test
  void theLongestScopeCounts() throws Exception {
    TrustPolicy any = TrustPolicy.acceptAny();
    TrustPolicy ours = TrustPolicy.signedBy(List.of(SigningKey.ecdsa().trusted()));
    TrustPolicy theirs = TrustPolicy.signedBy(List.of(SigningKey.ecdsa().trusted()));
    TrustPolicies policies =
        TrustPolicies.of(any)
            .with("example.org", ours)
            .with("example.org/theirs", theirs)
            .with("example.org/theirs/scratch", any);
    assertEquals(ours, policies.of(ImageReference.parse("example.org/ours/app")));
    assertEquals(theirs, policies.of(ImageReference.parse("example.org/theirs/app")));
    assertEquals(any, policies.of(ImageReference.parse("example.org/theirs/scratch/app")));
    assertEquals(any, policies.of(ImageReference.parse("elsewhere.org/app")));
  }

  @Test
  void theShortNameOfAnOfficialImageIsCloserThanAllOfThem() throws Exception {
    TrustPolicy any = TrustPolicy.acceptAny();
    TrustPolicy ours = TrustPolicy.signedBy(List.of(SigningKey.ecdsa().trusted()));
    for (String name : List.of("python", "haproxy", "go")) {
      TrustPolicies policies =
          TrustPolicies.of(any).with("docker.io/library", any).with("docker.io/" + name, ours);
      assertEquals(ours, policies.of(ImageReference.parse(name)), name);
      assertEquals(any, policies.of(ImageReference.parse("other")), name);
    }
  }

  @Test
  void aPolicyHasAKeyButNotTooMany() throws Exception {
    TrustedKey key = SigningKey.ecdsa().trusted();
    assertThrows(IllegalArgumentException.class, () -> TrustPolicy.signedBy(List.of()));
    assertThrows(
        IllegalArgumentException.class, () -> TrustPolicy.signedBy(Collections.nCopies(33, key)));
  }
}
