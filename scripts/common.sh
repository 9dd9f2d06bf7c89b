# common.sh: what several scripts need; sourced, with $project set to the project's root.

# java_command : the JDK that JAVA_HOME names, or the one on the path; Maven follows it.
java_command() { echo "${JAVA_HOME:+$JAVA_HOME/bin/}java"; }

# jvm_options : from 24 on the JVM warns of native access that is not enabled.
jvm_options() {
  local version
  version=$("$(java_command)" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
  if [ "${version%%.*}" -ge 24 ]; then echo "--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"; fi
}

# build MODULE : the jars that scripts run, unless they are newer than every source.
build() {
  local stamp=$project/$1/target/built
  if [ -e "$stamp" ] && [ -z "$(find "$project/pom.xml" "$project"/ndocker-*/pom.xml "$project"/ndocker-*/src/main -newer "$stamp" -print -quit)" ]; then
    return
  fi
  echo "building" >&2
  (cd "$project" && mvn -q -B -ntp -Pquick -pl "$1" -am package) >&2
  touch "$stamp"
}

# run_java MODULE MAIN-CLASS ARGS... : replaces the shell by the JVM.
run_java() {
  local target=$project/$1/target main=$2
  shift 2
  # the progress bars' terminal library would leave a native library in the temporary directory
  # shellcheck disable=SC2046 # options are words
  exec "$(java_command)" $(jvm_options) ${NDOCKER_JAVA_OPTIONS:-} -Djava.awt.headless=true \
    -Dorg.jline.terminal.jni=false -Dorg.jline.terminal.ffm=false \
    -Dorg.slf4j.simpleLogger.defaultLogLevel="${NDOCKER_LOG:-warn}" \
    -cp "$target/classes:$target/lib/*" "$main" "$@"
}

# remove_work DIRECTORY : ends and undoes what a JVM that was killed left behind in a directory of ours: it does so
# itself whenever it can.
remove_work() {
  local work=$1 pid status entry group number file own
  [ -n "$work" ] && [ -d "$work" ] || return 0
  own=$(readlink /proc/self/ns/mnt)
  # containers, and those whose records are gone: their mounts, in a namespace of theirs, name the directory
  for status in "$work"/*/*/runtime/*/status "$work"/*/*/*/runtime/*/status; do
    [ ! -e "$status" ] || kill -KILL "$(sed -n 's/.*"pid" *: *\([0-9]*\).*/\1/p' "$status" | head -1)" 2>/dev/null || true
  done
  for pid in $(grep -ls -- "$work/" /proc/[0-9]*/mountinfo | cut -d / -f 3); do
    [ "$(readlink "/proc/$pid/ns/mnt")" = "$own" ] || kill -KILL "$pid" 2>/dev/null || true
  done
  # daemons and shims: only ours have this directory on their command line
  for pid in $(pgrep -f -- "$work/" || true); do
    [ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] || kill -KILL "$pid" 2>/dev/null || true
  done
  awk -v under="$work/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | tac | xargs -r -n 1 umount --lazy || true
  # a device over a limited one first
  for entry in $(losetup --list --noheadings --output NAME,BACK-FILE | awk -v under="$work/" '
      index($2, under) == 1 { lower[$1] } { over[$2] = $1 } END { for (one in lower) { print over[one]; print one } }'); do
    # a limit belongs to the device number and would outlive the device
    number=$(cat "/sys/block/$(basename "$entry")/dev")
    for group in $(find /sys/fs/cgroup/blkio -maxdepth 2 -type d 2>/dev/null); do
      for file in read_bps write_bps read_iops write_iops; do
        ! grep -qs "^$number " "$group/blkio.throttle.${file}_device" || echo "$number 0" >"$group/blkio.throttle.${file}_device" || true
      done
    done
    losetup -d "$entry" || true
  done
  # groups that were made for containers, and with cgroup v2 for the JVM; those of others are not empty
  for group in /sys/fs/cgroup/ndocker-* /sys/fs/cgroup/blkio/ndocker-*; do
    [ ! -d "$group" ] || rmdir "$group" 2>/dev/null || true
  done
  rm -rf --one-file-system "$work"
}

# emulation_begin NAME : for scripts that measure on emulated devices, one at a time on this machine. Makes $work, a
# directory in memory; however the script ends, its harness is ended and nothing of the directory is left.
emulation_begin() {
  if [ "$(id -u)" != 0 ]; then echo "$1 needs root: it emulates devices, mounts and starts containers" >&2; exit 77; fi
  exec 8>/run/lock/ndocker-evaluation.lock
  flock --nonblock 8 || { echo "an evaluation runs on this machine; they would disturb each other" >&2; exit 1; }
  work=$(mktemp -d "/dev/shm/ndocker-$1.XXXXXX")
  harness=
  trap emulation_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

# emulate CLASS [ARGUMENT...] : runs a program of the harness and waits for it; a signal to the script ends it at once
emulate() {
  run_java ndocker-jmh "$@" &
  harness=$!
  wait "$harness"
}

emulation_end() {
  trap '' INT TERM HUP
  trap - EXIT
  if [ -n "$harness" ]; then
    kill "$harness" 2>/dev/null || true
    wait "$harness" || true
  fi
  remove_work "$work"
}
