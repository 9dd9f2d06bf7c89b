package io.github.ndocker.hotfile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code created_by} of a history, in the spelling of the classic builder ({@code /bin/sh -c
 * #(nop) COPY file:… in /app}) or of BuildKit ({@code COPY . /app # buildkit}). Immutable.
 *
 * @param kind what it does
 * @param text the instruction's words without the builder's own
 */
record BuildCommand(Kind kind, String text) {
  /** What an instruction does. */
  enum Kind {
    /** Sets what a container is started with, such as {@code ENV}; makes no layer. */
    SETTING,
    /** Makes the directory that a container starts in, and a layer only if it was missing. */
    DIRECTORY,
    /** Takes files from outside, {@code COPY} or {@code ADD}. */
    COPY,
    /** Runs a command, or it cannot be told. */
    RUN
  }

  /** Real commands have a few kilobytes; the text is the image author's, and may be endless. */
  private static final int MAX_LENGTH = 64 << 10;

  private static final Pattern COPY_SPELLING =
      Pattern.compile(
          "^(?:/bin/sh -c )?(?:#\\(nop\\)\\s+)?(?:COPY|ADD)\\s+((?:--[a-z]+(?:=\\S*+)?\\s+)*+)(.*)",
          Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

  private static final Pattern SETTING_SPELLING =
      Pattern.compile(
          "^(?:/bin/sh -c )?(?:#\\(nop\\)\\s+)?(ENV|CMD|ENTRYPOINT|EXPOSE|LABEL|USER|VOLUME|STOPSIGNAL"
              + "|ARG|HEALTHCHECK|MAINTAINER|ONBUILD|SHELL|WORKDIR)\\b(.*)",
          Pattern.DOTALL);

  /** Build arguments come before the shell, and a value of theirs may have spaces in it. */
  private static final Pattern RUN_SPELLING =
      Pattern.compile(
          "^(?:RUN\\s+)?(?:--[a-z]+(?:=\\S*+)?\\s+)*+(?:\\|[0-9]++ .*?)?"
              + "(?:(?:/usr)?/bin/(?:ba|a|da)?sh (?:-[a-z]++ (?:pipefail )?+)++)?(.*)",
          Pattern.DOTALL);

  private static final String BUILDKIT = "# buildkit";

  /** Package managers with whatever options stand between them and the verb. */
  private static final Pattern INSTALL =
      Pattern.compile(
          "\\b(?:apt-get|apt|aptitude|yum|dnf|microdnf|zypper|apk)"
              + "(?:\\s+-[^\\s;&|]++)*+\\s+(?:install|add|in)\\b([^;&|#\\n]*+)");

  private static final Pattern PACKAGE = Pattern.compile("[a-z0-9][a-z0-9.+_-]*+");

  /** Tools that put an application into an image. */
  private static final Pattern APPLICATION_BUILD =
      Pattern.compile(
          "\\b(?:pip[0-9.]*+ install|npm (?:install|ci|i)\\b|yarn (?:install|add)\\b|pnpm install"
              + "|bundle install|gem install|composer (?:install|create-project)"
              + "|go (?:build|install)\\b|cargo (?:build|install)\\b|dotnet (?:build|publish)"
              + "|mvn |mvnw |gradle |gradlew |make\\b|cmake |django-admin startproject"
              + "|curl -|wget |git clone)");

  static BuildCommand parse(String createdBy) {
    String words =
        createdBy.length() <= MAX_LENGTH ? createdBy : createdBy.substring(0, MAX_LENGTH);
    words = words.strip();
    if (words.endsWith(BUILDKIT)) {
      words = words.substring(0, words.length() - BUILDKIT.length()).strip();
    }
    Matcher copy = COPY_SPELLING.matcher(words);
    if (copy.matches()) {
      return new BuildCommand(Kind.COPY, copy.group(2).strip());
    }
    Matcher setting = SETTING_SPELLING.matcher(words);
    if (setting.matches()) {
      boolean directory = setting.group(1).equals("WORKDIR");
      return new BuildCommand(directory ? Kind.DIRECTORY : Kind.SETTING, setting.group(2).strip());
    }
    Matcher run = RUN_SPELLING.matcher(words);
    String text = run.matches() ? run.group(1) : words;
    if (text.startsWith("[\"")) {
      // a program and its arguments
      text = text.replaceAll("[\"\\[\\],]+", " ");
    }
    // a line continued is one line
    return new BuildCommand(Kind.RUN, text.replace("\\\n", " ").strip());
  }

  /** Whether it makes a layer, as far as its instruction tells. */
  boolean makesLayer() {
    return kind == Kind.COPY || kind == Kind.RUN;
  }

  /** Whether a copy's destination is the root directory. */
  boolean fillsRoot() {
    return text.endsWith(" /") || text.endsWith("\"/\"]");
  }

  /** The packages that package managers of the system are told to install, without versions. */
  List<String> installedPackages() {
    List<String> packages = new ArrayList<>();
    Matcher install = INSTALL.matcher(text);
    while (install.find()) {
      for (String word : install.group(1).strip().split("\\s+", -1)) {
        Matcher name = PACKAGE.matcher(word.toLowerCase(Locale.ROOT));
        // what does not begin like a package is an option, a variable or a quotation mark
        if (name.lookingAt()) {
          packages.add(name.group());
        }
      }
    }
    return packages;
  }

  /** The command without lists of packages: "make" among them is a package, not a command. */
  String textWithoutPackages() {
    return INSTALL.matcher(text).replaceAll(" ");
  }

  /** The words that build or install an application, if there are any. */
  Optional<String> applicationBuild() {
    Matcher build = APPLICATION_BUILD.matcher(textWithoutPackages());
    return build.find() ? Optional.of(build.group().strip()) : Optional.empty();
  }
}
