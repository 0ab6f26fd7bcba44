# shellcheck shell=bash
# One stack: its settings, ports, secrets and list of parts.

source "${BASH_SOURCE[0]%/*}/members.sh"

# http or https: what browsers speak to nginx. Behind it, on this machine, everything speaks http.
SCHEME=http

# With sub-domains, each service has a host of its own below this domain, and the domain has the cookie. The browser knows
# that all of it is this machine (RFC 6761, 6.3).
SUB_DOMAINS=''
DOMAIN=sso.localhost

# How many servers keep the sessions and carry the events (infra/up --redis, --brokers; docs/scaling.md).
REDIS_TOPOLOGY=single BROKERS=1

# Ports, all derived from the public one. The defaults: 8080, Keycloak's origin 8180, users 8101…, projects 8201….
use_port() {
  PORT=$((10#$1))
  KEYCLOAK_PUBLIC_PORT=$((PORT + 100))
  KEYCLOAK_PORT=$((PORT + 101))
  KEYCLOAK_MANAGEMENT_PORT=$((PORT + 102))
  INTERNAL_PORT=$((PORT + 103))
  REDIS_PORT=$((PORT + 310))
  KAFKA_PORT=$((PORT + 320))
  KAFKA_CONTROLLER_PORT=$((PORT + 321))
  # With sub-domains: where what belongs to no service is.
  BASE_URL=$SCHEME://localhost:$PORT
  # What belongs to no service is at the first one's.
  [[ -z $SUB_DOMAINS ]] || BASE_URL=$(base_url_of "${SERVICES[0]}")
  KEYCLOAK_URL=$SCHEME://localhost:$KEYCLOAK_PUBLIC_PORT
  KEYCLOAK_INTERNAL_URL=http://127.0.0.1:$KEYCLOAK_PORT
  # The legacy application of infra/nginx/guarded.conf.
  LEGACY_PORT=$((PORT + 104))
  # Where machines of ours, Keycloak above all, reach any instance of any service.
  INTERNAL_URL=http://127.0.0.1:$INTERNAL_PORT
}

# base_url_of SERVICE: its address for browsers.
base_url_of() { if [[ -n $SUB_DOMAINS ]]; then echo "$SCHEME://$1.$DOMAIN:$PORT"; else echo "$BASE_URL"; fi; }

# kind_of NAME: redis, sentinel, kafka, keycloak, legacy, nginx, member or service.
kind_of() {
  case $1 in
    keycloak | legacy | nginx) echo "$1" ;;
    redis | redis-[1-9]) echo redis ;;
    sentinel-[1-9]) echo sentinel ;;
    kafka | kafka-[1-9]) echo kafka ;;
    *) if is_member "$1"; then echo member; else echo service; fi ;;
  esac
}

# number_of NAME: 2 of users-2; 1 of a part of which there is one.
number_of() { if [[ $1 == *-* ]]; then echo "${1##*-}"; else echo 1; fi; }

# port_of NAME: the port by which a part is known.
port_of() {
  case $(kind_of "$1") in
    redis) echo $((REDIS_PORT + $(number_of "$1") - 1)) ;;
    sentinel) echo $((REDIS_PORT + 5 + $(number_of "$1"))) ;;
    kafka) echo $((KAFKA_PORT + 2 * ($(number_of "$1") - 1))) ;;
    keycloak) echo "$KEYCLOAK_PORT" ;;
    legacy) echo "$LEGACY_PORT" ;;
    nginx) echo "$PORT" ;;
    member) member_port "$1" ;;
    service) echo $((PORT + SERVICE_PORTS[${1%-*}] + ${1##*-})) ;;
  esac
}

# redis_bus_port NAME: where the nodes of a cluster speak to each other.
redis_bus_port() { echo $(($(port_of "$1") + 20)); }

# kafka_controller_port NAME: where brokers speak to each other about the cluster.
kafka_controller_port() { echo $((KAFKA_CONTROLLER_PORT + 2 * ($(number_of "$1") - 1))); }

url_of() {
  case $(kind_of "$1") in
    redis | sentinel) echo "redis://127.0.0.1:$(port_of "$1")" ;;
    kafka) echo "127.0.0.1:$(port_of "$1")" ;;
    keycloak) echo "$KEYCLOAK_INTERNAL_URL" ;;
    legacy) echo "http://127.0.0.1:$LEGACY_PORT" ;;
    nginx) echo "$BASE_URL" ;;
    *) echo "http://127.0.0.1:$(port_of "$1")/${1%-[0-9]*}" ;;
  esac
}

all_ports() {
  local name
  for name in $(part_names); do port_of "$name"; done
  for name in $(kafka_names); do kafka_controller_port "$name"; done
  [[ $REDIS_TOPOLOGY != cluster ]] || for name in $(redis_names); do redis_bus_port "$name"; done
  echo "$KEYCLOAK_PUBLIC_PORT" "$KEYCLOAK_MANAGEMENT_PORT" "$INTERNAL_PORT"
}

# data_of NAME: the folder with its data. Several servers of Redis remember each other's ports and roles, so these have one for each
# port and topology.
data_of() {
  case $REDIS_TOPOLOGY/$(kind_of "$1") in
    single/*) echo "$DATA_DIR/$1" ;;
    */redis | */sentinel) echo "$DATA_DIR/$REDIS_TOPOLOGY-$PORT/$1" ;;
    *) echo "$DATA_DIR/$1" ;;
  esac
}

# The parts in the order of their start, a line each.
part_names() {
  redis_names
  kafka_names
  echo keycloak
  service_names
  member_names
  printf '%s\n' legacy nginx
}

redis_names() {
  case $REDIS_TOPOLOGY in
    single) echo redis ;;
    sentinel) printf '%s\n' redis-{1..3} sentinel-{1..3} ;;
    cluster) printf '%s\n' redis-{1..6} ;;
  esac
}

kafka_names() { if ((BROKERS == 1)); then echo kafka; else printf '%s\n' kafka-{1..3}; fi; }

service_names() {
  local service i
  [[ $ONLY != parts ]] || return 0
  for service in "${SERVICES[@]}"; do
    for ((i = 1; i <= INSTANCES; i++)); do echo "$service-$i"; done
  done
}

knows_part() {
  local name
  for name in $(part_names); do [[ $name != "$1" ]] || return 0; done
  return 1
}

# --- what is remembered of a stack that was started -----------------------------------------------------------

# save_stack starting|running
save_stack() {
  printf 'PORT=%s\nSCHEME=%s\nSUB_DOMAINS=%s\nINSTANCES=%s\nONLY=%s\nCOMPOSE=%s\nMEMBERS=%s\nNATIVE=%s\nREDIS_TOPOLOGY=%s\nBROKERS=%s\nPHASE=%s\n' \
    "$PORT" "$SCHEME" "$SUB_DOMAINS" "$INSTANCES" "$ONLY" "${COMPOSE:-}" "${MEMBERS:-}" "${NATIVE:-}" "$REDIS_TOPOLOGY" "$BROKERS" "$1" >"$RUN_DIR/stack"
}

# load_stack: the settings of the stack in this folder; fails when none was started.
load_stack() {
  [[ -f $RUN_DIR/stack ]] || return 1
  NATIVE='' REDIS_TOPOLOGY=single BROKERS=1
  # shellcheck source=/dev/null
  source "$RUN_DIR/stack"
  use_port "$PORT"
}

forget_stack() { rm -rf "$RUN_DIR"; }

# Every part that is meant to run runs. Parts that were stopped on purpose (infra/part) do not count.
stack_is_whole() {
  local name
  [[ $PHASE == running ]] || return 1
  for name in $(part_names); do ! has_died "$name" || return 1; done
}

# stop_stack: all that was started.
stop_stack() {
  local names
  if is_compose; then
    compose_down "${purge:-}"
    return
  fi
  mapfile -t names < <(started_parts)
  stop_parts ${names[@]+"${names[@]}"}
  forget_stack
}

# stop_parts NAME...: in reverse order; the services side by side, and whatever replaces its like when that is away.
stop_parts() {
  stop_kinds 3 nginx -- "$@"
  stop_kinds 3 legacy -- "$@"
  stop_kinds 10 service member -- "$@"
  stop_kinds 10 keycloak -- "$@"
  stop_kinds 10 kafka -- "$@"
  stop_kinds 10 sentinel -- "$@"
  stop_kinds 10 redis -- "$@"
}

# stop_kinds SECONDS KIND... -- NAME...: those of these kinds, all at once.
stop_kinds() {
  local seconds=$1 kinds=' ' name waiting=()
  shift
  while [[ $1 != -- ]]; do kinds+="$1 " && shift; done
  shift
  for name; do
    [[ $kinds == *" $(kind_of "$name") "* ]] || continue
    terminate "$name" "$seconds" &
    waiting+=($!)
  done
  [[ -z ${waiting[*]-} ]] || wait "${waiting[@]}"
}

# --- secrets --------------------------------------------------------------------------------------------------

random_hex() { head -c "$1" /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# Made at the first start, kept afterwards. To rotate a cookie secret or an encryption key (comma-separated lists; the first
# signs or seals, all verify or open), in three rounds. In each, edit secrets.env and restart all instances, one after
# the other (infra/part restart users-1, ...):
#
#   1. append the new one LAST: every instance accepts it, none uses it yet;
#   2. move it to the FRONT: it is used from now on;
#   3. remove the old one, when nothing signed or sealed with it is left: the absolute life of a session (8 h) after
#      the last instance of round 2.
#
# Not fewer: an instance that does not know a key takes a cookie signed with it for forged (its owner is asked to sign
# in again), and a record sealed with it for damaged. (What is left: a sign-in that is under way while an encryption key moves to
# the front may have to begin again.)
load_secrets() {
  local file=$STACK_DIR/secrets.env service
  if [[ ! -f $file ]]; then
    (umask 077 && echo "# Secrets of this local stack, made when first needed. How to rotate them: infra/lib/stack.sh" >"$file")
  fi
  # shellcheck source=/dev/null
  source "$file"
  secret SSO_COOKIE_SECRETS "$(random_hex 32)"
  secret SSO_ENCRYPTION_KEYS "k1:$(head -c 32 /dev/urandom | base64 -w 0)"
  secret SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET "$(random_hex 24)"
  secret SSO_E2E_CLI_SECRET "$(random_hex 24)"
  secret SSO_NO_AUDIENCE_CLI_SECRET "$(random_hex 24)"
  secret SSO_SESSION_READER_SECRET "$(random_hex 24)"
  secret KEYCLOAK_ADMIN_PASSWORD "$(random_hex 16)"
  for service in "${SERVICES[@]}"; do
    secret "$(redis_password_of "$service")" "$(random_hex 24)"
    secret "$(client_secret_of "$service")" "$(random_hex 24)"
  done
  secret KAFKA_ADMIN_PASSWORD "$(random_hex 24)"
  secret KAFKA_SERVICES_PASSWORD "$(random_hex 24)"
  secret KAFKA_TESTS_PASSWORD "$(random_hex 24)"
  secret REDIS_GUEST_EXPRESS_PASSWORD "$(random_hex 24)"
  secret REDIS_TESTS_PASSWORD "$(random_hex 24)"
  secret REDIS_REPLICA_PASSWORD "$(random_hex 24)"
  secret REDIS_SENTINEL_PASSWORD "$(random_hex 24)"
  member_secrets
}

# secret NAME VALUE: the variable NAME has this value, unless the file gave it one before.
secret() {
  [[ -z ${!1-} ]] || return 0
  printf "%s='%s'\n" "$1" "$2" >>"$STACK_DIR/secrets.env"
  printf -v "$1" '%s' "$2"
}

# client_secret_of SERVICE: the name of the variable that holds the secret of that service's own client at Keycloak.
client_secret_of() { printf 'SSO_%s_CLIENT_SECRET' "${1^^}"; }

# client_secrets: of all services, as NAME=value lines.
client_secrets() {
  local service name
  for service in "${SERVICES[@]}"; do
    name=$(client_secret_of "$service")
    printf '%s=%s\n' "$name" "${!name-}"
  done
}

# redis_password_of SERVICE: the name of the variable that holds it.
redis_password_of() { printf 'REDIS_%s_SERVICE_PASSWORD' "${1^^}"; }
