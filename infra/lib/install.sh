# shellcheck shell=bash
# What a machine must have before a stack can start: Debian packages, Keycloak and Kafka, the services' jars.
# Nothing here needs the network once it has run: packages are looked for as commands, the rest has stamps.

# need COMMAND PACKAGE[|PACKAGE...] WHY: remembers a Debian package whose command is missing; of several, the first that
# this Debian has.
missing_packages=()
need() {
  [[ -n $(find_command "$1") ]] && return
  say "Missing: $1 ($3); Debian package ${2//|/ or }"
  missing_packages+=("$2")
}

# Debian keeps servers in /usr/sbin, which an ordinary user's PATH leaves out.
find_command() { PATH="$PATH:/usr/sbin:/sbin" command -v "$1" || true; }

ensure_stack_packages() {
  need javac "openjdk-17-jdk-headless|default-jdk-headless" "builds the services; its java runs them, Keycloak and Kafka"
  need mvn maven "resolves Keycloak and Kafka, builds the services"
  need curl curl "asks the parts whether they are ready"
  need redis-server redis-server "keeps the sessions"
  need nginx nginx "puts the services on one domain"
  need openssl openssl "makes the certificate of infra/up --tls"
  install_missing_packages
  ensure_java
}

# The java and javac that will be used, whatever else is installed.
ensure_java() {
  local command=javac
  [[ -z ${JAVA_HOME:-} ]] || command=$JAVA_HOME/bin/javac
  [[ $("$command" -version 2>&1) =~ ^javac\ ([0-9]+) && ${BASH_REMATCH[1]} -ge 17 ]] ||
    fail "Java 17 or newer is needed, and '$command -version' says: $("$command" -version 2>&1 | head -n 1)." \
      "apt-get install openjdk-17-jdk-headless, and let JAVA_HOME (if set) and PATH lead to it"
  [[ $(java -XshowSettings:properties -version 2>&1) =~ java\.specification\.version\ =\ ([0-9]+) && ${BASH_REMATCH[1]} -ge 17 ]] ||
    fail "Java 17 or newer is needed, and $(command -v java) is $(java -version 2>&1 | head -n 1)"
}

# ensure_room FOLDER MB WHY: parts that run out of disk fail late, and say something else.
ensure_room() {
  local free
  free=$(df -Pm "$1" | awk 'END { print $4 }')
  ((free >= $2)) || fail "$free MB are free on the disk of $1, and $3 needs $2 MB"
}

# ensure_memory MB: without it the kernel kills parts, which then say nothing.
ensure_memory() {
  local free
  free=$(free_memory)
  ((free >= $1)) || fail "$free MB of memory are free, and this stack needs about $1 MB; close something, or start less" \
    "(--instances 1, --only parts)"
}

# In MB: what this machine, or a container that this runs in (cgroup 2), still has, swap included.
free_memory() {
  local free left group=/sys/fs/cgroup
  free=$(awk '$1 ~ /^(MemAvailable|SwapFree):$/ { kb += $2 } END { print int(kb / 1024) }' /proc/meminfo)
  if [[ -f $group/memory.max && $(<"$group/memory.max") != max ]]; then
    # Files that were read lately count there too, and make room when room is needed.
    left=$(awk -v max="$(<"$group/memory.max")" -v used="$(<"$group/memory.current")" \
      '$1 == "inactive_file" { print int((max - used + $2) / 1048576) }' "$group/memory.stat")
    ((left >= free)) || free=$left
  fi
  echo "$free"
}

ensure_test_packages() {
  need chromium chromium "the browser of the end-to-end tests"
  need node nodejs "runs the stock Express app"
  need npm npm "fetches the packages of the stock Express app"
  need shellcheck shellcheck "reads infra's scripts for mistakes"
  install_missing_packages
}

install_missing_packages() {
  ((${#missing_packages[@]})) || return 0
  local as_root=() package packages
  [[ -n $(find_command apt-get) ]] ||
    fail "this system has no apt-get; install the packages named above by its own means, or use Docker (docs/docker.md)"
  mapfile -t packages < <(available_packages)
  if [[ $(id -u) != 0 ]]; then
    [[ -n $(find_command sudo) ]] || fail "please run as root: apt-get update && apt-get install ${packages[*]}"
    say "sudo is used for apt-get, and to keep nginx and Redis from starting as system services."
    sudo -v || fail "sudo does not let you; please run as root: apt-get update && apt-get install ${packages[*]}"
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq || warn "apt-get update failed; going on with what apt knows"
  mapfile -t packages < <(available_packages) # now apt knows for certain
  say "Installing: ${packages[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null ||
    fail "apt-get could not install ${packages[*]}; its message is above: check the network and the package sources (apt-get update)"
  # Debian starts a server as a system service when it is installed. This stack runs its own processes, and a
  # web server on port 80 is not what was asked for.
  for package in "${packages[@]}"; do
    case $package in
      nginx | redis-server)
        if [[ -d /run/systemd/system ]]; then
          "${as_root[@]}" systemctl disable --now "$package" >/dev/null 2>&1 || true
        fi
        ;;
    esac
  done
  missing_packages=()
}

# Of each missing package's alternatives the first that apt can install; the last one when it knows none of them.
available_packages() {
  local missing choice choices
  for missing in "${missing_packages[@]}"; do
    IFS='|' read -ra choices <<<"$missing"
    for choice in "${choices[@]}"; do
      [[ -z $(apt-cache madison "$choice" 2>/dev/null) ]] || break
    done
    echo "$choice"
  done
}

# --- builds ---------------------------------------------------------------------------------------------------

# maven LOG ARGUMENT...: what it says goes to LOG; a person sees what it is at.
maven() {
  local log=$1
  shift
  mvn -B "$@" 2>&1 9>&- | tee "$log" | tell_progress
}

# tell_progress: reads what Maven says; a line for each module, and every ten seconds one that says what takes so long.
tell_progress() {
  local line status doing='starting Maven' told=$SECONDS downloads=0
  while :; do
    IFS= read -r -t 10 line && status=0 || status=$?
    if ((status > 128)); then
      line=''
    elif ((status)); then
      return
    fi
    if [[ $line =~ ^\[INFO\]\ Building\ (.+)\ [^\ ]+\ +\[([0-9]+/[0-9]+)\]$ ]]; then
      step "  ${BASH_REMATCH[2]} ${BASH_REMATCH[1]}"
      told=$SECONDS
    elif [[ $line =~ Downloading\ from\ .*/([^/]+)$ ]]; then
      doing="downloading ${BASH_REMATCH[1]}, file $((++downloads))"
    elif [[ $line =~ ^\[INFO\]\ ---\ (.*)\ @ ]]; then
      doing=${BASH_REMATCH[1]}
    fi
    if ((SECONDS >= told + 10)); then
      step "  ... $doing"
      told=$SECONDS
    fi
  done
}

# why_it_failed STATUS LOG: fails with the cause when a command was killed or could not download; otherwise its log has to say.
why_it_failed() {
  (($1 != 137)) ||
    fail "the build was killed (signal 9): the kernel probably ended it, because the memory ran out; free some, and try again; log: $2"
  ! grep -qE "Could not transfer|UnknownHost|offline mode|Network is unreachable|npm (ERR!|error) (network|code E(NOTFOUND|AI_AGAIN|CONN|TIMEDOUT))|dial tcp" "$2" ||
    fail "a download failed: no network, or a proxy or mirror that does not answer (Maven's is in settings.xml, npm's in .npmrc);" \
      "connect, and try again; log: $2"
}

# --- Keycloak and Kafka -------------------------------------------------------------------------------------

# Options that Keycloak compiles in ("kc.sh build"); a stack then starts with --optimized. Local caches: one node,
# and no cluster port opened. Ways to tokens that nobody here goes are not there at all, whatever a realm says.
KEYCLOAK_BUILD_OPTIONS=(--db=dev-file --health-enabled=true --metrics-enabled=false
  "--features-disabled=authorization,admin-fine-grained-authz,ciba,device-flow,token-exchange-standard,jwt-authorization-grant,par,impersonation,kerberos,organization")

# Named by what it was made from, so a new version never changes files under a running stack.
parts_dir() {
  local sum
  sum=$({ cat "$INFRA_DIR/parts/pom.xml"; echo "${KEYCLOAK_BUILD_OPTIONS[@]}"; } | sha256sum)
  printf '%s/parts-%s' "$CACHE_DIR" "${sum:0:12}"
}

PARTS_DIR=$(parts_dir)
KEYCLOAK_DIR=$PARTS_DIR/keycloak
KAFKA_LIBS=$PARTS_DIR/kafka/libs

ensure_parts() {
  [[ -f $PARTS_DIR/complete ]] && return
  (
    lock "$CACHE_DIR/lock" 900
    [[ -f $PARTS_DIR/complete ]] && exit
    ensure_room "$CACHE_DIR" 1000 "the first start (Keycloak, Kafka and what Maven fetches)"
    rm -rf "$PARTS_DIR"
    mkdir -p "$PARTS_DIR"
    step "resolving Keycloak and Kafka from Maven Central (once)"
    maven "$PARTS_DIR/resolve.log" -f "$INFRA_DIR/parts/pom.xml" package -Dparts.dir="$PARTS_DIR" || {
      why_it_failed "$?" "$PARTS_DIR/resolve.log"
      tail -n 30 "$PARTS_DIR/resolve.log" >&2
      fail "Keycloak and Kafka could not be resolved"
    }
    mv "$PARTS_DIR"/keycloak-* "$KEYCLOAK_DIR"
    step "building Keycloak for this configuration (once)"
    JAVA_OPTS_APPEND=-XX:TieredStopAtLevel=1 \
      "$KEYCLOAK_DIR/bin/kc.sh" build "${KEYCLOAK_BUILD_OPTIONS[@]}" >"$PARTS_DIR/build.log" 2>&1 || {
      status=$?
      # 130 and 143: somebody pressed Ctrl-C, and needs no log.
      ((status == 130 || status == 143)) && exit "$status"
      why_it_failed "$status" "$PARTS_DIR/build.log"
      tail -n 30 "$PARTS_DIR/build.log" >&2
      fail "Keycloak could not be built"
    }
    touch "$PARTS_DIR/complete"
  )
}

# --- Maven for dev mode ----------------------------------------------------------------------------------------

# Quarkus' dev mode needs Maven 3.9, and Debian has 3.8. The command, in DEV_MAVEN.
DEV_MAVEN_VERSION=3.9.11

ensure_dev_maven() {
  DEV_MAVEN=mvn
  [[ $(mvn -v 2>/dev/null) =~ Apache\ Maven\ (3\.9|[4-9])\. ]] && return
  local home=$CACHE_DIR/apache-maven-$DEV_MAVEN_VERSION
  DEV_MAVEN=$home/bin/mvn
  (
    lock "$CACHE_DIR/lock" 900 # two services are often started at once
    [[ -x $DEV_MAVEN ]] && exit
    step "resolving Maven $DEV_MAVEN_VERSION from Maven Central (once; dev mode needs it)"
    maven "$CACHE_DIR/maven.log" dependency:unpack -Dartifact="org.apache.maven:apache-maven:$DEV_MAVEN_VERSION:tar.gz:bin" \
      -DoutputDirectory="$CACHE_DIR" -f "$INFRA_DIR/parts/pom.xml" || {
      why_it_failed "$?" "$CACHE_DIR/maven.log"
      tail -n 30 "$CACHE_DIR/maven.log" >&2
      fail "Maven $DEV_MAVEN_VERSION could not be resolved"
    }
  )
}

# dev_mode_profile: dev mode brings Quarkus' template debugger, and does not start where the Maven repository in use lacks it.
dev_mode_profile() {
  local version
  version=$(sed -n 's|^ *<quarkus.version>\(.*\)</quarkus.version>$|\1|p' "$REPO_DIR/pom.xml")
  "$DEV_MAVEN" -B -ntp -q dependency:get -Dartifact="io.quarkus.qute:qute-debug:$version" -Dtransitive=false \
    -f "$INFRA_DIR/parts/pom.xml" >/dev/null 2>&1 || echo -Pwithout-qute-debug
}

# --- the services -------------------------------------------------------------------------------------------

# Their names, and their ports by name.
SERVICES=()
declare -A SERVICE_PORTS
while read -r name ports; do
  [[ -z $name || $name == \#* ]] && continue
  [[ $name =~ ^[a-z][a-z0-9]{0,30}$ && $ports =~ ^[1-9][0-9]{0,3}$ ]] ||
    fail "infra/services: a line is a name of small letters and digits, and a number; not '$name $ports'"
  SERVICES+=("$name")
  SERVICE_PORTS[$name]=$ports
done <"$INFRA_DIR/services"
unset name ports

# sources_of SERVICE: its own, and those of all modules but other services.
sources_of() {
  local module name
  echo "$REPO_DIR/pom.xml"
  while read -r module; do
    name=${module##*/}
    [[ $name == "$1-service" || -z ${SERVICE_PORTS[${name%-service}]-} || $name != *-service ]] || continue
    echo "$module/pom.xml"
    [[ ! -d $module/src/main ]] || echo "$module/src/main"
  done < <(find "$REPO_DIR" -mindepth 2 -maxdepth 2 -name pom.xml -printf '%h\n')
}

service_app() { printf '%s/%s-service/target/quarkus-app' "$REPO_DIR" "$1"; }

# stale_services: those of which a source or a pom is newer than what was packaged last.
stale_services() {
  local service app inputs
  for service in "${SERVICES[@]}"; do
    app=$(service_app "$service")
    mapfile -t inputs < <(sources_of "$service")
    [[ -f $app/quarkus-run.jar && -f $app/quarkus-app-dependencies.txt &&
      -z $(find "${inputs[@]}" -newer "$(newest_file "$app")" -print -quit) ]] || echo "$service"
  done
}

newest_file() { find "$1" -type f -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d' ' -f2-; }

build_services() {
  local modules stale
  mapfile -t stale < <(stale_services)
  ((${#stale[@]})) || return 0
  step "building ${stale[*]} and the modules they need (log: $LOG_DIR/build.log)"
  printf -v modules '%s-service,' "${stale[@]}"
  maven "$LOG_DIR/build.log" -f "$REPO_DIR/pom.xml" package -DskipTests -pl "${modules%,}" -am || {
    why_it_failed "$?" "$LOG_DIR/build.log"
    grep -E '^\[(ERROR|WARNING)\]' "$LOG_DIR/build.log" | head -n 40 >&2
    fail "the services do not build; whole log: $LOG_DIR/build.log"
  }
}

# built_app SERVICE: the folder, or the executable of infra/up --native, that was built last.
built_app() {
  if [[ -n ${NATIVE:-} ]]; then
    native_executable "$1" "${native_dir:-}"
    return
  fi
  local app
  app=$(service_app "$1")
  [[ -f $app/quarkus-run.jar ]] || fail "$app/quarkus-run.jar is not there; build it, or leave out --skip-build"
  echo "$app"
}

# copy_of SERVICE: what the stack runs, so that a build or a test run beside it never changes jars under a running process.
copy_of() { printf '%s/app/%s%s' "$STACK_DIR" "$1" "${NATIVE:+/application}"; }

# copy_apps SERVICE...: none of its instances may run.
copy_apps() {
  local service app
  for service; do
    app=$(built_app "$service") || exit 1
    rm -rf "${STACK_DIR:?}/app/$service"
    mkdir -p "$STACK_DIR/app${NATIVE:+/$service}"
    cp -r "$app" "$(copy_of "$service")"
  done
}
