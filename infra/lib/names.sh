# shellcheck shell=bash
# Which names are free. What the system itself uses is read where it is written down, not listed a second time.

source "${BASH_SOURCE[0]%/*}/members.sh"

# Words that no part of a Java package's name may be (Java Language Specification 17, 3.9).
JAVA_WORDS=' abstract assert boolean break byte case catch char class const continue default do double else enum extends final
 finally float for goto if implements import instanceof int interface long native new package private protected public return
 short static strictfp super switch synchronized this throw throws transient try void volatile while true false null '

is_java_word() { [[ $JAVA_WORDS =~ [[:space:]]$1[[:space:]] ]]; }

# use_of NAME: what the system uses that name for, if anything.
use_of() {
  local name=$1 config root
  if [[ -n ${SERVICE_PORTS[$name]-} ]]; then
    echo "there is a service '$name' already"
  elif [[ -e $REPO_DIR/$name-service ]]; then
    echo "$REPO_DIR/$name-service is there already"
  elif is_java_word "$name"; then
    echo "'$name' is a word of Java"
  elif [[ " redis sentinel kafka keycloak legacy nginx ${MEMBER_NAMES[*]} " == *" $name "* ]]; then
    echo "a part of the stack is called '$name'"
  elif has_word "$name" < <(sed -n 's/^ *\(location\|upstream\) //p' "$INFRA_DIR"/nginx/*.conf "$INFRA_DIR/lib/parts.sh"); then
    echo "nginx has addresses with '$name' in them"
  elif has_word "$name" < <(grep -o '[~&]{\?[a-z-]*' "$INFRA_DIR/redis/users.acl"); then
    echo "keys of Redis begin with '$name'"
  elif grep -rqE "\b(SSO|REDIS|KAFKA|KC|QUARKUS)_${name^^}_" "$REPO_DIR/compose.yaml" "$REPO_DIR/.env.example" "$INFRA_DIR/lib"; then
    echo "environment variables begin with the name '$name'"
  else
    config=$(find "$REPO_DIR/shared-session/src/main/java" -name SsoConfig.java)
    root=${config#"$REPO_DIR/shared-session/src/main/java/"}
    root=${root%/session/internal/config/SsoConfig.java}
    # The e2e tests' and the members' packages, too.
    [[ -z $(find "$REPO_DIR" -path '*/target' -prune -o -path "*/java/$root/$name" -print -quit) ]] ||
      echo "there is a package '${root//\//.}.$name' already"
  fi
}

# has_word WORD: in what is read. Names of services have no hyphens, so each part of a longer word counts.
has_word() { grep -owE '[a-z0-9]+' | grep -xF "$1" >/dev/null; }
