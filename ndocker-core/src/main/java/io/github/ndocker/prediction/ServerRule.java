package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Servers whose executables do not tell all that they read: their files, as patterns. */
final class ServerRule implements EngineRule {
  private static final Map<String, List<String>> FILES =
      Map.of(
          "haproxy", List.of("/etc/ssl/certs/*", "/etc/haproxy/*"),
          "mariadbd", List.of("/usr/share/mysql/charsets/Index.xml", "/usr/share/mysql/english/*"),
          "mysqld", List.of("/usr/share/mysql/charsets/Index.xml", "/usr/share/mysql/english/*"),
          "postgres",
              List.of(
                  "/usr/lib/postgresql/*/lib/plpgsql.so",
                  "/usr/lib/postgresql/*/lib/dict_snowball.so",
                  "/usr/local/lib/postgresql/plpgsql.so",
                  "/usr/local/lib/postgresql/dict_snowball.so",
                  "/usr/share/postgresql/*/*.sample",
                  "/usr/share/postgresql/*/*.sql",
                  "/usr/share/postgresql/*/postgres.bki",
                  "/usr/share/postgresql/*/sql_features.txt",
                  "/usr/share/postgresql/*/timezonesets/Default",
                  "/usr/share/postgresql/*/extension/plpgsql*",
                  "/usr/local/share/postgresql/*.sample",
                  "/usr/local/share/postgresql/*.sql",
                  "/usr/local/share/postgresql/postgres.bki",
                  "/usr/local/share/postgresql/timezonesets/Default"),
          "mongod", List.of("/etc/mongod.conf"),
          "nginx", List.of("/etc/nginx/nginx.conf", "/etc/nginx/mime.types"));

  @Override
  public boolean runs(String program) {
    return FILES.containsKey(program);
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    for (String pattern : FILES.getOrDefault(launch.program().name(), List.of())) {
      for (Located file : Globs.expand(scan.view(), pattern, "/")) {
        scan.read(file, launch.certainty().and(Certainty.LIKELY));
      }
    }
  }
}
