# shellcheck shell=bash
# A stack in containers (infra/up --compose): compose.yaml, opened to this machine by infra/docker/inside.yaml, and answering
# to the same commands as the one of processes: infra/status, infra/part, infra/down. So the end-to-end tests can be asked of it.

is_compose() { [[ ${COMPOSE:-} == yes ]]; }

compose() {
  docker compose --project-directory "$REPO_DIR" --project-name "sso-${PORT:?}" --env-file "$CONF_DIR/compose.env" \
    -f "$REPO_DIR/compose.yaml" -f "$INFRA_DIR/docker/inside.yaml" "$@" 9>&-
}

# container_of NAME: users-1 is the first container of users-service.
container_of() {
  case $1 in
    redis | kafka | keycloak | legacy | nginx) echo "sso-$PORT-$1-1" ;;
    *) echo "sso-$PORT-${1%-*}-service-${1##*-}" ;;
  esac
}

inspect() { docker inspect -f "$2" "$(container_of "$1")" 2>/dev/null; }

compose_up() {
  local name scale=()
  load_secrets
  {
    cat "$STACK_DIR/secrets.env"
    [[ $SCHEME == http ]] || echo "SSO_TLS=yes"
    echo "SSO_BASE_URL=$BASE_URL"
    echo "SSO_KEYCLOAK_URL=$KEYCLOAK_URL"
    echo "SSO_KEYCLOAK_INTERNAL_URL=$KEYCLOAK_INTERNAL_URL"
    echo "SSO_PORT=$PORT"
    echo "SSO_KEYCLOAK_PORT=$KEYCLOAK_PUBLIC_PORT"
    echo "SSO_KEYCLOAK_INTERNAL_PORT=$KEYCLOAK_PORT"
    echo "SSO_INTERNAL_PORT=$INTERNAL_PORT"
    echo "SSO_REDIS_PORT=$REDIS_PORT"
    for name in "${SERVICES[@]}"; do
      echo "SSO_${name^^}_PORTS=$(port_of "$name-1")-$(port_of "$name-$INSTANCES")"
    done
  } >"$CONF_DIR/compose.env"
  for name in "${SERVICES[@]}"; do scale+=(--scale "$name-service=$INSTANCES"); done
  if [[ -z $1 ]]; then
    step "building the images (log: $LOG_DIR/build.log)"
    compose build >"$LOG_DIR/build.log" 2>&1 || {
      tail -n 30 "$LOG_DIR/build.log" >&2
      fail "the images do not build; whole log: $LOG_DIR/build.log"
    }
  fi
  save_stack starting
  step "starting the containers"
  compose up -d --wait "${scale[@]}" >"$LOG_DIR/up.log" 2>&1 || {
    tail -n 30 "$LOG_DIR/up.log" >&2
    fail "the containers do not start"
  }
  for name in $(part_names); do follow "$name"; done
  if [[ $SCHEME == https ]]; then
    mkdir -p "$STACK_DIR/tls"
    compose cp nginx:/stack/tls/authority.pem "$STACK_DIR/tls/" >>"$LOG_DIR/up.log" 2>&1 || fail "nginx has no certificate"
  fi
}

# follow NAME: a container's output at the end of logs/NAME.log, through its restarts.
follow() {
  local container file=$1
  container=$(container_of "$1")
  [[ $1 != nginx ]] || file=nginx-access # what it writes there is mostly that
  # shellcheck disable=SC2016
  launch "$file" bash -c '
    since=0
    while state=$(docker inspect -f "{{.State.Running}}" "$1" 2>/dev/null); do
      if [[ $state == true ]]; then
        docker logs -f --since "$since" "$1" 2>&1
        since=$(date +%s.%N)
      fi
      sleep 0.2
    done' follow "$container"
}

# compose_down PURGE: with it, they forget their data, too.
compose_down() {
  local name volumes=()
  [[ -z $1 ]] || volumes=(--volumes)
  compose down --timeout 15 "${volumes[@]}" >"$LOG_DIR/down.log" 2>&1 || {
    tail -n 20 "$LOG_DIR/down.log" >&2
    fail "the containers do not stop"
  }
  for name in $(part_names) nginx-access; do terminate "$name" 2; done
  forget_stack
}

compose_state() {
  case $(inspect "$1" '{{.State.Status}}') in
    running) echo running ;;
    paused) echo paused ;;
    *) echo stopped ;;
  esac
}

compose_pid() {
  local pid
  pid=$(inspect "$1" '{{.State.Pid}}') || pid=0
  ((pid == 0)) || echo "$pid"
}

# The port by which this machine reaches it; 0 while it has none (Kafka is not opened).
compose_port() {
  local inner=8080 port
  [[ $1 != redis ]] || inner=6379
  port=$(docker port "$(container_of "$1")" "$inner/tcp" 2>/dev/null | sed -n '1s/.*://p')
  echo "${port:-0}"
}

# Docker gives the ports of a range in the order in which instances happen to start.
compose_url() {
  case $1 in
    redis | kafka | keycloak | legacy | nginx) url_of "$1" ;;
    *) echo "http://127.0.0.1:$(compose_port "$1")/${1%-*}" ;;
  esac
}

# Where nginx finds it.
compose_upstream() {
  echo "$(inspect "$1" "{{with index .NetworkSettings.Networks \"sso-${PORT}_front\"}}{{.IPAddress}}{{end}}"):8080"
}

compose_part() {
  local container
  container=$(container_of "$2")
  case $1 in
    stop) docker stop -t 15 "$container" ;;
    kill) docker kill "$container" ;;
    start) docker start "$container" ;;
    restart) docker restart -t 15 "$container" ;;
    pause) docker pause "$container" ;;
    resume) docker unpause "$container" ;;
    *) fail "unknown action $1 (see infra/part --help)" ;;
  esac >/dev/null
}

compose_await() {
  local deadline=$((SECONDS + START_LIMIT))
  until [[ $(inspect "$1" '{{.State.Health.Status}}') == healthy ]]; do
    ((SECONDS < deadline)) || fail "$1 is not ready after $START_LIMIT s"
    sleep 0.1
  done
}

# A copy of what it keeps, under data/NAME.
compose_data() {
  rm -rf "${DATA_DIR:?}/$1"
  docker cp -q "$(container_of "$1"):/stack/data/$1" "$DATA_DIR/"
}
