# shellcheck shell=sh
# whereabouts on one node: lays out what its plugin needs there, and runs the program that frees
# what pods of this node leave behind.
#
# Laid out are the plugin, its configuration, the node's name, and a kubeconfig with this pod's own
# token, which is written again whenever the kubelet renews that. Each is written beside its place
# and renamed: a plugin that runs at that moment reads the old one or the new one, whole.
#
# What others put there stays: where the plugin or its directory is not ours, this says so, is not
# ready, and changes nothing. `laid-out` in the directory says what is ours, by its digest.
#
# With TAKE_AWAY=yes it takes all of it away at once, and is ready when it is gone (../../scripts).
#
# A rollout starts the next pod before this one ends. `served-by` names the pod that sees to the
# files; the one that is asked to end takes them away only while it is named there itself.
set -u
umask 077

HOME_DIR=${MULTINET_HOME_DIR:-/host/etc/cni/net.d/whereabouts.d}
BIN_DIR=${MULTINET_BIN_DIR:-/host/opt/cni/bin}
IMAGE_PLUGIN=${MULTINET_PLUGIN:-/whereabouts}
CONTROL_LOOP=${MULTINET_CONTROL_LOOP:-/ip-control-loop}
ACCOUNT_DIR=${MULTINET_ACCOUNT_DIR:-/var/run/secrets/kubernetes.io/serviceaccount}
OWN_DIR=${MULTINET_OWN_DIR:-/run/multinet}
# Where the plugin finds them: the path on the node.
ON_NODE=${HOME_DIR#/host}

PLUGIN=$BIN_DIR/whereabouts
KUBECONFIG_FILE=$HOME_DIR/whereabouts.kubeconfig
RECORD=$HOME_DIR/laid-out
SERVED_BY=$HOME_DIR/served-by
READY=$OWN_DIR/ready
BEAT=$OWN_DIR/beat

control_loop='' # process id
said=''         # what is in the way, as it was said last
looks=''        # the plugin as it was when its digest was last compared
digest=$(sha256sum "$IMAGE_PLUGIN" | cut -d' ' -f1) || exit 1

say() { echo "multinet: $*" >&2; }

pause() {
    sleep "$1" &
    wait $! # a signal ends the wait, not only the sleep
}

# put FILE: from standard input, whole at once.
put() {
    cat >"$1.multinet" && mv -f "$1.multinet" "$1"
}

# in_the_way WHY: said once; no more is done while it is so.
in_the_way() {
    rm -f "$READY"
    [ "$said" = "$1" ] || say "$1"
    said=$1
}

digest_of() { sha256sum "$1" 2>/dev/null | cut -d' ' -f1; }

# state FILE: what a rename leaves as it is. Taken before its digest is: what is damaged after that
# has another one.
state() { stat -c '%i %s %y' "$1" 2>/dev/null; }

recorded() { grep -q "^$1 " "$RECORD" 2>/dev/null; }

# What others put there: ours is in the record, or is what this image has.
foreign() {
    if [ ! -e "$RECORD" ] && [ -n "$(ls -A "$HOME_DIR" 2>/dev/null)" ]; then
        echo "$ON_NODE is there already, laid out by somebody else"
        return
    fi
    [ -e "$PLUGIN" ] || return
    there=$(digest_of "$PLUGIN")
    [ "$there" = "$digest" ] || recorded "$there" ||
        echo "${BIN_DIR#/host}/whereabouts is there already, laid out by somebody else"
}

# The record comes first: what is in it and not there is no harm.
lay_plugin() {
    looks=$(state "$PLUGIN")
    if [ ! -e "$PLUGIN" ] || [ "$(digest_of "$PLUGIN")" != "$digest" ]; then
        recorded "$digest" || { cat "$RECORD" 2>/dev/null; echo "$digest whereabouts"; } | put "$RECORD"
        cp "$IMAGE_PLUGIN" "$BIN_DIR/.whereabouts.multinet" &&
            chmod 0755 "$BIN_DIR/.whereabouts.multinet" &&
            looks=$(state "$BIN_DIR/.whereabouts.multinet") &&
            [ "$(digest_of "$BIN_DIR/.whereabouts.multinet")" = "$digest" ] &&
            mv -f "$BIN_DIR/.whereabouts.multinet" "$PLUGIN" || return 1
        say "laid out ${BIN_DIR#/host}/whereabouts"
    fi
    # Of older images; a plugin of theirs is nowhere any more.
    recorded "$digest" && { [ "$(wc -l <"$RECORD")" -le 1 ] || echo "$digest whereabouts" | put "$RECORD"; }
    return 0
}

# answers FILE: whether it is a plugin that works, so no damage of ours. It is started as the
# interpreter of a line: then the kernel starts it or nobody does. A shell takes a damaged program
# for a script, and does whatever its bytes say.
answers() {
    [ -s "$1" ] || return 1
    probe=$BIN_DIR/.whereabouts-probe.multinet
    { printf '#!%s\n' "$1" >"$probe" && chmod 0700 "$probe"; } 2>/dev/null || return 1
    echo '{"cniVersion":"1.0.0"}' | CNI_COMMAND=VERSION "$probe" 2>/dev/null |
        grep -q supportedVersions
    answered=$?
    rm -f "$probe"
    return "$answered"
}

# keep_plugin: whether it is as it was laid out. What was damaged or removed is laid out again; what
# others put in its place stays, and they are told of.
keep_plugin() {
    now=$(state "$PLUGIN")
    [ -n "$now" ] && [ "$now" = "$looks" ] && return 0
    if [ ! -e "$PLUGIN" ]; then
        say "${BIN_DIR#/host}/whereabouts was removed; it is laid out again"
    elif [ "$(digest_of "$PLUGIN")" = "$digest" ]; then
        looks=$now
        return 0
    elif answers "$PLUGIN"; then
        in_the_way "somebody else put another ${BIN_DIR#/host}/whereabouts there: not touched; \
addons.whereabouts: false says that others bring it, or remove theirs"
        return 1
    else
        say "${BIN_DIR#/host}/whereabouts was damaged; it is laid out again"
    fi
    lay_plugin
}

token() { cat "$ACCOUNT_DIR/token"; }

kubeconfig() {
    host=$KUBERNETES_SERVICE_HOST
    case $host in *:*) host="[$host]" ;; esac
    ca=$(base64 <"$ACCOUNT_DIR/ca.crt" | tr -d '\n')
    cat <<END
apiVersion: v1
kind: Config
clusters:
- name: cluster
  cluster:
    server: https://$host:$KUBERNETES_SERVICE_PORT
    certificate-authority-data: $ca
users:
- name: whereabouts
  user:
    token: $1
contexts:
- name: whereabouts
  context:
    cluster: cluster
    user: whereabouts
    namespace: $WHEREABOUTS_NAMESPACE
current-context: whereabouts
END
}

configuration() {
    printf '{"datastore":"kubernetes","configuration_path":"%s","kubernetes":{"kubeconfig":"%s"}}\n' \
        "$ON_NODE" "$ON_NODE/whereabouts.kubeconfig"
}

# keep FILE CONTENT
keep() {
    [ "$(cat "$1" 2>/dev/null)" = "$2" ] || printf '%s\n' "$2" | put "$1"
}

keep_files() {
    keep "$KUBECONFIG_FILE" "$(kubeconfig "$(token)")" &&
        keep "$HOME_DIR/whereabouts.conf" "$(configuration)" &&
        keep "$HOME_DIR/nodename" "$NODENAME"
}

serves() { [ "$(cat "$SERVED_BY" 2>/dev/null)" = "$POD_UID" ]; }

# A successor touches its name there every turn; one that no longer does is gone.
successor_lives() {
    touched=$(stat -c %Y "$SERVED_BY" 2>/dev/null) || return 1
    [ $(($(date +%s) - touched)) -lt 60 ]
}

take_over() {
    why=$(foreign)
    if [ -n "$why" ]; then
        in_the_way "$why: not touched; addons.whereabouts: false says that others bring it, or remove it there"
        return 1
    fi
    [ -d "$HOME_DIR" ] || mkdir -m 0700 "$HOME_DIR" || return 1
    [ -e "$RECORD" ] || : | put "$RECORD"
    printf '%s\n' "$POD_UID" | put "$SERVED_BY"
}

# take_away: what is ours. Whether it is gone.
take_away() {
    [ -e "$RECORD" ] || return 0
    if [ -e "$PLUGIN" ] && recorded "$(digest_of "$PLUGIN")"; then rm -f "$PLUGIN"; fi
    for name in whereabouts.kubeconfig whereabouts.conf nodename served-by laid-out; do
        rm -f "$HOME_DIR/$name" "$HOME_DIR/$name.multinet"
    done
    rmdir "$HOME_DIR" && [ ! -e "$RECORD" ] && say "what was laid out is taken away"
}

# shellcheck disable=SC2329  # called by the trap
# Asked to end: whereabouts leaves the node, unless a successor has taken over.
stop() {
    trap '' TERM INT
    rm -f "$READY"
    [ -z "$control_loop" ] || kill -TERM "$control_loop" 2>/dev/null
    ! serves || take_away
    [ -z "$control_loop" ] || wait "$control_loop" 2>/dev/null
    exit 0
}
trap stop TERM INT

# One turn: whether all is as it should be.
turn() {
    if ! serves; then
        if [ -n "$claimed" ] && successor_lives; then
            # It sees to the files from now on; this one ends soon.
            return 0
        fi
        take_over || return 1
        claimed=yes
        turns=0
        lay_plugin || { in_the_way "cannot write ${BIN_DIR#/host}/whereabouts"; return 1; }
    fi
    touch "$SERVED_BY"
    keep_plugin || return 1
    turns=$((turns + 1))
    [ $((turns % 5)) -ne 1 ] || keep_files
}

TAKE_AWAY=${TAKE_AWAY:-no}
claimed='' # whether this pod has seen to the files
turns=0
rm -f "$READY" "$BIN_DIR"/.whereabouts*.multinet
mkdir -p "$OWN_DIR"
while [ "$TAKE_AWAY" = yes ]; do
    : >"$BEAT"
    if take_away; then : >"$READY"; else in_the_way "what was laid out cannot be taken away"; fi
    pause 1
done
while :; do
    : >"$BEAT"
    if turn; then
        if [ -z "$control_loop" ]; then
            "$CONTROL_LOOP" -log-level verbose &
            control_loop=$!
        elif ! kill -0 "$control_loop" 2>/dev/null; then
            wait "$control_loop"
            say "ip-control-loop has ended with status $?"
            exit 1
        elif [ ! -e "$READY" ]; then
            said=''
            : >"$READY"
        fi
    else
        rm -f "$READY"
    fi
    pause 1
done
