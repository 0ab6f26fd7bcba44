# shellcheck shell=bash
# Services of other stacks that join the session (infra/up --members; docs/session-contract.md): their tools, builds, ports,
# Redis users and places behind nginx. One instance of each.

# A guest comes with the stack's guest user of Redis; members have one each.
# A container of one part has no members, and not their list.
MEMBER_NAMES=()
declare -A MEMBER_PORTS=() MEMBER_FOLDERS=()
read_members() {
  local name ports folder
  while read -r name ports folder; do
    [[ -n $name && $name != \#* ]] || continue
    [[ $name =~ ^[a-z][a-z0-9]*$ && $ports =~ ^[0-9]{3}$ && -d $REPO_DIR/$folder ]] ||
      fail "infra/members: a line is a name of small letters and digits, a number of three digits, and a folder; not '$name $ports $folder'"
    MEMBER_NAMES+=("$name") MEMBER_PORTS[$name]=$ports MEMBER_FOLDERS[$name]=$folder
  done <"$INFRA_DIR/members"
}
[[ ! -f $INFRA_DIR/members ]] || read_members

with_members() { [[ ${MEMBERS:-} == yes ]]; }
member_names() { ! with_members || printf '%s\n' "${MEMBER_NAMES[@]}"; }
is_member() { with_members && [[ -n ${MEMBER_PORTS[$1]-} ]]; }
member_port() { echo $((PORT + MEMBER_PORTS[$1])); }
member_url() { echo "http://127.0.0.1:$(member_port "$1")/$1"; }
member_sources() { echo "$REPO_DIR/${MEMBER_FOLDERS[$1]}"; }
# has_own_script NAME: it says itself how it is built and started.
has_own_script() { [[ -x $(member_sources "$1")/member ]]; }
member_app() { echo "$STACK_DIR/app/member-$1"; }

ensure_member_packages() {
  need node nodejs "runs the Express guest and member"
  need npm npm "fetches their packages"
  need go golang-go "builds the Go member"
  need php php-cli "runs the PHP member"
  install_missing_packages
}

# build_members NAME...: each from its sources into the stack's own folder, so that a change of the sources never touches a running process.
build_members() {
  local name app
  (($#)) || return 0
  step "building the members (log: $LOG_DIR/members.log)"
  for name; do
    app=$(member_app "$name")
    mkdir -p "$app"
    build_member "$name" "$app" >>"$LOG_DIR/members.log" 2>&1 9>&- || {
      why_it_failed "$?" "$LOG_DIR/members.log"
      tail -n 30 "$LOG_DIR/members.log" >&2
      fail "the member $name does not build; whole log: $LOG_DIR/members.log"
    }
  done
}

build_member() {
  local sources
  sources=$(member_sources "$1")
  if has_own_script "$1"; then (cd "$sources" && ./member build "$2"); else "build_$1" "$sources" "$2"; fi
}
build_guest() { build_node "$@"; }
build_express() { build_node "$@"; }
build_node() {
  cp "$1"/*.js "$1/package.json" "$2/"
  # The packages again only when the lock file has changed.
  cmp -s "$1/package-lock.json" "$2/package-lock.json" && [[ -d $2/node_modules ]] && return
  cp "$1/package-lock.json" "$2/"
  (cd "$2" && npm ci --omit=dev --ignore-scripts --no-audit --no-fund)
}
build_go() { (cd "$1" && CGO_ENABLED=0 go build -o "$2/member" .); }
build_php() { cp "$1"/*.php "$2/"; }
build_servlet() {
  [[ -n ${skip_build:-} && -d $1/target/lib ]] || (cd "$REPO_DIR" && mvn -B -ntp -q package -DskipTests -pl examples/servlet -am) || return 1
  rm -rf "${2:?}/lib"
  cp -r "$1/target/lib" "$2/lib"
}

start_member() {
  local name=$1 app user password
  app=$(member_app "$name")
  user=$name-member password=$(member_password_of "$name")
  [[ $name != guest ]] || user=guest-express
  local PROCESS_ENVIRONMENT=(
    "PORT=$(member_port "$name")"
    "SSO_BASE_URL=$BASE_URL"
    "SSO_COOKIE_SECRETS=$SSO_COOKIE_SECRETS"
    "SSO_PROVIDERS_KEYCLOAK_URL=$KEYCLOAK_INTERNAL_URL/realms/sso"
    SSO_PROVIDERS_KEYCLOAK_CLIENT_ID=sso
    "SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET=$SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"
    "REDIS_URL=redis://$user:${!password}@127.0.0.1:$REDIS_PORT"
  )
  # A guest has no use for them, and so does not get them.
  [[ $name == guest ]] || PROCESS_ENVIRONMENT+=(
    "SSO_ENCRYPTION_KEYS=$SSO_ENCRYPTION_KEYS"
    SSO_GUESTS_ADOPT=true
    "SSO_SCRIPTS=$REPO_DIR/session-contract/src/main/resources/org/acme/session/scripts"
  )
  [[ $name != express ]] || PROCESS_ENVIRONMENT+=(SSO_EVENTS_TRANSPORT=redis)
  extra_settings "$name" # with more than one NAME= the last counts
  PROCESS_ENVIRONMENT+=("${EXTRA_SETTINGS[@]}")
  local command
  if has_own_script "$name"; then
    launch "$name" "$(member_sources "$name")/member" start "$app"
    return
  fi
  case $name in
    guest | express) command=(node "$app/app.js") ;;
    go) command=("$app/member") ;;
    servlet) command=(java "${FAST_START[@]}" -Xmx96m -cp "$app/lib/*" org.acme.member.Main) ;;
    # PHP's own server answers with several processes, which it does not take along when it is asked to end. In production
    # all of this is php-fpm's business.
    php)
      PROCESS_ENVIRONMENT+=(PHP_CLI_SERVER_WORKERS=8)
      # shellcheck disable=SC2016
      command=(bash -c 'trap "trap - TERM; kill 0" TERM; php -d display_errors=0 -d log_errors=1 -S "$1" "$2" & wait' php-member
        "127.0.0.1:$(member_port php)" "$app/index.php")
      ;;
  esac
  launch "$name" "${command[@]}"
}

# Ready: it says that it does not know us.
ready_member() { [[ $(http_status "$(member_url "$1")/api/me") == 401 ]]; }

member_password_of() {
  if [[ $1 == guest ]]; then echo REDIS_GUEST_EXPRESS_PASSWORD; else echo "REDIS_${1^^}_MEMBER_PASSWORD"; fi
}

member_secrets() {
  local name
  for name in $(member_names); do secret "$(member_password_of "$name")" "$(random_hex 24)"; done
}

# member_acl ACL_FILE: the Redis users of the members. They have the rights of the first service, but for logout tokens, which are
# not theirs, and channels, which only a member with a memory needs.
member_acl() {
  local name password rights channel
  rights=$(sed -n "s/^user ${SERVICES[0]}-service on #[0-9a-f]* resetchannels &session-events //p" "$1")
  rights=${rights/ '~jti:*'/}
  rights=${rights/ +publish +subscribe/}
  for name in $(member_names); do
    [[ $name != guest ]] || continue
    password=$(member_password_of "$name")
    channel=''
    [[ $name != express ]] || channel=' &session-events +publish +subscribe'
    echo "user $name-member on #$(sha256 "${!password}") resetchannels $rights$channel"
  done
}

# member_callbacks: where the provider may send browsers, as lines of the realm.
member_callbacks() {
  local name
  # shellcheck disable=SC2016 # filled in by Keycloak
  for name in $(member_names); do printf '        "${SSO_BASE_URL}/%s/auth/keycloak/callback",\n' "$name"; done
}

member_locations() {
  local name
  for name in $(member_names); do
    nginx_location "$name" "127.0.0.1:$(member_port "$name")"
  done
}
