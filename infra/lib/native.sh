# shellcheck shell=bash
# Native executables of the services (docs/native.md).

# What Maven is told so that it finds a compiler: nothing when native-image is here, a container where Docker is.
native_compiler() {
  local home
  for home in "${GRAALVM_HOME:-}" "${JAVA_HOME:-}"; do
    [[ -z $home || ! -x $home/bin/native-image ]] || return 0
  done
  ! command -v native-image >/dev/null || return 0
  if command -v docker >/dev/null && docker info >/dev/null 2>&1; then
    echo -Dquarkus.native.container-build=true
    return
  fi
  fail "native executables need native-image, of GraalVM or Mandrel for JDK 25 (in GRAALVM_HOME or on the path), or a running Docker;" \
    "--native DIR takes executables that were built elsewhere"
}

# native_executable SERVICE [DIR]: the one in DIR, or the one that was built here last.
native_executable() {
  local executables
  mapfile -t executables < <(find "${2:-$REPO_DIR/$1-service/target}" -maxdepth 1 -type f -name "$1-service*-runner" -perm -u+x 2>/dev/null)
  ((${#executables[@]} == 1)) ||
    fail "${2:-$1-service/target} has ${#executables[@]} executables called $1-service...-runner; one is needed"
  printf '%s' "${executables[0]}"
}

# stale_executables: the services of which a source is newer than the executable.
stale_executables() {
  local service executable inputs
  for service in "${SERVICES[@]}"; do
    mapfile -t inputs < <(sources_of "$service")
    executable=$(native_executable "$service" 2>/dev/null) &&
      [[ -z $(find "${inputs[@]}" "$INFRA_DIR/docker/names.properties" -newer "$executable" -print -quit) ]] || echo "$service"
  done
}

# build_native LOG: the executables of those services.
build_native() {
  local modules stale compiler
  mapfile -t stale < <(stale_executables)
  ((${#stale[@]})) || return 0
  compiler=$(native_compiler) || exit 1
  printf -v modules '%s-service,' "${stale[@]}"
  step "building native executables of ${stale[*]}, some minutes each (log: $1)"
  maven "$1" -f "$REPO_DIR/pom.xml" package -Dnative ${compiler:+"$compiler"} -DskipTests -pl "${modules%,}" -am || {
    why_it_failed "$?" "$1"
    grep -E '^\[(ERROR|WARNING)\]|^Error' "$1" | head -n 40 >&2
    fail "the native executables do not build; whole log: $1"
  }
}

# native_options JAVA_OPTION...: those that an executable knows too, in NATIVE_OPTIONS. With one that it does not know it
# does not start.
native_options() {
  local option
  NATIVE_OPTIONS=()
  for option; do
    case $option in
      -Xm[snx][0-9]* | -Xss[0-9]* | -D* | -XX:[+-]ExitOnOutOfMemoryError) NATIVE_OPTIONS+=("$option") ;;
      -XX:MaxRAMPercentage=*) NATIVE_OPTIONS+=("-XX:MaximumHeapSizePercent=${option#*=}") ;;
    esac
  done
}
