package io.github.ndocker.registry;

import java.io.IOException;
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
   * @throws IOException if there may be one and it cannot be found out
   */
  Optional<Login> lookUp(String registry) throws IOException;

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
    private static final String TOKEN_USER = "<token>";

    /** Checks that nothing is missing. */
    public Login {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(password, "password");
    }

    /**
     * A token that stands for a login at the token service of a registry (OAuth 2 refresh token).
     *
     * @param token the secret
     * @return a login whose name is the one that Docker uses for this
     */
    public static Login identityToken(String token) {
      return new Login(TOKEN_USER, token);
    }

    /**
     * Whether this is no name with a password.
     *
     * @return true for an identity token
     */
    public boolean isIdentityToken() {
      return user.equals(TOKEN_USER);
    }

    /** Returns the name, never the password. */
    @Override
    public String toString() {
      return "Login[user=" + user + ", password=(redacted)]";
    }
  }
}
