package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The JVM: its libraries, its image of classes, and the archives on the class path. */
final class JavaRule implements EngineRule {
  private static final Set<String> PROGRAMS = Set.of("java", "javac", "jshell");

  /** Loaded or read by every start. */
  private static final List<String> ALWAYS =
      List.of(
          "lib/libjli.so",
          "lib/jvm.cfg",
          "lib/server/libjvm.so",
          "lib/libjimage.so",
          "lib/libjava.so",
          "lib/libverify.so",
          "lib/server/classes.jsa",
          "lib/server/classes_nocoops.jsa",
          "lib/libzip.so",
          "lib/libnio.so",
          "lib/libnet.so",
          "lib/modules",
          "conf/security/java.security",
          "lib/security/default.policy",
          "release");

  private static final List<String> OFTEN =
      List.of(
          "lib/libjsvml.so",
          "lib/libextnet.so",
          "lib/libmanagement.so",
          "lib/libmanagement_ext.so",
          "lib/libinstrument.so",
          "lib/libprefs.so",
          "lib/tzdb.dat",
          "conf/net.properties",
          "conf/logging.properties",
          "conf/security/policy/unlimited/default_US_export.policy",
          "conf/security/policy/unlimited/default_local.policy",
          "lib/security/cacerts",
          "conf/security/java.policy",
          "lib/psfontj2d.properties",
          "conf/jaxp.properties",
          "lib/ct.sym",
          "lib/libjaas.so",
          "lib/libsyslookup.so");

  private static final int MAX_ARCHIVES = 500;

  @Override
  public boolean runs(String program) {
    return PROGRAMS.contains(program);
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    String home = Located.parent(launch.program().directory());
    boolean first = scan.first("java " + home);
    boolean compiles =
        launch.program().name().equals("javac")
            || launch.arguments().stream().anyMatch(argument -> argument.endsWith(".java"));
    List<String> modules = compiles ? ClassImage.COMPILER : List.of();
    for (String file : first ? ALWAYS : List.<String>of()) {
      machine(home + "/" + file, launch.certainty(), modules, scan);
    }
    // of Java 8 and before
    for (String file :
        List.of(
            "lib/rt.jar",
            "lib/amd64/jvm.cfg",
            "lib/amd64/server/libjvm.so",
            "lib/amd64/libjava.so",
            "lib/amd64/libzip.so",
            "lib/amd64/libverify.so",
            "lib/amd64/jli/libjli.so")) {
      machine(home + "/" + file, launch.certainty(), modules, scan);
      machine(home + "/jre/" + file, launch.certainty(), modules, scan);
    }
    for (String file : OFTEN) {
      scan.read(home + "/" + file, Certainty.POSSIBLE);
    }
    List<String> arguments = new ArrayList<>(launch.arguments());
    arguments.addAll(List.of(scan.variable("JAVA_TOOL_OPTIONS").split("\\s+", 100)));
    String path = scan.variable("CLASSPATH");
    boolean named = false;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      String next = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
      if (Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path").contains(argument)) {
        path = path + ":" + next;
        named = true;
      } else if (argument.equals("-jar")) {
        path = path + ":" + next;
        named = true;
      } else if (argument.startsWith("-javaagent:")) {
        path = path + ":" + argument.substring("-javaagent:".length()).split("=", 2)[0];
      }
    }
    Archives archives = new Archives(scan);
    for (String entry : path.split(":", MAX_ARCHIVES)) {
      archives.entry(entry, launch.directory(), launch.certainty());
    }
    if (!named || path.indexOf(ShellScript.UNKNOWN) >= 0) {
      unnamed(launch, scan, archives);
    }
  }

  private static void machine(
      String path, Certainty certainty, List<String> modules, StartScan scan) throws IOException {
    Optional<Located> file = scan.view().file(path, "/");
    if (file.isEmpty()) {
      return;
    }
    if (file.get().name().equals("modules")) {
      scan.found().add(ClassImage.candidate(file.get(), certainty, modules, scan.view()));
    } else {
      scan.read(file.get(), certainty);
    }
  }

  /** A script made the class path: archives beside the script, as servers have them. */
  private static void unnamed(Launch launch, StartScan scan, Archives archives) throws IOException {
    if (launch.arguments().isEmpty() || launch.certainty() == Certainty.CERTAIN) {
      return;
    }
    Set<String> homes = new LinkedHashSet<>(scan.scriptHomes());
    // such as a directory of settings beside that of the program
    homes.addAll(scan.directoriesOfEnvironment());
    homes.remove(Located.parent(launch.program().directory()));
    for (String home : homes) {
      for (String pattern :
          List.of(
              "/bin/*.jar",
              "/lib/*.jar",
              "/lib/*/*.jar",
              "/webapps/*/WEB-INF/lib/*.jar",
              "/*.jar")) {
        for (Located jar : Globs.expand(scan.view(), home + pattern, "/")) {
          archives.add(jar, Certainty.LIKELY);
        }
      }
      for (String pattern : List.of("/conf/*", "/etc/*", "/conf/*/*", "/webapps/*/WEB-INF/*")) {
        for (Located file : Globs.expand(scan.view(), home + pattern, "/")) {
          scan.read(file, Certainty.POSSIBLE);
        }
      }
    }
  }
}
