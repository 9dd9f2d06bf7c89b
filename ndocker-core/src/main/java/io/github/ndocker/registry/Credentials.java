package io.github.ndocker.registry;

import java.util.Objects;
import java.util.Optional;

/** Where logins come from. Implementations are thread-safe. */
@FunctionalInterface
public interface Credentials {
  /**
   * The login for a registry; asked only after the registry has refused an anonymous request.
   *
   * @param registry host and port, as references name it
   * @return the login; empty to stay anonymous
   */
  Optional<Login> lookUp(String registry);

  /**
   * No login for any registry.
   *
   * @return credentials that are always empty
   */
  static Credentials anonymous() {
    return registry -> Optional.empty();
  }

  /**
   * A name and its password, or a token in the place of one. Immutable.
   *
   * @param user the name
   * @param password the secret
   */
  record Login(String user, String password) {
    /** Checks that nothing is missing. */
    public Login {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
    }

    /** Returns the name, never the password. */
    @Override
    public String toString() {
      return "Login[user=" + user + ", password=(redacted)]";
    }
  }
}
