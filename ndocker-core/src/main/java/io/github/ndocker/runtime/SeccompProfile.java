package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import java.util.Set;

/** Which system calls a container may make ({@code seccomp(2)}). Immutable. */
public sealed interface SeccompProfile {
  /**
   * The calls that programs need and containers survive, those of Docker's profile. Depends on the
   * granted capabilities. What the kernel would only do for the administrator of the host answers
   * EPERM; all else, also what is newer than the profile, ENOSYS, so that programs do without it.
   */
  record Standard() implements SeccompProfile {}

  /** All of them. */
  record Unconfined() implements SeccompProfile {}

  /**
   * What a host's own document says.
   *
   * @param json an object as the OCI runtime specification 1.1 has it in {@code linux.seccomp};
   *     written as it is
   */
  record Document(String json) implements SeccompProfile {
    private static final Set<String> FIELDS =
        Set.of(
            "defaultAction",
            "defaultErrnoRet",
            "architectures",
            "flags",
            "listenerPath",
            "listenerMetadata",
            "syscalls");

    /**
     * Checks that it is such an object, as far as its field names go.
     *
     * @throws IllegalArgumentException if not; a profile in Docker's format, with conditions on
     *     capabilities, is none
     */
    public Document {
      try {
        JsonDocument document = JsonDocument.parse(json.getBytes(UTF_8), "seccomp profile");
        document.text("defaultAction");
        for (String field : document.fields()) {
          if (!FIELDS.contains(field)) {
            throw new IllegalArgumentException(
                "seccomp profile: '" + field + "' is not in the OCI runtime specification");
          }
        }
        for (JsonDocument call : document.objects("syscalls")) {
          call.texts("names");
          call.text("action");
          if (call.has("includes") || call.has("excludes")) {
            throw new IllegalArgumentException(
                "seccomp profile: conditions on capabilities are not in the OCI runtime"
                    + " specification; have one profile for each set of them");
          }
        }
      } catch (MalformedManifestException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
  }
}
