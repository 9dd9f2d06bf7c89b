package io.github.ndocker.hotfile;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The execution engines that are recognised: languages, databases, web servers, brokers. */
final class Engines {
  /** A version, as distributions append it to names. */
  private static final String V = "-?[0-9]+(\\.[0-9]+)*";

  private static final String NONE = "(?!)";

  /** What is longer is no engine; the patterns take stack for every part of a name. */
  private static final int MAX_NAME = 128;

  private static final List<Engine> TABLE =
      List.of(
          // ---- languages ----
          Engine.of(
              "Python",
              "(python|pypy)(" + V + ")?(-minimal|-dev|-venv)?",
              "Python-|python\\.tar",
              "(python|pypy)[0-9]?(" + V + ")?"),
          Engine.of(
              "Java",
              "((default|openjdk|temurin|java|zulu)("
                  + V
                  + ")?(-openjdk)?-(jre|jdk)|openjdk"
                  + V
                  + ")(-headless)?|java-"
                  + V
                  + "-openjdk(-headless)?",
              "openjdk\\.t|jdk-?[0-9]|temurin",
              "java"),
          Engine.of("Node.js", "nodejs(" + V + ")?(-current)?|node", "node-v", "node(js)?"),
          Engine.of("Ruby", "ruby(" + V + ")?", "ruby\\.tar|ruby-\\$", "ruby(" + V + ")?"),
          Engine.of(
              "PHP",
              "php(" + V + ")?(-(cli|fpm|cgi))?|libapache2-mod-php.*",
              "php\\.tar",
              "php(-fpm|-cgi)?(" + V + ")?"),
          Engine.of("Perl", "perl(-base)?", "perl-[0-9$]", "perl"),
          Engine.of("Go", "go|golang(" + V + ")?(-go)?", "go\\.tgz|go\\.tar", "go"),
          Engine.of(
              ".NET",
              "(dotnet|aspnetcore)-(runtime|sdk)(" + V + ")?",
              "dotnet\\.tar|dotnet-",
              "dotnet"),
          Engine.of("Erlang", "erlang(-base|-nox)?", "OTP-|otp_src", "beam(\\.smp)?"),
          Engine.of("R", "r-base(-core)?", NONE, "R"),
          Engine.of("Lua", "lua(jit)?(" + V + ")?", NONE, "lua(jit)?(" + V + ")?"),
          // ---- databases ----
          Engine.of(
              "Redis",
              "(redis|valkey)(-server)?",
              "redis\\.tar|redis-[0-9$]",
              "(redis|valkey)-(server|check-rdb)"),
          Engine.of(
              "PostgreSQL", "postgresql(" + V + ")?(-server)?", "postgresql\\.tar", "postgres"),
          Engine.of("MariaDB", "mariadb(-server)?(" + V + ")?", NONE, "mariadbd"),
          Engine.of(
              "MySQL", "(default-)?mysql(-community)?-server(-core)?(" + V + ")?", NONE, "mysqld"),
          Engine.of("MongoDB", "mongodb(-org|-enterprise)?(-server)?", NONE, "mongod"),
          Engine.of("Memcached", "memcached", "memcached\\.tar|memcached-[0-9$]", "memcached"),
          Engine.of("Cassandra", "cassandra", "cassandra\\S{0,100}-bin", "cassandra"),
          Engine.of(
              "Elasticsearch",
              "elasticsearch|opensearch",
              "elasticsearch-",
              "elasticsearch|opensearch"),
          Engine.of("InfluxDB", "influxdb[0-9]?", "influxdb[0-9]?-", "influxd"),
          // ---- web servers ----
          Engine.of("nginx", "nginx(-(light|full|extras|core|mainline))?", "nginx-[0-9$]", "nginx"),
          Engine.of("Apache httpd", "apache2|httpd", "httpd\\.tar|httpd-[0-9$]", "apache2|httpd"),
          Engine.of("HAProxy", "haproxy(" + V + ")?", "haproxy\\.tar", "haproxy"),
          Engine.of("Tomcat", "tomcat[0-9]*", "tomcat\\.tar|apache-tomcat", "catalina\\.sh"),
          Engine.of("Jetty", "jetty[0-9]*", "jetty\\.tar|jetty-home", "jetty\\.sh"),
          Engine.of("Varnish", "varnish", NONE, "varnishd"),
          Engine.of("Caddy", "caddy", "caddy\\.tar", "caddy"),
          Engine.of("Traefik", "traefik", "traefik_", "traefik"),
          Engine.of("Gunicorn", "gunicorn[0-9]?|uwsgi", NONE, "gunicorn[0-9]?|uwsgi"),
          // ---- message brokers ----
          Engine.of(
              "RabbitMQ",
              "rabbitmq-server",
              "rabbitmq-server\\.tar|rabbitmq-server-",
              "rabbitmq-server"),
          Engine.of("ActiveMQ", "activemq", "activemq-[0-9$]|apache-activemq", "activemq"),
          Engine.of("Mosquitto", "mosquitto", NONE, "mosquitto"));

  /** Where engines live that are copied as a whole. */
  private static final Pattern HOME =
      Pattern.compile(
          "/(?:usr/local|usr/share|usr/lib|opt)/(?:java/)?(go|openjdk|jvm|dotnet|node|python|ruby|php)/?");

  /** Words by which a command fetches something itself. */
  private static final Pattern FETCHES = Pattern.compile("\\b(curl|wget)\\b");

  /** Directories for programs; some engines have one of their own. */
  private static final Pattern PROGRAM_DIRECTORY =
      Pattern.compile(".*/s?bin|/usr/local/go/bin|.*/dotnet|.*/(?:postgresql|pgsql)/[0-9.]+/bin");

  private Engines() {}

  /** The engine whose main program a path is, if it is one. */
  static Optional<Engine> ofProgram(String path) {
    int slash = path.lastIndexOf('/');
    if (slash < 0 || !PROGRAM_DIRECTORY.matcher(path.substring(0, slash)).matches()) {
      return Optional.empty();
    }
    return named(path.substring(slash + 1));
  }

  /** The engine whose main program has a name. */
  static Optional<Engine> named(String program) {
    return called(program, Engine::programs);
  }

  /** The engine that a copied path is most likely of: its program, or its home. */
  static Optional<Engine> ofCopied(String text) {
    for (String word : text.split("[\\s,\"\\[\\]]+", 50)) {
      Optional<Engine> engine = ofProgram(word);
      if (engine.isPresent()) {
        return engine;
      }
      Matcher home = HOME.matcher(word);
      if (home.matches()) {
        return named(
            home.group(1).equals("openjdk") || home.group(1).equals("jvm")
                ? "java"
                : home.group(1));
      }
    }
    return Optional.empty();
  }

  static Optional<Engine> ofPackage(String name) {
    return called(name, Engine::packages);
  }

  private static Optional<Engine> called(String name, Function<Engine, Pattern> names) {
    if (name.length() > MAX_NAME) {
      return Optional.empty();
    }
    return TABLE.stream().filter(engine -> names.apply(engine).matcher(name).matches()).findFirst();
  }

  static Optional<Engine> ofDownload(String command) {
    if (!FETCHES.matcher(command).find()) {
      return Optional.empty();
    }
    return TABLE.stream().filter(engine -> engine.downloads().matcher(command).find()).findFirst();
  }
}
