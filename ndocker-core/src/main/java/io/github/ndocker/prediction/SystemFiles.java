package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;

/** Small files that nearly every start reads, whatever it starts. */
final class SystemFiles {
  /** Users are looked up by the runtime, by name or by number, and by C libraries. */
  private static final List<String> EVERYWHERE =
      List.of("/etc/passwd", "/etc/group", "/etc/nsswitch.conf");

  private static final List<String> OFTEN =
      List.of(
          "/etc/localtime",
          "/usr/share/zoneinfo/Etc/UTC",
          "/etc/host.conf",
          "/etc/gai.conf",
          "/etc/services",
          "/etc/protocols",
          "/etc/ssl/openssl.cnf",
          "/usr/lib/ssl/openssl.cnf",
          "/etc/ssl/certs/ca-certificates.crt",
          "/etc/pki/tls/certs/ca-bundle.crt",
          "/usr/lib/x86_64-linux-gnu/gconv/gconv-modules.cache",
          "/usr/lib64/gconv/gconv-modules.cache");

  private SystemFiles() {}

  static void predict(StartScan scan) throws IOException {
    for (String path : EVERYWHERE) {
      scan.read(path, Certainty.LIKELY);
    }
    for (String path : OFTEN) {
      scan.read(path, Certainty.POSSIBLE);
    }
    locale(scan);
  }

  /** What {@code setlocale} reads of the locale that the environment names, or of C.UTF-8. */
  private static void locale(StartScan scan) throws IOException {
    String named = scan.variable("LC_ALL") + scan.variable("LC_CTYPE") + scan.variable("LANG");
    Certainty certainty = named.isEmpty() ? Certainty.POSSIBLE : Certainty.LIKELY;
    scan.read("/usr/lib/locale/locale-archive", Certainty.POSSIBLE);
    for (String directory : List.of("/usr/lib/locale/C.utf8", "/usr/lib/locale/C.UTF-8")) {
      for (String name : scan.view().list(directory)) {
        scan.read(directory + "/" + name, name.equals("LC_CTYPE") ? certainty : Certainty.POSSIBLE);
      }
      scan.read(directory + "/LC_MESSAGES/SYS_LC_MESSAGES", Certainty.POSSIBLE);
    }
  }
}
