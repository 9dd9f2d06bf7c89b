package io.github.ndocker.trust;

import io.github.ndocker.image.ImageReference;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The policy of every image: that of the longest scope it is in, or else the one for all others.
 * Immutable.
 *
 * <p>A policy is for a name. A registry that has more than one (an address beside its host name)
 * has the policy of each; where that matters, have a strict one for all others.
 *
 * @param others for images that are in none of the scopes
 * @param scopes by registry, or path in one
 */
public record TrustPolicies(TrustPolicy others, Map<Scope, TrustPolicy> scopes) {
  /** Copies the map. */
  public TrustPolicies {
    Objects.requireNonNull(others, "others");
    scopes = Map.copyOf(scopes);
  }

  /**
   * One policy for every image.
   *
   * @param policy the policy
   * @return the policies
   */
  public static TrustPolicies of(TrustPolicy policy) {
    return new TrustPolicies(policy, Map.of());
  }

  /**
   * These policies with another one for a scope.
   *
   * @param scope as {@link Scope#parse} takes it
   * @param policy for what is in it
   * @return the policies
   * @throws IllegalArgumentException if the scope is not well-formed
   */
  public TrustPolicies with(String scope, TrustPolicy policy) {
    Map<Scope, TrustPolicy> all = new HashMap<>(scopes);
    all.put(Scope.parse(scope), policy);
    return new TrustPolicies(others, all);
  }

  /**
   * The policy of an image.
   *
   * @param reference the image
   * @return the policy
   */
  public TrustPolicy of(ImageReference reference) {
    return scopes.entrySet().stream()
        .filter(entry -> entry.getKey().covers(reference))
        .max(Comparator.comparingInt(entry -> entry.getKey().closeness(reference)))
        .map(Map.Entry::getValue)
        .orElse(others);
  }
}
