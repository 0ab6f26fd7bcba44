# shellcheck shell=bash
# Processes of one stack. Only what this stack started is ever signalled: a process is known by its id, its start
# time and the machine's boot, so a recycled id is never mistaken for ours.

# identity PID: "start-time boot-id"; fails when there is no such process, or only its zombie.
identity() {
  local stat fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  # The command's name, in parentheses, may hold anything; after it: state is the 1st field, start time the 20th.
  read -ra fields <<<"${stat##*) }"
  [[ ${fields[0]} == Z ]] && return 1
  printf '%s %s' "${fields[19]}" "$(</proc/sys/kernel/random/boot_id)"
}

# pid_of NAME: the living process of that name that we started; fails when there is none.
pid_of() {
  local pid started boot now
  [[ -f $RUN_DIR/$1.pid ]] || return 1
  read -r pid started boot <"$RUN_DIR/$1.pid" || return 1
  now=$(identity "$pid") || return 1
  [[ $now == "$started $boot" ]] || return 1
  printf '%s' "$pid"
}

is_alive() { pid_of "$1" >/dev/null; }

is_paused() {
  local pid stat
  pid=$(pid_of "$1") || return 1
  { stat=$(<"/proc/$pid/stat"); } 2>/dev/null || return 1
  stat=${stat##*) }
  [[ ${stat:0:1} == T ]]
}

state_of() {
  if ! is_alive "$1"; then
    echo stopped
  elif is_paused "$1"; then
    echo paused
  else
    echo running
  fi
}

# The parts that were started here, whatever infra/services says by now.
started_parts() {
  local file
  for file in "$RUN_DIR"/*.want; do
    file=${file##*/}
    [[ $file == '*.want' ]] || echo "${file%.want}"
  done
}

# What this part is meant to be: "running" or "stopped". A part that is stopped although meant to run has died.
want() { echo "$2" >"$RUN_DIR/$1.want"; }
has_died() { [[ -f $RUN_DIR/$1.want && $(<"$RUN_DIR/$1.want") == running ]] && ! is_alive "$1"; }

# launch NAME COMMAND...: in a session of its own (Ctrl-C reaches only the script, which then stops all in order),
# its output at the end of logs/NAME.log. The process writes its own identity before it becomes the command: there is no
# moment at which it runs unrecorded. The caller's list PROCESS_ENVIRONMENT, NAME=value each, is its environment beside what is
# exported: any user of the machine reads a process's arguments, nobody else its environment.
# Its parent stays only to note how it ends.
launch() {
  local name=$1
  shift
  touch "$LOG_DIR/$name.log"
  stat -c %s "$LOG_DIR/$name.log" >"$RUN_DIR/$name.offset"
  rm -f "$RUN_DIR/$name.pid" "$LOG_DIR/$name.exit"
  (
    exec 9>&- </dev/null >/dev/null 2>&1
    trap '' INT TERM HUP
    trap - EXIT
    set +e
    (become "$name" "$@")
    # Outside of the folder that is removed when all have ended.
    echo $? >"$LOG_DIR/$name.exit"
  ) &
  disown
  until [[ -s $RUN_DIR/$name.pid ]]; do sleep 0.02; done
  want "$name" running
}

# become NAME COMMAND...: what launch does in the process that is to be the part.
become() {
  local name=$1 self=$BASHPID # inside $(…) it would be another
  shift
  exec >>"$LOG_DIR/$name.log" 2>&1
  trap - INT TERM HUP
  echo "$self $(identity "$self")" >"$RUN_DIR/$name.pid"
  export_list ${PROCESS_ENVIRONMENT[@]+"${PROCESS_ENVIRONMENT[@]}"}
  exec setsid "$@"
}

# was_killed NAME: it ended by signal 9. Its parent notes that a moment after the end.
was_killed() {
  local tries=50
  until [[ -s $LOG_DIR/$1.exit ]]; do
    ((tries-- > 0)) || return 1
    sleep 0.02
  done
  [[ $(<"$LOG_DIR/$1.exit") == 137 ]]
}

# log_of NAME: what it has said since it was launched.
log_of() { tail -c "+$(($(<"$RUN_DIR/$1.offset") + 1))" "$LOG_DIR/$1.log"; }

# signal NAME SIGNAL: to the part and its children (nginx workers).
signal() {
  local pid
  pid=$(pid_of "$1") || return 1
  kill "-$2" -- "-$pid" 2>/dev/null || kill "-$2" "$pid" 2>/dev/null
}

# terminate NAME SECONDS: asks, waits, and insists when the time is over.
terminate() {
  local name=$1 tries=$(($2 * 10)) pid
  want "$name" stopped
  pid=$(pid_of "$name") || return 0
  kill -TERM "$pid" 2>/dev/null || true
  signal "$name" CONT || true
  while is_alive "$name" && ((tries-- > 0)); do sleep 0.1; done
  if is_alive "$name"; then
    step "$name does not stop; killing it"
    kill_now "$name"
  fi
}

kill_now() {
  want "$1" stopped
  signal "$1" KILL || true
  while is_alive "$1"; do sleep 0.02; done
}

# holder_of PORT: who listens on it ("pid 12 (command)"); fails when nobody does. Reads /proc, needs no tool.
holder_of() {
  local hex inode fd pid
  printf -v hex ':%04X' "$1"
  inode=$(awk -v port="$hex" '$4 == "0A" && substr($2, length($2) - 4) == port { print $10; exit }' \
    /proc/net/tcp /proc/net/tcp6 2>/dev/null)
  [[ -n $inode ]] || return 1
  fd=$(find /proc/[0-9]*/fd -maxdepth 1 -lname "socket:\\[$inode\\]" -print -quit 2>/dev/null) || true
  if [[ -z $fd ]]; then
    echo "a process of another user"
    return
  fi
  pid=${fd#/proc/}
  pid=${pid%%/*}
  printf "pid %s (%s)" "$pid" "$(tr "\\0" " " <"/proc/$pid/cmdline" | cut -c1-120)"
}
