# shellcheck shell=bash
# Words, times and folders that every infra script needs. Sourced, never run.

REPO_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
INFRA_DIR=$REPO_DIR/infra

# All of one stack lives here: process ids, logs, data, rendered configuration, secrets. A second folder is a
# second, independent stack.
STACK_DIR=${SSO_STACK_DIR:-$REPO_DIR/.stack}
[[ $STACK_DIR == /* ]] || STACK_DIR=$PWD/$STACK_DIR

# Shared by all stacks of this clone, and never written while a stack runs: Keycloak and Kafka as resolved.
CACHE_DIR=$REPO_DIR/.stack-cache

# These names get into configuration files, each with rules of its own for blanks and quotes.
[[ $STACK_DIR$REPO_DIR =~ ^[A-Za-z0-9_./+@-]+$ ]] || {
  echo "${0##*/}: this works in folders of plain letters, digits and ._+@- only, and not in '$STACK_DIR' (a link without them will do)" >&2
  exit 1
}

RUN_DIR=$STACK_DIR/run
LOG_DIR=$STACK_DIR/logs
DATA_DIR=$STACK_DIR/data
CONF_DIR=$STACK_DIR/conf

started_at=$SECONDS

say() { printf '%s\n' "$*"; }
step() { printf '[%3ds] %s\n' "$((SECONDS - started_at))" "$*"; }
warn() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# Prints the comment block at the top of the script that was called: that is its help.
usage() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"; }

# export_list NAME=VALUE...: by the shell itself, so that no argument list has them.
export_list() {
  local assignment
  for assignment; do
    [[ $assignment =~ ^[A-Za-z_][A-Za-z0-9_]*= ]] || fail "this is no environment variable: '${assignment%%=*}'"
    export "${assignment?}"
  done
}

# lock FILE SECONDS: until this script ends (file descriptor 9; launched parts close it).
lock() {
  mkdir -p "$(dirname "$1")"
  exec 9>"$1"
  flock -n 9 && return
  say "Waiting for another infra script that is at work on ${1%/*} ..."
  flock -w "$2" 9 || fail "it did not finish within $2 s"
}

unlock() { exec 9>&-; }

# render TEMPLATE TARGET: replaces every @NAME@ by the shell variable NAME. Values may hold any character.
render() {
  local text
  text=$(render_text "$1") || exit 1
  mkdir -p "$(dirname "$2")"
  printf '%s\n' "$text" >"$2"
}

# render_text TEMPLATE: the same, printed.
render_text() {
  local text name
  text=$(<"$1")
  while [[ $text =~ @([A-Z][A-Z0-9_]*)@ ]]; do
    name=${BASH_REMATCH[1]}
    [[ -v $name ]] || fail "$1 asks for @$name@, which has no value"
    text=${text//"@$name@"/"${!name}"}
  done
  printf '%s' "$text"
}
