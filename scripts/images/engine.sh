# engine.sh: a very small Dockerfile engine, sourced by make-images.
#
# Every file-changing word becomes one layer: the upper directory of an overlayfs mount, packed by layout.py as a
# gzip tar with OCI whiteouts. A layer whose key (parent, instruction, content) is in $CACHE is not built again.

# apt runs outside the root file system (so that the system's proxies, keys and
# mirrors apply) and drives the dpkg inside it.  Only sources whose origin is
# Debian are used.
apt_setup() {
  [ -n "${APT_READY:-}" ] && return; APT_READY=1
  local a=$CACHE/apt
  cat >"$a/conf" <<EOF
#clear DPkg::Pre-Invoke;
#clear DPkg::Post-Invoke;
#clear DPkg::Pre-Install-Pkgs;
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
Dir::State::lists "$a/lists";
Dir::Cache "$a";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "$a/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Acquire::Languages "none";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Keep-Downloaded-Packages "true";
Dpkg::Use-Pty "false";
EOF
  apt-get indextargets --format '$(ORIGIN) deb $(REPO_URI) $(RELEASE) $(COMPONENT)' \
      'Created-By: Packages' | sed -n 's/^Debian deb /deb /p' | sort -u \
      | grep -E " $SUITE[a-z-]* " >"$a/sources.list.new" || true
  [ -s "$a/sources.list.new" ] || { echo "no Debian $SUITE source: run apt-get update" >&2; exit 1; }
  cmp -s "$a/sources.list.new" "$a/sources.list" || cp "$a/sources.list.new" "$a/sources.list"
  if [ ! -s "$a/updated" ]; then
    say "apt-get update"
    apt-get -c "$a/conf" -q update >"$a/update.log" 2>&1 || { tail -5 "$a/update.log" >&2; exit 1; }
    date >"$a/updated"
  fi
}

key() { sha256sum | cut -c1-12; }

mount_root() { # mount_root ID : the image so far + an empty upper dir, on $ROOT
  local t=$LAYERS/$1.tmp low; rm -rf "$t"; mkdir -p "$t/diff" "$t/work"
  date +%s >"$t/start"
  low=$(awk '$1=="LAYER"{l=$2"/diff"(l?":"l:"")}END{print l}' "$SPEC")
  awk '$1=="LAYER"{print $2}' "$SPEC" >"$t/lower"
  if [ -z "$low" ]; then mount --bind "$t/diff" "$ROOT"; return; fi
  # relative names keep the option string short
  (cd "$LAYERS" && mount -t overlay overlay "$ROOT" -o \
    "lowerdir=$low,upperdir=$1.tmp/diff,workdir=$1.tmp/work,redirect_dir=off,metacopy=off,index=off")
}
umount_root() { umount -R "$ROOT"; }

mount_dev() { # /proc and a minimal /dev, for chroot
  mkdir -p "$ROOT/proc" "$ROOT/dev"; mount -t proc proc "$ROOT/proc"
  mount -t tmpfs -o mode=755 tmpfs "$ROOT/dev"
  local d; for d in null zero full random urandom tty; do
    : >"$ROOT/dev/$d"; mount --bind "/dev/$d" "$ROOT/dev/$d"; done
  ln -s /proc/self/fd "$ROOT/dev/fd"; mkdir "$ROOT/dev/shm"
  mount -t tmpfs tmpfs "$ROOT/dev/shm"
}
inroot() { # inroot SHELL-TEXT
  env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
    LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot "$ROOT" /bin/sh -ec "$1" </dev/null
}
apt_install() { # apt_install PKG...
  apt_setup; mount_dev
  mount --bind "$CACHE/apt/archives" "$ROOT/var/cache/apt/archives"
  local o=(-c "$CACHE/apt/conf" -qq -y -o "DPkg::Chroot-Directory=$ROOT"
    -o "Dir::State::status=$ROOT/var/lib/dpkg/status"
    -o "Dir::State::extended_states=$ROOT/var/lib/apt/extended_states"
    -o "Dir::Cache::archives=$ROOT/var/cache/apt/archives" -o "Dir::Log=$ROOT/var/log/apt")
  LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    apt-get "${o[@]}" install "$@" </dev/null
}

# layer ID CREATED_BY FUNC ARGS... : build the layer unless cached, then record it
layer() {
  local id=$1 by=$2; shift 2
  if [ ! -e "$LAYERS/$id/diff" ]; then
    say "$IMAGE: ${by:0:100}"
    mount_root "$id"
    local log=$LAYERS/$id.log
    if ! ( set -e; "$@" ) >"$log" 2>&1; then
      tail -25 "$log" >&2; umount_root; say "$IMAGE: step failed, log in $log"; exit 1
    fi
    # what a build leaves behind and no image should carry (also: not reproducible)
    ( cd "$ROOT"; rm -rf var/log/dpkg.log var/log/alternatives.log var/log/bootstrap.log \
        var/log/apt/* var/cache/ldconfig/aux-cache var/cache/apt/*.bin var/lib/dpkg/*-old \
        var/cache/debconf/*-old var/lib/dpkg/triggers/Lock tmp/hsperfdata_* ) 2>/dev/null || true
    umount_root; date +%s >"$LAYERS/$id.tmp/end"
    rm -rf "$LAYERS/$id" "$LAYERS/$id.tmp/work"; mv "$LAYERS/$id.tmp" "$LAYERS/$id"
  fi
  printf 'LAYER\t%s\t%s\n' "$id" "$by" >>"$SPEC"
  pack "$id"
}
# Packing (tar + gzip) runs in the background while the next step is built.
pack() {
  [ -e "$LAYERS/$1/meta.json" ] && return
  while [ "$(jobs -rp | wc -l)" -ge 2 ]; do wait -n || exit 1; done
  "$PY" "$TOOL" pack "$LAYERS/$1" "$EPOCH" 9>&- &
}
nextid() { { awk -F'\t' '$1=="LAYER"{print $2}' "$SPEC"; cat; } | key; }
meta() { printf '%s\t%s\n' "$1" "$2" >>"$SPEC"; }

#-----------------------------------------------------------------------------
# The Dockerfile words
#-----------------------------------------------------------------------------
FROM() { # FROM scratch | IMAGE
  [ "$1" = scratch ] && return
  local image=$IMAGE spec=$SPEC; build "$1"; IMAGE=$image SPEC=$spec
  grep -vE '^(READY|CATEGORY|TAG|ARGS)	' "$SPECS/$1" >"$SPEC"
}
APT() { # APT PKG... [-- shell text run afterwards in the image]
  local pk=() post= by
  while [ $# -gt 0 ]; do [ "$1" = -- ] && { post=$2; break; }; pk+=("$1"); shift; done
  by="/bin/sh -c apt-get update && apt-get install -y --no-install-recommends ${pk[*]} && rm -rf /var/lib/apt/lists/*${post:+ && $post}"
  _apt() { apt_install "${pk[@]}"; [ -z "$post" ] || inroot "$post"; }
  layer "$(nextid <<<"$by")" "$by" _apt
}
RUN() { # RUN shell text
  local by="/bin/sh -c $1"; _run() { mount_dev; inroot "$1"; }
  layer "$(nextid <<<"$by")" "$by" _run "$1"
}
HOSTRUN() { # HOSTRUN "text for the history" FUNC : FUNC runs here, writes into $ROOT
  layer "$({ echo "$1"; declare -f "$2"; } | nextid)" "/bin/sh -c $1" "$2"
}
COPY() { # COPY [MODE] DEST <<text : one text file
  local mode=644 text sum; [ $# -gt 1 ] && { mode=$1; shift; }
  text=$(cat); sum=$(sha256sum <<<"$text" | cut -c1-64)
  _copy() { install -D -m "$mode" /dev/stdin "$ROOT$1" <<<"$text"; }
  layer "$(nextid <<<"copy $mode $1 $sum")" "/bin/sh -c #(nop) COPY file:$sum in $1 " _copy "$1"
}
ENV()        { meta ENV "$1"; }          # KEY=VALUE
WORKDIR()    { meta WORKDIR "$1"; }
EXPOSE()     { meta EXPOSE "$1"; }       # 80/tcp
VOLUME()     { meta VOLUME "$1"; }
RUNUSER()    { meta USER "$1"; }
LABEL()      { meta LABEL "$1"; }
STOPSIGNAL() { meta STOPSIGNAL "$1"; }
ENTRYPOINT() { meta ENTRYPOINT "$1"; }   # JSON list
CMD()        { meta CMD "$1"; }          # JSON list
CATEGORY()   { meta CATEGORY "$1"; }
# READY exit [TEXT] | line TEXT | tcp PORT -- and what to run, if not the CMD
READY()      { meta READY "$1${2:+ $2}"; }
ARGS()       { meta ARGS "$1"; }         # JSON list, replaces CMD for the test

declare -A DONE
build() {
  [ -n "${DONE[$1]:-}" ] && return; DONE[$1]=1
  declare -F "img_$1" >/dev/null || { echo "unknown image: $1" >&2; exit 2; }
  IMAGE=$1 SPEC=$SPECS/$1; : >"$SPEC"; "img_$1"
}

