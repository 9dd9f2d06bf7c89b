package io.github.ndocker.prediction;

import java.util.List;

/** All rules. */
final class EngineRules {
  static final List<EngineRule> ALL =
      List.of(
          new ShellRule(),
          new WrapperRule(),
          new PythonRule(),
          new PerlRule(),
          new RubyRule(),
          new NodeRule(),
          new PhpRule(),
          new JavaRule(),
          new GoRule(),
          new ErlangRule(),
          new CompilerRule(),
          new ServerRule(),
          new ProgramFilesRule());

  private EngineRules() {}
}
