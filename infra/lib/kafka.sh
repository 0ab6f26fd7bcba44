# shellcheck shell=bash
# shellcheck disable=SC2034  # upper-case locals are the values that render() puts into templates
# Kafka: one broker, or three (infra/up --brokers; docs/scaling.md).

# kafka_java HEAP CLASS ARGUMENT...: the command, in KAFKA_COMMAND.
kafka_java() {
  local heap=$1
  shift
  KAFKA_COMMAND=(java "${FAST_START[@]}" "-Xmx$heap" -Djava.awt.headless=true
    -Dorg.slf4j.simpleLogger.logFile=System.out -Dorg.slf4j.simpleLogger.showDateTime=true
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss,SSS" -Dorg.slf4j.simpleLogger.showShortLogName=true
    -cp "$KAFKA_LIBS/*" "$@")
}

start_kafka() {
  local data
  data=$(data_of "$1")
  configure_kafka 127.0.0.1 127.0.0.1 "$1"
  if [[ ! -f $data/meta.properties ]]; then
    rm -rf "$data" "$(topic_made)"
    mkdir -p "$data"
    # A fixed cluster id: it names the cluster, it protects nothing.
    kafka_java 128m kafka.tools.StorageTool format -t c3NvLWxvY2FsLXN0YWNrIQ -c "$CONF_DIR/$1.properties"
    "${KAFKA_COMMAND[@]}" >"$LOG_DIR/kafka-format.log" 2>&1 9>&- || {
      tail -n 20 "$LOG_DIR/kafka-format.log" >&2
      fail "Kafka's folder could not be prepared"
    }
  fi
  kafka_java 256m kafka.Kafka "$CONF_DIR/$1.properties"
  launch "$1" "${KAFKA_COMMAND[@]}"
}

# configure_kafka ADDRESS HOST [NAME]: listens there, and is known to clients by that host.
configure_kafka() {
  local KAFKA_BIND=$1 KAFKA_HOST=$2 name=${3:-kafka} other
  local KAFKA_LISTEN KAFKA_CONTROLLER_LISTEN KAFKA_NODE KAFKA_DATA KAFKA_VOTERS='' KAFKA_REPLICAS=$BROKERS KAFKA_FLEET_SETTINGS=''
  KAFKA_LISTEN=$(port_of "$name")
  KAFKA_CONTROLLER_LISTEN=$(kafka_controller_port "$name")
  KAFKA_NODE=$(number_of "$name")
  KAFKA_DATA=$(data_of "$name")
  for other in $(kafka_names); do
    KAFKA_VOTERS+=,$(number_of "$other")@127.0.0.1:$(kafka_controller_port "$other")
  done
  KAFKA_VOTERS=${KAFKA_VOTERS#,}
  ((BROKERS == 1)) || KAFKA_FLEET_SETTINGS=$(<"$INFRA_DIR/kafka/three-brokers.properties")
  render "$INFRA_DIR/kafka/server.properties" "$CONF_DIR/$name.properties"
  printf '%s\n' security.protocol=SASL_PLAINTEXT sasl.mechanism=PLAIN \
    "sasl.jaas.config=$(kafka_login admin "$KAFKA_ADMIN_PASSWORD")" >"$CONF_DIR/kafka-admin.properties"
}

# kafka_addresses: of all brokers, as Kafka's clients take them.
kafka_addresses() {
  local name list=''
  for name in $(kafka_names); do list+=,$(url_of "$name"); done
  echo "${list#,}"
}

# kafka_login USER PASSWORD: as Kafka's clients take it.
kafka_login() {
  printf 'org.apache.kafka.common.security.plain.PlainLoginModule required username="%s" password="%s";' "$1" "$2"
}

# Ready: started, and our topic is there with the wanted settings. The topic is made once, when all brokers have started; its making
# is also the proof that they answer. Later starts find it in the brokers' own data.
ready_kafka() {
  local name
  has_started "$1" || return 1
  [[ -f $(topic_made) && -d $(data_of "$1")/session-events-0 ]] && return
  for name in $(kafka_names); do has_started "$name" || return 1; done
  make_topic
}

has_started() { log_of "$1" | grep -c 'Kafka Server started' >/dev/null; }

# topic_made: the file that says so.
topic_made() { echo "$DATA_DIR/kafka${BROKERS/#1/}-topics-and-rules-made"; }

make_topic() {
  topic_arguments
  kafka_java 128m org.apache.kafka.tools.TopicCommand "${TOPIC_ARGUMENTS[@]}"
  "${KAFKA_COMMAND[@]}" >"$LOG_DIR/kafka-topics.log" 2>&1 9>&- || return 1
  kafka_java 128m org.apache.kafka.tools.AclCommand "${RULE_ARGUMENTS[@]}"
  "${KAFKA_COMMAND[@]}" >>"$LOG_DIR/kafka-topics.log" 2>&1 9>&- || return 1
  touch "$(topic_made)"
}

# What Kafka's commands need to make our topic and its rule, in TOPIC_ARGUMENTS and RULE_ARGUMENTS.
topic_arguments() {
  local line connection
  connection=(--bootstrap-server "$(kafka_addresses)" --command-config "$CONF_DIR/kafka-admin.properties")
  TOPIC_ARGUMENTS=("${connection[@]}" --create --if-not-exists
    --topic session-events --partitions 1 --replication-factor "$BROKERS")
  RULE_ARGUMENTS=("${connection[@]}" --add --force --allow-principal User:services
    --operation Read --operation Write --operation Describe --topic session-events)
  while read -r line; do
    [[ -z $line || $line == \#* ]] || TOPIC_ARGUMENTS+=(--config "$line")
  done <"$INFRA_DIR/kafka/session-events.properties"
}
