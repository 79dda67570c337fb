#!/usr/bin/env bash
# Builds the addon of the native engine, native/build/ml-dsa.node, and copies the licence of AWS-LC beside it.
# On x86-64 it builds the same a second time for processors with AVX2 and BMI2: native/build/ml-dsa-x86-64-v3.node.
# It needs a C++ compiler, cmake and ninja, and no root.
# AWS-LC comes as a Debian source package from the mirror of apt, or from AWS_LC_SOURCE, a file with the same archive.
# The compiled AWS-LC is kept in the cache of the user.
# Exit code 69 (EX_UNAVAILABLE): the archive is not available. Any other code except 0: the build failed.
set -euo pipefail

usage() {
  cat <<'USAGE'
npm run build:native
  Builds the addon of the native engine, native/build/ml-dsa.node, in some minutes, on x86-64 also for newer
  processors. It needs a C++ compiler, cmake and ninja. AWS-LC comes from the Debian mirror of this machine.
  AWS_LC_SOURCE  a file with the source of AWS-LC, if there is no such mirror
  JOBS           compilers at a time; default: 2

Example:
  JOBS=4 npm run build:native
USAGE
}

case ${1:-} in
  '') ;;
  --help) usage; exit 0 ;;
  *) echo "native engine: unknown argument $1" >&2; echo >&2; usage >&2; exit 2 ;;
esac

# Debian's package of the crate aws-lc-sys. It contains AWS-LC with generated assembly, so Perl and Go are not needed.
source_package=rust-aws-lc-sys=0.42.0+dfsg-1
source_sha256=620e70a494cb11290e5a9665a739d97bef57971faf902da969a2b636cdd4bf1c

# The symbols have a prefix: without it they would be bound to those of the OpenSSL inside Node.js.
# Randomness comes from the operating system, as in Node.js.
# The default of AWS-LC, CPU jitter, takes 60 ms in each thread.
options=(-DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=OFF -DCMAKE_POSITION_INDEPENDENT_CODE=ON
  -DBORINGSSL_PREFIX=aws_lc -DDISABLE_CPU_JITTER_ENTROPY=ON -DDISABLE_PERL=ON -DDISABLE_GO=ON
  -DBUILD_LIBSSL=OFF -DBUILD_TOOL=OFF -DBUILD_TESTING=OFF)

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "native engine: $2" >&2
  exit "$1"
}

# On standard error, since functions return their result on standard output.
step() {
  echo "native engine: $1" >&2
}

require_programs() {
  local program
  for program in c++ cmake ninja; do
    command -v "$program" >/dev/null || fail 1 "$program is missing (Debian: g++, cmake, ninja-build)"
  done
}

# Downloads with separate package lists, so that apt does not install from another suite later.
# The archive is checked against its hash, so expired lists of a mirror are acceptable.
download() {
  local mirror apt=$work/apt
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Label: Debian' 'Component: main' | head -n 1)
  [ -n "$mirror" ] || { echo 'native engine: apt has no Debian mirror' >&2; return 1; }
  mkdir -p "$apt/lists/partial" "$apt/archives/partial"
  : >"$apt/status"
  echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >"$apt/sources.list"
  cat >"$apt/apt.conf" <<CONF
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::Cache "$apt";
APT::Sandbox::User "";
Acquire::Check-Valid-Until "false";
CONF
  export APT_CONFIG=$apt/apt.conf
  (cd "$work" && apt-get -qq update && apt-get -qq source --download-only --tar-only "$source_package") || return 1
  mv "$work"/*.orig.tar.gz "$1"
}

# Prints the path of the verified archive.
fetch_source() {
  local archive=${AWS_LC_SOURCE:-$cache/$source_sha256.tar.gz}
  if [ -z "${AWS_LC_SOURCE:-}" ] && [ ! -e "$archive" ]; then
    step "downloads $source_package"
    download "$archive.new" >&2 || fail 69 "$source_package is not available; set AWS_LC_SOURCE to its .orig.tar.gz"
    check "$archive.new"
    mv "$archive.new" "$archive"
  fi
  check "$archive"
  echo "$archive"
}

check() {
  echo "$source_sha256  $1" | sha256sum --check --quiet >&2 || fail 1 "$1 is not the expected archive: its SHA-256 differs"
}

# Compiles AWS-LC's libcrypto into the folder $1, with the compiler options $2.
compile_aws_lc() {
  local archive new=$1.new source=$work/source objects=$work/objects
  archive=$(fetch_source)
  rm -rf "$source" "$objects"
  mkdir "$source"
  tar -xzf "$archive" -C "$source" --strip-components=1
  step "compiles AWS-LC with ${JOBS:-2} jobs, which takes some minutes"
  {
    cmake -S "$source/aws-lc" -B "$objects" -G Ninja "${options[@]}" -DCMAKE_C_FLAGS="$2" -DBORINGSSL_PREFIX_HEADERS="$source/generated-include" &&
      ninja_on_terminal -C "$objects" -j "${JOBS:-2}" crypto
  } >"$work/log" 2>&1 || { tail -n 50 "$work/log" >&2; fail 1 'AWS-LC does not compile'; }
  rm -rf "$new" "$1"
  mkdir "$new"
  cp "$objects/crypto/libcrypto.a" "$source/aws-lc/LICENSE" "$new"
  cp -r "$source/aws-lc/include" "$new"
  cp -r "$objects/symbol_prefix_include/openssl" "$new/include"
  # The final name appears only when the build is complete.
  mv "$new" "$1"
}

# On a terminal ninja shows how far it is.
ninja_on_terminal() {
  if [ -t 8 ]; then nice -n 15 ninja "$@" >&8 2>&1; else nice -n 15 ninja "$@"; fi
}

# The Node.js of the npm scripts, where this is not a folder of its own with a Node.js that is new enough.
node_for_scripts() {
  if [ -e "$here/../bin/node.js" ]; then node "$here/../bin/node.js" "$@"; else node "$@"; fi
}

# Compiles the addon with the AWS-LC in the folder $1 and the compiler options $2 into native/build/$3.
# The headers of AWS-LC come first, because those of Node.js also have an openssl folder.
# -z nodelete: AWS-LC registers a handler for the end of each thread that used it.
# The library must not be unloaded before this handler runs.
compile_addon() {
  local node_headers flags=($2)
  step "compiles $3"
  node_headers=$(node_for_scripts -p 'require("node:path").resolve(process.execPath, "../../include/node")')
  [ -e "$node_headers/node_api.h" ] || fail 1 "this Node.js has no headers in $node_headers"
  mkdir -p "$here/build"
  c++ -std=c++20 -O2 "${flags[@]}" -Wall -Wextra -fno-exceptions -fno-rtti -fPIC -fvisibility=hidden -shared \
    -isystem "$1/include" -isystem "$node_headers" "$here/addon.cc" "$1/libcrypto.a" \
    -Wl,--exclude-libs,ALL,--gc-sections,-z,relro,-z,now,-z,nodelete -s -pthread -o "$here/build/$3.new"
  cp "$1/LICENSE" "$here/build/LICENSE.aws-lc"
  # A running process keeps the file that it has loaded.
  mv "$here/build/$3.new" "$here/build/$3"
}

# Builds native/build/$2 with the compiler options $1.
build() {
  local aws_lc
  # The name depends on the source, the options, the compiler and the architecture.
  aws_lc=$cache/$({ echo "$source_sha256" "${options[@]}" "$1"; c++ --version; uname -m; } | sha256sum | cut -c 1-16)
  [ -e "$aws_lc" ] || compile_aws_lc "$aws_lc" "$1"
  compile_addon "$aws_lc" "$1" "$2"
}

exec 8>&2
require_programs
cache=${XDG_CACHE_HOME:-$HOME/.cache}/mldsa-native
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
build '' ml-dsa.node
[ "$(uname -m)" != x86_64 ] || build -march=x86-64-v3 ml-dsa-x86-64-v3.node
echo "native engine: built $(basename "$here")/build/ml-dsa.node"
