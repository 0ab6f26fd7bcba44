# shellcheck shell=bash
# shellcheck disable=SC2034  # upper-case locals are the values that render() puts into templates
# How each part is prepared, started, and asked whether it is ready. The one implementation: infra/up, infra/part
# and the end-to-end tests all come here.

source "${BASH_SOURCE[0]%/*}/native.sh"
source "${BASH_SOURCE[0]%/*}/redis.sh"
source "${BASH_SOURCE[0]%/*}/kafka.sh"

# Small machines, short lives: the compiler that starts fastest and the collector that costs least. The services
# keep the JVM's own choices, because people measure them.
FAST_START=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto)
# shellcheck disable=SC2206  # a list of options, meant to be split
SERVICE_JAVA_OPTIONS=(${SSO_SERVICE_JAVA_OPTIONS:--Xms64m -Xmx256m})

start_part() {
  made_from "$1" >"$RUN_DIR/$1.made"
  "start_$(kind_of "$1")" "$1"
}

# ready_part NAME: succeeds when the part truly serves. Quick, to be asked again and again.
ready_part() {
  "ready_$(kind_of "$1")" "$1"
}

# start_parts NAME...: in order, each group when the one before it is ready.
start_parts() {
  local name stores=() services=() front=()
  for name; do
    case $(kind_of "$name") in
      keycloak) stores=(keycloak ${stores[@]+"${stores[@]}"}) ;; # takes longest
      redis | sentinel | kafka) stores+=("$name") ;;
      legacy | nginx) front+=("$name") ;;
      *) services+=("$name") ;;
    esac
  done
  start_group ${stores[@]+"${stores[@]}"}
  start_group ${services[@]+"${services[@]}"}
  start_group ${front[@]+"${front[@]}"}
}

start_group() {
  (($#)) || return 0
  local name
  step "starting $*"
  for name; do start_part "$name"; done
  await "$@"
}

# await NAME...: until all are ready, telling of each; fails, with its last log lines, when one has died or a
# limit is over.
START_LIMIT=180
await() {
  local name waiting=("$@") still deadline=$((SECONDS + START_LIMIT))
  while ((${#waiting[@]})); do
    still=()
    for name in "${waiting[@]}"; do
      if ready_part "$name"; then
        step "$name ready, $(url_of "$name")"
      elif has_died "$name"; then
        show_log "$name"
        ! was_killed "$name" || tell_killed "$name" "$LOG_DIR/$name.log"
        warn "$name has ended instead of getting ready"
        return 1
      else
        still+=("$name")
      fi
    done
    waiting=(${still[@]+"${still[@]}"})
    if ((${#waiting[@]} && SECONDS > deadline)); then
      for name in "${waiting[@]}"; do show_log "$name"; done
      warn "not ready after $START_LIMIT s: ${waiting[*]}"
      return 1
    fi
    ((${#waiting[@]} == 0)) || sleep 0.2
  done
}

show_log() {
  printf '%s\n' "--- last lines of $LOG_DIR/$1.log" >&2
  tail -n 20 "$LOG_DIR/$1.log" >&2 || true
  printf '%s\n' "---" >&2
}

# tell_killed NAME LOG: a process learns nothing of it, so its log does not say it either.
tell_killed() {
  warn "$1 was killed (signal 9): the kernel probably ended it, because the memory ran out; free some, or start less" \
    "(--instances 1); log: $2"
}

# The certificate of --tls is this stack's own: whoever serves it here is known by its port.
curl_here() { curl -sk --noproxy '*' "$@"; }
http_status() { curl_here -o /dev/null -m 3 -w '%{http_code}' "$@" || true; }
http_ok() { [[ $(http_status "$1") == 200 ]]; }

# --- Keycloak -------------------------------------------------------------------------------------------------

# The categories below name users' sessions and codes when something is wrong (a code used twice, a failed sign-in). That
# is not lost: Keycloak keeps such events in its database (the realm's "Events"), where only administrators see them.
KEYCLOAK_LOG_LEVELS=info,io.smallrye.health:warn
for category in events protocol authentication services.managers models.sessions; do
  KEYCLOAK_LOG_LEVELS+=,org.keycloak.$category:error
done

# only_this_machine ADDRESS: nobody else gets to this stack, which listens at ADDRESS. Then, and only then, it may have accounts
# and secrets that everybody can read about.
only_this_machine() {
  local url
  for url in "$BASE_URL" "$KEYCLOAK_URL"; do
    [[ $url =~ ^https?://(([a-z0-9-]+\.)*localhost|127\.[0-9.]+|\[::1\])(:[0-9]+)?$ ]] || return 1
  done
  [[ $1 =~ ^(localhost|127\.[0-9.]+|\[?::1\]?)$ ]]
}

# load_nginx_settings: the lines SSO_NGINX_…=… of env/nginx.env, as variables. Before anything starts: who can reach nginx decides
# what Keycloak and the services offer.
load_nginx_settings() {
  local line
  [[ -f $STACK_DIR/env/nginx.env ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ ! $line =~ ^(SSO_NGINX_[A-Z_]+)=(.*)$ ]] || printf -v "${BASH_REMATCH[1]}" '%s' "${BASH_REMATCH[2]}"
  done <"$STACK_DIR/env/nginx.env"
}

# realm_file ADDRESS: the realm to import. Redirect URIs are compared exactly, so with sub-domains each service's addresses are
# at its own host, and members have theirs only where they run. Of this machine alone, the lists of demo.json come first in the
# lists of the same names. (In Bash: Keycloak's image has neither awk nor jq.)
realm_file() {
  local service line list='' left_out=$'\n'
  declare -A demo=()
  if only_this_machine "$1"; then
    left_out='"passwordPolicy"' # which the demo's passwords do not meet
    while IFS= read -r line; do
      case $line in
        '  "'*'": [') list=$line ;;
        '  ]'*) list='' ;;
        *) [[ -z $list ]] || demo[$list]+=$line$'\n' ;;
      esac
    done <"$INFRA_DIR/keycloak/demo.json"
  fi
  while IFS= read -r line; do
    # shellcheck disable=SC2016 # filled in by Keycloak
    [[ $line != *'"${SSO_BASE_URL}'"/${SERVICES[0]}/auth/keycloak/callback"* ]] || member_callbacks
    [[ $line != *"$left_out"* ]] || continue
    if [[ -n $SUB_DOMAINS ]]; then
      for service in "${SERVICES[@]}"; do line=${line//"\${SSO_BASE_URL}/$service/"/"$(base_url_of "$service")/$service/"}; done
    fi
    printf '%s\n' "$line"
    [[ $line != '  "'*'": [' || -z ${demo[$line]-} ]] || printf '%s,\n' "${demo[$line]%$'\n'}"
  done <"$INFRA_DIR/keycloak/realm-sso.json"
}

# prepare_realm DATA ADDRESS: what Keycloak is to import, in its folder DATA. An import never changes a realm that exists. On this
# machine alone, all users and settings are in the files: when these or what is filled in has changed, Keycloak starts from
# scratch. Elsewhere the realm has users of its own by then, and is imported once; what changes later is changed in Keycloak.
prepare_realm() {
  local data=$1 sum kind=own before
  ! only_this_machine "$2" || kind=demo
  sum=$({
    realm_file "$2"
    echo "$BASE_URL $KEYCLOAK_URL $SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET ${SSO_E2E_CLI_SECRET-}"
    echo "${SSO_NO_AUDIENCE_CLI_SECRET-} ${SSO_SESSION_READER_SECRET-} $KEYCLOAK_ADMIN_PASSWORD $INTERNAL_URL"
    client_secrets
  } | sha256sum | cut -c1-16)
  before=$(compgen -G "$data/imported-*") || before=''
  [[ $before != "$data/imported-$kind-$sum" ]] || return 0
  if [[ $before == "$data"/imported-own-* ]]; then
    warn "Keycloak's realm is kept as it is, with its users; what has changed in the realm file, secrets or addresses is to be changed" \
      "in Keycloak, too (docs/operations.md)"
    mv "$before" "$data/imported-own-$sum"
    return
  fi
  [[ ! -d $data/h2 ]] || step "Keycloak's realm file or secrets have changed, or it had demo accounts: its data is made anew"
  # Not the folder itself, which may be a volume.
  rm -rf "$data"/imported-* "$data/h2" "$data/import" "$data/master-set"
  mkdir -p "$data/import"
  realm_file "$2" >"$data/import/realm-sso.json"
  touch "$data/imported-$kind-$sum"
}

start_keycloak() {
  local home=$STACK_DIR/keycloak part own_clients
  mkdir -p "$home/data"
  # The distribution is shared; data, and the realm to import, are this stack's own.
  for part in lib conf providers; do ln -sfn "$KEYCLOAK_DIR/$part" "$home/$part"; done
  ln -sfn "$INFRA_DIR/keycloak/themes" "$home/themes"
  prepare_realm "$home/data" "${SSO_NGINX_LISTEN:-127.0.0.1}"
  mapfile -t own_clients < <(client_secrets)
  local PROCESS_ENVIRONMENT=(
    "SSO_BASE_URL=$BASE_URL"
    "SSO_INTERNAL_URL=$INTERNAL_URL"
    "SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET=$SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"
    "SSO_E2E_CLI_SECRET=$SSO_E2E_CLI_SECRET"
    "SSO_NO_AUDIENCE_CLI_SECRET=$SSO_NO_AUDIENCE_CLI_SECRET"
    "SSO_SESSION_READER_SECRET=$SSO_SESSION_READER_SECRET"
    "KC_HOSTNAME=$KEYCLOAK_URL"
    "KC_HOSTNAME_ADMIN=$KEYCLOAK_INTERNAL_URL"
    KC_HOSTNAME_BACKCHANNEL_DYNAMIC=true
    KC_HTTP_ENABLED=true
    KC_HTTP_HOST=127.0.0.1
    "KC_HTTP_PORT=$KEYCLOAK_PORT"
    KC_HTTP_MANAGEMENT_HOST=127.0.0.1
    "KC_HTTP_MANAGEMENT_PORT=$KEYCLOAK_MANAGEMENT_PORT"
    KC_PROXY_HEADERS=xforwarded
    KC_PROXY_TRUSTED_ADDRESSES=127.0.0.1
    KC_CACHE=local
    KC_SPI_BRUTE_FORCE_PROTECTOR__DEFAULT_BRUTE_FORCE_DETECTOR__ALLOW_CONCURRENT_REQUESTS=true
    "KC_DB_URL=jdbc:h2:file:$home/data/h2/keycloak;NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE"
    "KC_LOG_LEVEL=$KEYCLOAK_LOG_LEVELS"
    KC_BOOTSTRAP_ADMIN_USERNAME=admin
    "KC_BOOTSTRAP_ADMIN_PASSWORD=$KEYCLOAK_ADMIN_PASSWORD"
    "${own_clients[@]}"
  )
  # java is called directly, not through kc.sh: the process recorded is then Keycloak itself, which can be paused and
  # killed. The options are kc.sh's.
  launch keycloak \
    java "${FAST_START[@]}" -Xms64m -Xmx512m -XX:MetaspaceSize=96M -XX:+ExitOnOutOfMemoryError \
    -Dfile.encoding=UTF-8 -Djava.security.egd=file:/dev/urandom -Duser.language=en -Duser.country=US \
    -Djava.util.logging.manager=org.jboss.logmanager.LogManager -Dpicocli.disable.closures=true \
    -Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory \
    --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
    --add-opens=java.base/java.security=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    --enable-native-access=ALL-UNNAMED \
    -Dkc.home.dir="$home" -Djboss.server.config.dir="$home/conf" \
    -cp "$home/lib/quarkus-run.jar" io.quarkus.bootstrap.runner.QuarkusEntryPoint start --optimized --import-realm
}

ready_keycloak() {
  http_ok "http://127.0.0.1:$KEYCLOAK_MANAGEMENT_PORT/health/ready" || return 1
  http_ok "$KEYCLOAK_INTERNAL_URL/realms/sso/.well-known/openid-configuration" || return 1
  [[ -f $STACK_DIR/keycloak/data/master-set ]] || keep_master_internal
}

# The realm "master" cannot be imported. Its pages get the internal address, because the public origin does not show
# them (infra/nginx): so the admin console signs in where it is. And its events are not logged either.
keep_master_internal() {
  local token
  token=$(printf 'grant_type=password&client_id=admin-cli&username=admin&password=%s' "$KEYCLOAK_ADMIN_PASSWORD" |
    curl_here -m 10 -d @- "$KEYCLOAK_INTERNAL_URL/realms/master/protocol/openid-connect/token" |
    sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
  [[ -n $token ]] || return 1
  printf 'Authorization: Bearer %s' "$token" |
    curl_here -f -m 10 -X PUT -H @- -H 'Content-Type: application/json' "$KEYCLOAK_INTERNAL_URL/admin/realms/master" \
      -d "{\"realm\":\"master\",\"attributes\":{\"frontendUrl\":\"$KEYCLOAK_INTERNAL_URL\"},\"eventsListeners\":[]}" ||
    return 1
  touch "$STACK_DIR/keycloak/data/master-set"
}

# --- the services ---------------------------------------------------------------------------------------------

start_service() {
  service_environment "$1"
  local PROCESS_ENVIRONMENT=("${SERVICE_ENVIRONMENT[@]}")
  if [[ -n ${NATIVE:-} ]]; then
    native_options "${SERVICE_JAVA_OPTIONS[@]}"
    launch "$1" "$STACK_DIR/app/${1%-*}/application" "${NATIVE_OPTIONS[@]}"
  else
    launch "$1" java "${SERVICE_JAVA_OPTIONS[@]}" -jar "$STACK_DIR/app/${1%-*}/quarkus-run.jar"
  fi
}

ready_service() { http_ok "$(url_of "$1")/q/health/ready"; }

# service_environment NAME, e.g. users-2: what that instance is told, in SERVICE_ENVIRONMENT. Extra settings, for tests
# and experiments, may stand as NAME=value lines in $SSO_STACK_DIR/env/services.env (every instance), users.env (every
# instance of users) and users-2.env (this one).
service_environment() {
  local name=$1 service=${1%-*} client_secret store
  mapfile -t store < <(redis_settings "$service")
  client_secret=$(client_secret_of "$service")
  SERVICE_ENVIRONMENT=(
    QUARKUS_HTTP_HOST=127.0.0.1
    "QUARKUS_HTTP_PORT=$(port_of "$name")"
    "SSO_BASE_URL=$(base_url_of "$service")"
    "SSO_COOKIE_SECRETS=$SSO_COOKIE_SECRETS"
    "SSO_ENCRYPTION_KEYS=$SSO_ENCRYPTION_KEYS"
    "SSO_PROVIDERS_KEYCLOAK_URL=$KEYCLOAK_INTERNAL_URL/realms/sso"
    SSO_PROVIDERS_KEYCLOAK_CLIENT_ID=sso
    "SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET=$SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"
    "SSO_OWN_CLIENT_SECRET=${!client_secret}"
    "SSO_DOWNSTREAM_ALLOWED_URLS=$INTERNAL_URL/users/"
    "QUARKUS_REST_CLIENT_USERS_URL=$INTERNAL_URL"
    "DIRECTORY_ISSUER=$KEYCLOAK_URL/realms/sso"
    "DIRECTORY_URL=$KEYCLOAK_INTERNAL_URL/admin/realms/sso"
    "${store[@]}"
    "KAFKA_BOOTSTRAP_SERVERS=$(kafka_addresses)"
    KAFKA_SECURITY_PROTOCOL=SASL_PLAINTEXT
    KAFKA_SASL_MECHANISM=PLAIN
    "KAFKA_SASL_JAAS_CONFIG=$(kafka_login services "$KAFKA_SERVICES_PASSWORD")"
    "SSO_INSTANCE_NAME=$name"
    "LAYOUT_SERVICES=$(IFS=,; echo "${SERVICES[*]}")" # what pages have in their navigation
  )
  # Pages say which instance answered and what a sign-off took, and everybody may watch: for who tries it on this machine alone.
  ! only_this_machine "${SSO_NGINX_LISTEN:-127.0.0.1}" ||
    SERVICE_ENVIRONMENT+=(LAYOUT_SHOW_INSTANCE=true SSO_SIGN_OFF_SHOW_DETAILS=true USERS_LIVE_ACCESS=everybody
      USERS_HOME_TOUR=true "USERS_HOME_ACCOUNT_CONSOLE=$KEYCLOAK_URL/realms/sso/account/")
  [[ -z $SUB_DOMAINS ]] || SERVICE_ENVIRONMENT+=("SSO_COOKIE_DOMAIN=$DOMAIN")
  # Members speak Redis and no Kafka: with them, events go over the one broker that all of them have.
  ! with_members || SERVICE_ENVIRONMENT+=(SSO_GUESTS_ADOPT=true SSO_EVENTS_TRANSPORT=redis)
  extra_settings services "$service" "$name"
  SERVICE_ENVIRONMENT+=("${EXTRA_SETTINGS[@]}")
}

# extra_settings FILE...: the lines of $SSO_STACK_DIR/env/FILE.env, in EXTRA_SETTINGS; a member's is called like the member.
extra_settings() {
  local file line
  EXTRA_SETTINGS=()
  for file in "$@"; do
    [[ -f $STACK_DIR/env/$file.env ]] || continue
    while IFS= read -r line || [[ -n $line ]]; do
      [[ -z $line || $line == \#* ]] || EXTRA_SETTINGS+=("$line")
    done <"$STACK_DIR/env/$file.env"
  done
}

# --- the legacy application behind the proxy as guard (docs/edge.md) -------------------------------------------

start_legacy() {
  local app=$STACK_DIR/app/legacy
  mkdir -p "$app"
  javac -d "$app" "$REPO_DIR/examples/legacy-app/src/main/java/org/acme/legacy/LegacyApp.java" 9>&- ||
    fail "the legacy application does not compile"
  launch legacy java "${FAST_START[@]}" -Xmx16m -cp "$app" org.acme.legacy.LegacyApp 127.0.0.1 "$LEGACY_PORT"
}

ready_legacy() { http_ok "http://127.0.0.1:$LEGACY_PORT/"; }

# --- nginx ----------------------------------------------------------------------------------------------------

start_nginx() {
  check_nginx
  launch nginx "${NGINX_COMMAND[@]}"
}

# check_nginx: writes its configuration, and has nginx read it. One that runs notices nothing of that.
check_nginx() {
  local temp=$DATA_DIR/nginx
  mkdir -p "$temp"
  configure_nginx "127.0.0.1:$KEYCLOAK_PORT" "127.0.0.1:$LEGACY_PORT"
  NGINX_COMMAND=("$(find_command nginx)" -e stderr -p "$temp" -c "$CONF_DIR/nginx/nginx.conf")
  "${NGINX_COMMAND[@]}" -t -q 9>&- || fail "nginx does not accept its configuration"
}

# configure_nginx KEYCLOAK_ADDRESS LEGACY_ADDRESS
configure_nginx() {
  local KEYCLOAK_ADDRESS=$1 LEGACY_ADDRESS=$2 NGINX_USER='' UPSTREAMS='' LOCATIONS='' TLS='' HSTS='' MAIN_LISTEN MAIN_LISTEN_DEFAULT
  local KEYCLOAK_LISTEN KEYCLOAK_LISTEN_DEFAULT AUTHORITY KEYCLOAK_AUTHORITY KEYCLOAK_SCHEME MAIN_NAME KEYCLOAK_NAME service file
  local BASE_SCHEME=${BASE_URL%%:*} DEFAULT_PORT=80
  local RESOLVER=${NGINX_RESOLVER:-} INTERNAL_LISTEN=${SSO_NGINX_INTERNAL_LISTEN:-127.0.0.1:$INTERNAL_PORT}
  local ANY_SERVICE ANOTHER_SERVICE SERVICE_NAMES AUTHORITIES='' OTHER_HOST ANSWER_PAGE ANSWER_STYLE ANSWER_MARK
  # What one address may have at once, and in a second (docs/security.md).
  local REQUESTS_AT_ONCE=${SSO_NGINX_REQUESTS_AT_ONCE:-256} BODIES_AT_ONCE=${SSO_NGINX_BODIES_AT_ONCE:-64}
  local REQUESTS_A_SECOND=${SSO_NGINX_REQUESTS_A_SECOND:-1000} REQUESTS_BURST REAL_IP limit
  for limit in REQUESTS_AT_ONCE BODIES_AT_ONCE REQUESTS_A_SECOND; do
    [[ ${!limit} =~ ^[1-9][0-9]{0,5}$ ]] || fail "SSO_NGINX_$limit: '${!limit}' is no number from 1 to 999999"
  done
  REQUESTS_BURST=$((REQUESTS_A_SECOND * 2))
  # "|| exit": where a caller asks whether this succeeds, bash would go on without it.
  REAL_IP=$(nginx_real_ip "${SSO_NGINX_TRUSTED_PROXIES:-}") || exit 1
  ANSWER_STYLE=$(<"$INFRA_DIR/nginx/answers/style.css")
  ANSWER_MARK=$(<"$INFRA_DIR/nginx/answers/mark.svg")
  ANSWER_PAGE=$(render_text "$INFRA_DIR/nginx/answers/page.html") || exit 1
  # Between single quotes in nginx' configuration, whence it is served without a file.
  ANSWER_PAGE=${ANSWER_PAGE//\'/\\\'}
  ANY_SERVICE=$(nginx_any_service)
  ANOTHER_SERVICE=$(nginx_another_service)
  SERVICE_NAMES=$(IFS='|' && echo "${SERVICES[*]}")
  [[ $BASE_SCHEME == http ]] || DEFAULT_PORT=443
  AUTHORITY=${BASE_URL#*://}
  KEYCLOAK_AUTHORITY=${KEYCLOAK_URL#*://}
  KEYCLOAK_SCHEME=${KEYCLOAK_URL%%:*}
  MAIN_NAME=${AUTHORITY%:*}
  OTHER_HOST='return 421;'
  if [[ -n $SUB_DOMAINS ]]; then
    MAIN_NAME=$DOMAIN
    # A link to another service has no host. A write that follows it is refused there: it comes from another origin.
    # shellcheck disable=SC2016  # nginx' variables
    OTHER_HOST='return 308 https://$authority$request_uri;'
    for service in "${SERVICES[@]}"; do
      MAIN_NAME+=" $service.$DOMAIN"
      # shellcheck disable=SC2153  # of the stack
      AUTHORITIES+="        \"~^/$service/\" $service.$DOMAIN:$PORT;"$'\n'
    done
  fi
  KEYCLOAK_NAME=${KEYCLOAK_AUTHORITY%:*}
  for service in "${SERVICES[@]}"; do
    UPSTREAMS+=$(nginx_upstream "$service")$'\n'
    LOCATIONS+=$(nginx_location "$service" "$service")$'\n'
  done
  LOCATIONS+=$(member_locations)
  if [[ $SCHEME == https ]]; then
    ensure_certificate "${AUTHORITY%:*}"
    TLS=$(render_text "$INFRA_DIR/nginx/tls.conf") || exit 1
  fi
  # Also when something in front of nginx speaks TLS.
  case $BASE_URL in
    # A minute: browsers apply it to every port of the host, and this host is the developer's own machine.
    https://localhost:* | https://*."$DOMAIN":*) HSTS='add_header Strict-Transport-Security "max-age=60" always;' ;;
    https:*) HSTS='add_header Strict-Transport-Security "max-age=31536000" always;' ;;
  esac
  MAIN_LISTEN=$(listen_lines "$PORT" '')
  MAIN_LISTEN_DEFAULT=$(listen_lines "$PORT" ' default_server')
  KEYCLOAK_LISTEN=$(listen_lines "$KEYCLOAK_PUBLIC_PORT" '')
  KEYCLOAK_LISTEN_DEFAULT=$(listen_lines "$KEYCLOAK_PUBLIC_PORT" ' default_server')
  # Started by root, the workers give up their rights; started by anyone else, nginx stays that person.
  [[ $(id -u) != 0 ]] || NGINX_USER='user www-data;'
  for file in nginx.conf answer-words.conf error-pages.conf answers.conf request-headers.conf own-answer.conf to-service.conf guarded.conf; do
    render "$INFRA_DIR/nginx/$file" "$CONF_DIR/nginx/$file"
  done
}

# nginx_real_ip NETWORKS: those of the proxies in front of nginx, separated by commas. None: nobody is believed.
nginx_real_ip() {
  local network networks
  IFS=', ' read -ra networks <<<"$1"
  for network in ${networks[@]+"${networks[@]}"}; do
    [[ $network =~ ^[0-9A-Fa-f.:]+(/[0-9]+)?$ ]] || fail "SSO_NGINX_TRUSTED_PROXIES: '$network' is no network"
    printf '    set_real_ip_from %s;\n' "$network"
  done
  [[ -z $1 ]] || printf '    real_ip_header X-Forwarded-For;\n    real_ip_recursive on;\n'
}

# nginx_upstream SERVICE: its instances. The comment in nginx.conf says why no failures are counted.
nginx_upstream() {
  local address
  printf '    upstream %s {\n        zone %s 64k;\n        least_conn;\n' "$1" "$1"
  while read -r address; do
    printf '        server %s max_fails=0;\n' "$address"
  done < <(instance_addresses "$1")
  printf '        keepalive 64;\n        keepalive_timeout 30s;\n    }\n'
}

instance_addresses() {
  local i
  for ((i = 1; i <= INSTANCES; i++)); do echo "127.0.0.1:$(port_of "$1-$i")"; done
}

# nginx_location SERVICE UPSTREAM: what browsers may ask of it. No URI after the upstream's name: the path is forwarded
# exactly as it was sent. nginx compares the decoded path, so there is no other spelling of what is closed.
nginx_location() {
  cat <<END
        location /$1/ {
            include to-service.conf;
            proxy_pass http://$2;

            # Health, metrics and other things for operators are asked at the instance; what services offer each other, at
            # the inner door.
            location ~ ^/$1/(q|service)(/|\$) {
                return 404;
            }
            # The end of a sign-in: its code counts once, so a silent instance is not followed by another one, and gets more time
            # instead. Where there was no connection, or it broke, the next instance is asked.
            location ~ ^/$1/auth/[^/]+/callback\$ {
                proxy_next_upstream error;
                proxy_read_timeout 15s;
                include to-service.conf;
                proxy_pass http://$2;
            }
$(nginx_public_logout "$1" "$2")
            # Below a provider's name a browser needs these, and below "resume" its link. All else is closed, the provider's
            # back-channel logout above all, however it is spelt: it comes from inside.
            location ~ ^/$1/auth/(?!resume/[^/]+\$)[^/]+/(?!(callback|signed-off-here)/?\$). {
                return 404;
            }
        }
END
}

# nginx_public_logout SERVICE UPSTREAM: for a provider that cannot reach the inner door.
nginx_public_logout() {
  [[ ${SSO_PUBLIC_BACK_CHANNEL_LOGOUT:-} == yes ]] || return 0
  cat <<END
            location ~ ^/$1/auth/[a-z0-9-]+/back-channel-logout\$ {
                client_max_body_size 8k;
                include to-service.conf;
                proxy_pass http://$2;
            }
END
}

# nginx_any_service: the lines of a split_clients that give every service the same share of requests.
nginx_any_service() {
  local i last=$((${#SERVICES[@]} - 1))
  for ((i = 0; i < last; i++)); do
    printf '        %s.%02d%% %s;\n' $((100 / (last + 1))) $((10000 / (last + 1) % 100)) "${SERVICES[i]}"
  done
  printf '        * %s;' "${SERVICES[last]}"
}

# nginx_another_service: the lines of a map from each service to the next one.
nginx_another_service() {
  local i
  for ((i = 0; i < ${#SERVICES[@]}; i++)); do
    printf '        %s %s;\n' "${SERVICES[i]}" "${SERVICES[(i + 1) % ${#SERVICES[@]}]}"
  done
}

# ensure_certificate NAME: server.pem and server.key. For "localhost" and sub-domains of it they are made at the first start with TLS, by an
# authority of this stack's own that a person can import into a browser; they last for 800 days, the longest that browsers
# take. For any other name, somebody has to put them there.
ensure_certificate() {
  local tls=$STACK_DIR/tls
  if [[ $1 != localhost && $1 != *."$DOMAIN" ]]; then
    [[ -r $tls/server.pem && -r $tls/server.key ]] || fail "TLS for $1 needs its certificate: $tls/server.pem and server.key"
    return
  fi
  if [[ -f $tls/server.pem ]]; then
    ! { openssl x509 -in "$tls/server.pem" -noout -checkend 86400 &&
      openssl x509 -in "$tls/server.pem" -noout -checkhost "$1" | grep -q 'does match'; } >/dev/null || return 0
    step "the certificate is about to end, or not for $1"
  fi
  [[ -n $(find_command openssl) ]] || fail "openssl is missing; it makes the certificate"
  step "making a certificate for localhost"
  mkdir -p "$tls"
  {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 800 -subj "/CN=Local stack of $(hostname)" \
      -addext 'keyUsage=critical,keyCertSign' -addext 'nameConstraints=critical,permitted;DNS:localhost' \
      -keyout "$tls/authority.key" -out "$tls/authority.pem"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost \
      -keyout "$tls/server.key" -out "$tls/server.csr"
    openssl x509 -req -in "$tls/server.csr" -CA "$tls/authority.pem" -CAkey "$tls/authority.key" -CAcreateserial -days 800 \
      -extfile <(echo "subjectAltName=DNS:localhost,DNS:*.$DOMAIN") -out "$tls/leaf.pem"
  } >"$LOG_DIR/certificate.log" 2>&1 || {
    cat "$LOG_DIR/certificate.log" >&2
    fail "no certificate could be made"
  }
  # The authority has signed the one certificate it was made for, and cannot sign another.
  rm "$tls"/{authority.key,server.csr}
  mv "$tls/leaf.pem" "$tls/server.pem"
}

# listen_lines PORT SUFFIX. SSO_NGINX_LISTEN sets another address; by default this machine only, by both of the
# addresses that "localhost" may stand for.
listen_lines() {
  local address=${SSO_NGINX_LISTEN:-127.0.0.1} suffix=$2
  [[ $SCHEME == http ]] || suffix+=' ssl http2'
  printf '    listen %s:%s%s;\n' "$address" "$1" "$suffix"
  if [[ $address == 127.0.0.1 ]] && grep -q '^00000000000000000000000000000001 ' /proc/net/if_inet6 2>/dev/null; then
    printf '    listen [::1]:%s%s;\n' "$1" "$suffix"
  fi
}

# Ready: a person who types the base URL gets a page. Without services, that the front door answers at all.
ready_nginx() {
  local status
  status=$(http_status "$BASE_URL/users/")
  if [[ $ONLY == parts ]]; then
    [[ $status == [2345]?? ]] && http_ok "$KEYCLOAK_URL/realms/sso/.well-known/openid-configuration"
  else
    # The projects ask a script to sign in first: an answer of their own, by way of nginx.
    [[ $status == 200 && $(http_status "$(base_url_of projects)/projects/") == 401 ]]
  fi
}
