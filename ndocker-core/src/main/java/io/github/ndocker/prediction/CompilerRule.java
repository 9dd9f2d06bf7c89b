package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;

/** Compilers of C and C++: what they start, and the parts that every program is linked of. */
final class CompilerRule implements EngineRule {
  private static final Pattern PROGRAM =
      Pattern.compile("(.*-linux-(gnu|musl)-)?(gcc|g\\+\\+|cc|c\\+\\+)(-[0-9]+)?");

  private static final List<String> PARTS =
      List.of(
          "/usr/lib/gcc/*/*/collect2",
          "/usr/lib/gcc/*/*/liblto_plugin.so",
          "/usr/libexec/gcc/*/*/collect2",
          "/usr/libexec/gcc/*/*/liblto_plugin.so",
          "/usr/lib/gcc/*/*/crtbegin*.o",
          "/usr/lib/gcc/*/*/crtend*.o",
          "/usr/lib/gcc/*/*/libgcc*",
          "/usr/lib/*-linux-*/Scrt1.o",
          "/usr/lib/*-linux-*/crt?.o",
          "/usr/lib/Scrt1.o",
          "/usr/lib/crt?.o",
          "/usr/lib/*-linux-*/libc.so",
          "/usr/lib/*-linux-*/libc_nonshared.a",
          "/usr/lib/*-linux-*/libc.so.6",
          "/usr/include/stdc-predef.h");

  @Override
  public boolean runs(String program) {
    return PROGRAM.matcher(program).matches();
  }

  @Override
  public void predict(Launch launch, StartScan scan) throws IOException {
    boolean plus = launch.program().name().contains("++");
    String compiler = plus ? "cc1plus" : "cc1";
    for (String pattern : List.of("/usr/lib/gcc/*/*/", "/usr/libexec/gcc/*/*/")) {
      for (Located file : Globs.expand(scan.view(), pattern + compiler, "/")) {
        scan.run(List.of(file.path()), launch.directory(), Certainty.LIKELY);
      }
    }
    scan.run(List.of("as"), launch.directory(), Certainty.LIKELY);
    scan.run(List.of("ld"), launch.directory(), Certainty.LIKELY);
    for (String pattern : PARTS) {
      for (Located file : Globs.expand(scan.view(), pattern, "/")) {
        scan.read(file, Certainty.LIKELY);
      }
    }
  }
}
