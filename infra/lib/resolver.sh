# shellcheck shell=bash
# How nginx finds the addresses of a name, in a container or a pod. Unlike everything else there, nginx reads no /etc/resolv.conf.

# resolver_line FILE: asks whom the container asks. An address is believed for a second, whatever the name server says: Docker lets
# names be kept for ten minutes, Kubernetes for half a one.
resolver_line() {
  local servers other=ipv6
  servers=$(sed -n 's/^nameserver \{1,\}\([^ ]*\).*/\1/p' "$1" | sed 's/.*:.*/[&]/' | paste -sd' ')
  [[ -n $servers ]] || return 1
  # One family of addresses: that of the first server. A question for both is two.
  [[ $servers != \[* ]] || other=ipv4
  printf 'resolver %s valid=1s %s=off;' "$servers" "$other"
}

# name_suffix FILE: what makes a name whole where it has to be: in Kubernetes, the namespace's domain.
name_suffix() {
  local first
  first=$(sed -n 's/^search \{1,\}\([^ ]*\).*/\1/p' "$1" | tail -n 1)
  [[ $first != *.svc.* ]] || printf '.%s' "${first%.}"
}
