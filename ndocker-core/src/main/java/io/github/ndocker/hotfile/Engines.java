package io.github.ndocker.hotfile;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The execution engines that are recognised: languages, databases, web servers, brokers. */
final class Engines {
  /** A version, as distributions append it to names. */
  private static final String V = "-?[0-9]+(\\.[0-9]+)*";

  private static final String NONE = "(?!)";

  private static final List<Engine> TABLE =
      List.of(
          // ---- languages ----
          Engine.of(
              "Python", "(python|pypy)(" + V + ")?(-minimal|-dev|-venv)?", "Python-|python\\.tar"),
          Engine.of(
              "Java",
              "((default|openjdk|temurin|java|zulu)("
                  + V
                  + ")?(-openjdk)?-(jre|jdk)|openjdk"
                  + V
                  + ")(-headless)?|java-"
                  + V
                  + "-openjdk(-headless)?",
              "openjdk\\.t|jdk-?[0-9]|temurin"),
          Engine.of("Node.js", "nodejs(" + V + ")?(-current)?|node", "node-v"),
          Engine.of("Ruby", "ruby(" + V + ")?", "ruby\\.tar|ruby-\\$"),
          Engine.of("PHP", "php(" + V + ")?(-(cli|fpm|cgi))?|libapache2-mod-php.*", "php\\.tar"),
          Engine.of("Perl", "perl(-base)?", "perl-[0-9$]"),
          Engine.of("Go", "go|golang(" + V + ")?(-go)?", "go\\.tgz|go\\.tar"),
          Engine.of(
              ".NET", "(dotnet|aspnetcore)-(runtime|sdk)(" + V + ")?", "dotnet\\.tar|dotnet-"),
          Engine.of("Erlang", "erlang(-base|-nox)?", "OTP-|otp_src"),
          Engine.of("R", "r-base(-core)?", NONE),
          Engine.of("Lua", "lua(jit)?(" + V + ")?", NONE),
          // ---- databases ----
          Engine.of("Redis", "(redis|valkey)(-server)?", "redis\\.tar|redis-[0-9$]"),
          Engine.of("PostgreSQL", "postgresql(" + V + ")?(-server)?", "postgresql\\.tar"),
          Engine.of("MariaDB", "mariadb(-server)?(" + V + ")?", NONE),
          Engine.of("MySQL", "(default-)?mysql(-community)?-server(-core)?(" + V + ")?", NONE),
          Engine.of("MongoDB", "mongodb(-org|-enterprise)?(-server)?", NONE),
          Engine.of("Memcached", "memcached", "memcached\\.tar|memcached-[0-9$]"),
          Engine.of("Cassandra", "cassandra", "cassandra\\S{0,100}-bin"),
          Engine.of("Elasticsearch", "elasticsearch|opensearch", "elasticsearch-"),
          Engine.of("InfluxDB", "influxdb[0-9]?", "influxdb[0-9]?-"),
          // ---- web servers ----
          Engine.of("nginx", "nginx(-(light|full|extras|core|mainline))?", "nginx-[0-9$]"),
          Engine.of("Apache httpd", "apache2|httpd", "httpd\\.tar|httpd-[0-9$]"),
          Engine.of("HAProxy", "haproxy(" + V + ")?", "haproxy\\.tar"),
          Engine.of("Tomcat", "tomcat[0-9]*", "tomcat\\.tar|apache-tomcat"),
          Engine.of("Jetty", "jetty[0-9]*", "jetty\\.tar|jetty-home"),
          Engine.of("Varnish", "varnish", NONE),
          Engine.of("Caddy", "caddy", "caddy\\.tar"),
          Engine.of("Traefik", "traefik", "traefik_"),
          Engine.of("Gunicorn", "gunicorn[0-9]?|uwsgi", NONE),
          // ---- message brokers ----
          Engine.of("RabbitMQ", "rabbitmq-server", "rabbitmq-server\\.tar|rabbitmq-server-"),
          Engine.of("ActiveMQ", "activemq", "activemq-[0-9$]|apache-activemq"),
          Engine.of("Mosquitto", "mosquitto", NONE));

  /** Words by which a command fetches something itself. */
  private static final Pattern FETCHES = Pattern.compile("\\b(curl|wget)\\b");

  private Engines() {}

  static Optional<Engine> ofPackage(String name) {
    return TABLE.stream().filter(engine -> engine.packages().matcher(name).matches()).findFirst();
  }

  static Optional<Engine> ofDownload(String command) {
    if (!FETCHES.matcher(command).find()) {
      return Optional.empty();
    }
    return TABLE.stream().filter(engine -> engine.downloads().matcher(command).find()).findFirst();
  }
}
