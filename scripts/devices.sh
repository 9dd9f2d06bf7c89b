# devices.sh: block devices of a chosen speed, for measuring; sourced. Everything made is on record and undone by devices_remove.

made_mounts=() made_loops=() made_limits=() made_directories=() made_cgroup= made_cgroup_before=
made_device= made_directory=

# device_make PREFIX : a loop device over PREFIX.img in memory, with ext4, mounted at PREFIX; in $made_device, $made_directory
device_make() {
  truncate -s 8G "$1.img"
  made_device=$(losetup --find --show "$1.img")
  made_loops+=("$made_device")
  # nothing is left to be initialised in the background, which would take from the limit
  mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 -N 300000 "$made_device"
  made_directory=$1
  mkdir -p "$made_directory"
  mount "$made_device" "$made_directory"
  made_mounts+=("$made_directory")
}

# device_limit DEVICE hdd|cloud : the kernel's block throttle, in every control group that containers run in
device_limit() {
  local number read_bps write_bps read_iops write_iops
  number=$(cat "/sys/block/$(basename "$1")/dev")
  case $2 in
    hdd) read_bps=120000000 write_bps=120000000 read_iops=150 write_iops=600 ;;
    cloud) read_bps=125000000 write_bps=125000000 read_iops=1000 write_iops=1000 ;;
  esac
  if [ -d /sys/fs/cgroup/blkio ]; then
    # v1: a limit holds in the group it is set in and not in those below; containers stay in the group of this shell
    local group groups=(/sys/fs/cgroup/blkio)
    group=/sys/fs/cgroup/blkio$(sed -n 's/^[0-9]*:[^:]*\bblkio\b[^:]*://p' /proc/self/cgroup)
    [ "${group%/}" = "${groups[0]}" ] || groups+=("$group")
    for group in "${groups[@]}"; do
      echo "$number $read_bps" >"$group/blkio.throttle.read_bps_device"
      echo "$number $write_bps" >"$group/blkio.throttle.write_bps_device"
      echo "$number $read_iops" >"$group/blkio.throttle.read_iops_device"
      echo "$number $write_iops" >"$group/blkio.throttle.write_iops_device"
      made_limits+=("$number $group")
    done
  else
    # v2: a group of our own, with the limit, for this shell and all it starts
    made_cgroup_before=/sys/fs/cgroup$(sed -n 's/^0:://p' /proc/self/cgroup)
    made_cgroup=/sys/fs/cgroup/ndocker.$$
    mkdir "$made_cgroup"
    echo +io >/sys/fs/cgroup/cgroup.subtree_control
    echo "$number rbps=$read_bps wbps=$write_bps riops=$read_iops wiops=$write_iops" >"$made_cgroup/io.max"
    echo $$ >"$made_cgroup/cgroup.procs"
  fi
}

devices_remove() {
  local entry file i
  for entry in "${made_limits[@]}"; do
    # a limit belongs to the device number and would outlive the device
    for file in read_bps write_bps read_iops write_iops; do
      echo "${entry%% *} 0" >"${entry#* }/blkio.throttle.${file}_device" || true
    done
  done
  if [ -n "$made_cgroup" ]; then
    echo $$ >"$made_cgroup_before/cgroup.procs" || true
    rmdir "$made_cgroup" || true
  fi
  # what a killed process left mounted on the devices goes first
  for entry in "${made_mounts[@]}"; do
    awk -v under="$entry/" 'index($5, under) == 1 { print $5 }' /proc/self/mountinfo | tac | xargs -r -n 1 umount --lazy || true
  done
  for ((i = ${#made_mounts[@]} - 1; i >= 0; i--)); do umount "${made_mounts[i]}" || umount --lazy "${made_mounts[i]}" || true; done
  for entry in "${made_loops[@]}"; do losetup -d "$entry" || true; done
  for entry in "${made_directories[@]}"; do rm -rf --one-file-system "$entry"; done
  made_mounts=() made_loops=() made_limits=() made_directories=() made_cgroup=
}
