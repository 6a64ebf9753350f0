# shellcheck shell=bash disable=SC2034
# Shell functions of the scripts in ops. Source it: . "$(dirname "$0")/lib.sh"; then TVAN_ROOT is the repository.
TVAN_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Debian's own Python: it has grpcio and protobuf; another one may come first on PATH.
TVAN_PYTHON=/usr/bin/python3

say() { printf '%s\n' "$*" >&2; }

# The packages of ops/packages.txt that are not there yet, one a line.
missing_packages() {
  local name needs
  while read -r name needs; do
    case "$name" in '' | '#'*) continue ;; esac
    if [ -n "$needs" ] && command -v "${needs#\?}" >/dev/null 2>&1; then continue; fi
    dpkg-query -W -f '${db:Status-Abbrev}' "$name" 2>/dev/null | grep -q '^ii' || printf '%s\n' "$name"
  done <"$TVAN_ROOT/ops/packages.txt"
}

# Installs what is missing; does nothing, and needs neither network nor rights, when nothing is.
install_packages() {
  local missing sudo=
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 || {
      say "These Debian packages are missing, and this is neither root nor is there sudo: ${missing[*]}"
      return 1
    }
    sudo="sudo"
  fi
  say "installing: ${missing[*]}"
  DEBIAN_FRONTEND=noninteractive $sudo apt-get update -q >&2 &&
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -q --no-install-recommends "${missing[@]}" >&2
}

# tvan_cache: where ccache keeps its files, outside of any clone.
tvan_cache() {
  export CCACHE_DIR=${CCACHE_DIR:-${HOME:-/root}/.cache/ccache} CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
  mkdir -p "$CCACHE_DIR"
}

# How many compilers at a time: gRPC needs about 1 GB each.
tvan_jobs() { printf '%s' "${TVAN_JOBS:-2}"; }
