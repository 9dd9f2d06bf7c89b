# common.sh: what several scripts need; sourced, with $project set to the project's root.

# java_command : the JDK that JAVA_HOME names, or the one on the path; Maven follows it.
java_command() { echo "${JAVA_HOME:+$JAVA_HOME/bin/}java"; }

# jvm_options : from 24 on the JVM warns of native access that is not enabled.
jvm_options() {
  local version
  version=$("$(java_command)" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
  if [ "${version%%.*}" -ge 24 ]; then echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"; fi
}

# build_examples : the jars that scripts run, unless they are newer than every source.
build_examples() {
  local stamp=$project/ndocker-examples/target/built
  if [ -e "$stamp" ] && [ -z "$(find "$project/pom.xml" "$project"/ndocker-*/pom.xml "$project"/ndocker-*/src/main -newer "$stamp" -print -quit)" ]; then
    return
  fi
  echo "building" >&2
  (cd "$project" && mvn -q -B -ntp -Pquick -pl ndocker-examples -am package) >&2
  touch "$stamp"
}

# examples MAIN-CLASS ARGS... : replaces the shell by the JVM.
examples() {
  local target=$project/ndocker-examples/target main=$1
  shift
  # the progress bars' terminal library would leave a native library in the temporary directory
  # shellcheck disable=SC2046 # options are words
  exec "$(java_command)" $(jvm_options) ${NDOCKER_JAVA_OPTIONS:-} -Djava.awt.headless=true \
    -Dorg.jline.terminal.jni=false -Dorg.jline.terminal.ffm=false \
    -Dorg.slf4j.simpleLogger.defaultLogLevel="${NDOCKER_LOG:-warn}" \
    -cp "$target/classes:$target/lib/*" "$main" "$@"
}
