# shellcheck shell=bash
# A running stack and the sources: which parts are made from something else by now, and their restart.

# made_from NAME [APP]: a sum of the files that a part is made from, by what is in them. Of a service that is the copy that the
# stack runs, or APP.
made_from() {
  local service=${1%-*} settings=$STACK_DIR/env common=("$INFRA_DIR/lib" "$INFRA_DIR/parts")
  # As this script has read them: the file may be another one by now.
  local fleet="${SERVICES[*]} ${SERVICE_PORTS[*]}" edge name reach=everywhere
  # Accounts and pages of the demonstration.
  ! only_this_machine "${SSO_NGINX_LISTEN:-127.0.0.1}" || reach=here
  # Who else has a Redis user, a redirect URI and a place behind nginx.
  edge="$fleet $(member_names | paste -sd' ')"
  case $(kind_of "$1") in
    redis | sentinel) sum_of "${common[@]}" "$INFRA_DIR/redis" "$edge" ;;
    kafka) sum_of "${common[@]}" "$INFRA_DIR/kafka" ;;
    keycloak) sum_of "${common[@]}" "$INFRA_DIR/keycloak" "$edge" "$reach" ;;
    legacy) sum_of "${common[@]}" "$REPO_DIR/examples/legacy-app" ;;
    nginx)
      # Settings of nginx may come by the environment, too (docs/security.md).
      for name in $(compgen -v SSO_NGINX_); do edge+=" $name=${!name}"; done
      sum_of "${common[@]}" "$INFRA_DIR/nginx" "$edge" "$settings/nginx.env"
      ;;
    member) sum_of "${common[@]}" "$(member_sources "$1")" ;;
    service)
      sum_of "${common[@]}" "$fleet" "$reach" "$settings/services.env" "$settings/$service.env" "$settings/$1.env" \
        "${2:-$(copy_of "$service")}"
      ;;
  esac
}

# sum_of FILE_OR_FOLDER_OR_TEXT...
sum_of() {
  local path
  for path; do
    if [[ -d $path ]]; then
      (cd "$path" && find . -name target -prune -o -name node_modules -prune -o -type f -exec sha256sum {} + | sort)
    elif [[ -f $path ]]; then
      sha256sum <"$path"
    else
      echo "$path"
    fi
  done | sha256sum
}

# changed_parts: those that are made from something else than when they were started, and those that are new. One that somebody
# stopped stays as it is.
changed_parts() {
  local name app=''
  for name in $(part_names); do
    if [[ ! -f $RUN_DIR/$name.want ]]; then
      echo "$name"
    elif [[ $(<"$RUN_DIR/$name.want") == running ]]; then
      is_fixed "$name" || app=$(built_app "${name%-*}") || exit 1
      [[ $(<"$RUN_DIR/$name.made") == "$(made_from "$name" "$app")" ]] || echo "$name"
    fi
  done
}

# Not an instance of a service.
is_fixed() { [[ $(kind_of "$1") != service ]]; }

# gone_parts: those that no longer belong to the stack, of a service that was removed.
gone_parts() { comm -13 <(part_names | sort) <(started_parts | sort); }

# renew_stack: restarts what has changed, after it was built. Everything else stays.
renew_stack() {
  local name holder list names changed gone built=() members=()
  mapfile -t gone < <(gone_parts)
  list=$(changed_parts) || exit 1
  read -ra changed <<<"${list//$'\n'/ }"
  if ((${#changed[@]} + ${#gone[@]} == 0)); then
    say "Already running, and up to date (infra/status shows its parts, infra/down stops it)."
    return
  fi
  for name in ${changed[@]+"${changed[@]}"}; do
    if ! is_alive "$name" && holder=$(holder_of "$(port_of "$name")"); then
      fail "port $(port_of "$name") of $name is taken by $holder; stop that, then run infra/up again"
    fi
    if is_member "$name"; then
      members+=("$name")
    elif ! is_fixed "$name" && [[ " ${built[*]-} " != *" ${name%-*} "* ]]; then
      built+=("${name%-*}")
    fi
  done
  # What nginx does not accept stops nothing.
  [[ " ${changed[*]-} " != *' nginx '* ]] || check_nginx
  save_stack renewing # ended in the middle, the next infra/up starts from scratch
  names=(${gone[@]+"${gone[@]}"} ${changed[@]+"${changed[@]}"})
  step "stopping what has changed: ${names[*]}"
  stop_parts "${names[@]}"
  for name in ${gone[@]+"${gone[@]}"}; do rm -f "$RUN_DIR/$name".*; done
  copy_apps ${built[@]+"${built[@]}"}
  build_members ${members[@]+"${members[@]}"}
  # Not "|| fail": bash would go on after what fails in there.
  trap 'warn "not all of it is ready again; mend what its log names, then run infra/up"' EXIT
  start_parts ${changed[@]+"${changed[@]}"}
  trap - EXIT
  save_stack running
}
