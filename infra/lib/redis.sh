# shellcheck shell=bash
# shellcheck disable=SC2034,SC2153  # upper-case locals are the values that render() puts into templates; the others are common.sh's
# Redis: one server, a master with two replicas that three Sentinels watch, or a cluster of three masters with a replica each
# (infra/up --redis; docs/scaling.md).

# What the Sentinels call the master.
REDIS_MASTER_NAME=sessions

sha256() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }

start_redis() {
  configure_redis 127.0.0.1 local "$1"
  launch "$1" "$(find_command redis-server)" "$CONF_DIR/$1.conf"
}

# configure_redis ADDRESS DEBUG [NAME]: DEBUG commands for nobody (no) or this machine (local).
configure_redis() {
  local REDIS_BIND=$1 REDIS_DEBUG=$2 name=${3:-redis}
  local REDIS_ACL=$CONF_DIR/$name-users.acl REDIS_LISTEN REDIS_DATA REDIS_TOPOLOGY_SETTINGS=''
  REDIS_LISTEN="port $(port_of "$name")"
  REDIS_DATA=$(data_of "$name")
  mkdir -p "$REDIS_DATA"
  [[ $REDIS_TOPOLOGY == single ]] || REDIS_TOPOLOGY_SETTINGS=$("${REDIS_TOPOLOGY}_settings" "$name") || exit 1
  render "$INFRA_DIR/redis/redis.conf" "$CONF_DIR/$name.conf"
  redis_users >"$REDIS_ACL"
}

# redis_users: the ACL file of a server.
redis_users() {
  local service password rendered members GUEST_EXPRESS_HASH TESTS_HASH REPLICA_HASH SENTINEL_HASH
  for service in "${SERVICES[@]}"; do
    password=$(redis_password_of "$service")
    local "${service^^}_SERVICE_HASH=$(sha256 "${!password}")"
  done
  GUEST_EXPRESS_HASH=$(sha256 "$REDIS_GUEST_EXPRESS_PASSWORD")
  TESTS_HASH=$(sha256 "$REDIS_TESTS_PASSWORD")
  rendered=$(acl_file users.acl) || exit 1
  printf '%s\n' "$rendered"
  if [[ $REDIS_TOPOLOGY != single ]]; then
    REPLICA_HASH=$(sha256 "$REDIS_REPLICA_PASSWORD")
    SENTINEL_HASH=$(sha256 "$REDIS_SENTINEL_PASSWORD")
    acl_file replication.acl || exit 1
  fi
  members=$(member_acl <(printf '%s\n' "$rendered"))
  [[ -z $members ]] || printf '%s\n' "$members"
}

# acl_file TEMPLATE: Redis allows neither comments nor continued lines in an ACL file; people who review one need both.
acl_file() {
  local text
  text=$(render_text "$INFRA_DIR/redis/$1") || exit 1
  sed -e '/^#/d' -e '/^$/d' <<<"$text" | sed -e ':more' -e '/\\$/N' -e 's/ *\\\n */ /' -e 'tmore'
}

# sentinel_settings NAME: for a server that Sentinels watch. With two replicas, losing one is no outage.
sentinel_settings() {
  local REDIS_MIN_REPLICAS=1 master
  master=$(redis_master)
  render_text "$INFRA_DIR/redis/replicated.conf" || exit 1
  [[ $(port_of "$1") == "$master" ]] || printf '\nreplicaof 127.0.0.1 %s' "$master"
}

# cluster_settings NAME: for a node of a cluster. With one replica for each master, losing it would be an outage.
cluster_settings() {
  local REDIS_MIN_REPLICAS=0 REDIS_BUS_PORT
  REDIS_BUS_PORT=$(redis_bus_port "$1")
  render_text "$INFRA_DIR/redis/replicated.conf" || exit 1
  echo
  render_text "$INFRA_DIR/redis/cluster.conf" || exit 1
}

# redis_master: the port of the server that the Sentinels have made the master; when none of them answers, of the one that they
# wrote down last; at the very first start, of redis-1.
redis_master() {
  local name file port epoch found='' newest=-1
  for name in sentinel-{1..3}; do
    port=$(redis_cli "$name" SENTINEL GET-MASTER-ADDR-BY-NAME "$REDIS_MASTER_NAME" 2>/dev/null | sed -n 2p) || true
    if [[ $port =~ ^[0-9]+$ ]]; then
      echo "$port"
      return
    fi
  done
  for name in sentinel-{1..3}; do
    file=$(data_of "$name")/sentinel.conf
    [[ -f $file ]] || continue
    port=$(sed -n "s/^sentinel monitor $REDIS_MASTER_NAME 127.0.0.1 \([0-9]*\) .*/\1/p" "$file")
    epoch=$(sed -n "s/^sentinel config-epoch $REDIS_MASTER_NAME \([0-9]*\).*/\1/p" "$file")
    if [[ -n $port ]] && ((${epoch:-0} > newest)); then found=$port newest=${epoch:-0}; fi
  done
  echo "${found:-$(port_of redis-1)}"
}

# redis_cli NAME COMMAND...: asks that server or Sentinel, as the one user who may do everything.
redis_cli() {
  local name=$1
  shift
  REDISCLI_AUTH=$REDIS_TESTS_PASSWORD timeout 2 redis-cli -h 127.0.0.1 -p "$(port_of "$name")" --user tests "$@"
}

# Ready: it answers, a cluster has a node for each slot, and a replica has what its master has.
ready_redis() {
  local state
  [[ $(redis_cli "$1" PING 2>/dev/null) == PONG ]] || return 1
  [[ $REDIS_TOPOLOGY != single ]] || return 0
  [[ $REDIS_TOPOLOGY != cluster ]] || in_cluster "$1" || return 1
  state=$(redis_cli "$1" INFO replication 2>/dev/null) || return 1
  [[ $state == *role:master* || $state == *master_link_status:up* ]]
}

# in_cluster NAME: the cluster is formed once, by the first node, when all of them answer; later starts find it in the nodes' own data.
in_cluster() {
  local state node nodes=()
  state=$(redis_cli "$1" CLUSTER INFO) || return 1
  [[ $state != *cluster_state:ok*cluster_slots_ok:16384* ]] || return 0
  [[ $1 == redis-1 && $state == *cluster_known_nodes:1[^0-9]* ]] || return 1
  for node in redis-{1..6}; do
    [[ $(redis_cli "$node" PING 2>/dev/null) == PONG ]] || return 1
    nodes+=("127.0.0.1:$(port_of "$node")@$(redis_bus_port "$node")")
  done
  REDISCLI_AUTH=$REDIS_TESTS_PASSWORD timeout 60 redis-cli --user tests --cluster create "${nodes[@]}" --cluster-replicas 1 --cluster-yes \
    >>"$LOG_DIR/redis-cluster.log" 2>&1 9>&-
}

# role_of NAME: "master" or "replica", for people; nothing for one server alone, or for one that does not answer.
role_of() {
  [[ $(kind_of "$1") == redis && $REDIS_TOPOLOGY != single ]] || return 0
  redis_cli "$1" INFO replication 2>/dev/null | sed -n -e 's/^role:slave.*/replica/p' -e 's/^role:master.*/master/p'
}

start_sentinel() {
  local name=$1 folder SENTINEL_DATA SENTINEL_PORT SENTINEL_ID SENTINEL_MASTER_PORT SENTINEL_ACL=$CONF_DIR/$1-users.acl
  local SERVICE HASH SENTINEL_HASH TESTS_HASH password SERVICE_USERS=''
  folder=$(data_of "$name")
  mkdir -p "$folder"
  SENTINEL_DATA=$folder
  SENTINEL_PORT=$(port_of "$name")
  # The others know it by this, also when its file is made anew.
  SENTINEL_ID=$(sha256 "$name" | cut -c1-40)
  SENTINEL_MASTER_PORT=$(redis_master)
  SENTINEL_HASH=$(sha256 "$REDIS_SENTINEL_PASSWORD")
  TESTS_HASH=$(sha256 "$REDIS_TESTS_PASSWORD")
  for SERVICE in "${SERVICES[@]}"; do
    password=$(redis_password_of "$SERVICE")
    HASH=$(sha256 "${!password}")
    acl_file sentinel-service.acl || exit 1
  done >"$SENTINEL_ACL"
  acl_file sentinel.acl >>"$SENTINEL_ACL" || exit 1
  # It writes what it learns into this file.
  render "$INFRA_DIR/redis/sentinel.conf" "$folder/sentinel.conf"
  launch "$name" "$(find_command redis-server)" "$folder/sentinel.conf" --sentinel
}

# Ready: it knows the master, and of all others those that run.
ready_sentinel() {
  local state name sentinels=-1 replicas=-1
  for name in sentinel-{1..3}; do ! is_alive "$name" || sentinels=$((sentinels + 1)); done
  for name in redis-{1..3}; do ! is_alive "$name" || replicas=$((replicas + 1)); done
  state=$(redis_cli "$1" SENTINEL MASTER "$REDIS_MASTER_NAME" 2>/dev/null) || return 1
  [[ $state =~ num-slaves$'\n'([0-9]+) && ${BASH_REMATCH[1]} -ge $replicas ]] || return 1
  [[ $state =~ num-other-sentinels$'\n'([0-9]+) && ${BASH_REMATCH[1]} -ge $sentinels ]]
}

# redis_settings SERVICE: how its instances find Redis, as NAME=value lines.
redis_settings() {
  local password name names hosts=''
  password=$(redis_password_of "$1")
  case $REDIS_TOPOLOGY in
    single) names=redis ;;
    cluster)
      names=$(echo redis-{1..6})
      echo QUARKUS_REDIS_CLIENT_TYPE=cluster
      ;;
    sentinel)
      names=$(echo sentinel-{1..3})
      # With two replicas, losing one is no outage.
      printf '%s\n' QUARKUS_REDIS_CLIENT_TYPE=sentinel "QUARKUS_REDIS_MASTER_NAME=$REDIS_MASTER_NAME" SSO_STORE_REPLICAS=1
      ;;
  esac
  for name in $names; do hosts+=,redis://$1-service:${!password}@127.0.0.1:$(port_of "$name"); done
  echo "QUARKUS_REDIS_HOSTS=${hosts#,}"
}
