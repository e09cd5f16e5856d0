# shellcheck shell=sh
# Runs the dhcp plugin's daemon on a node, one for each socket that networks name.
#
#   serve.sh SOCKET…     paths on the node
#
# A daemon that was killed leaves its socket, on which the next one cannot listen: what nobody
# listens on is taken away. Somebody else's daemon keeps its socket, and this waits for it to go.
set -u

HOST=${DHCP_HOST_PREFIX:-/host}
DAEMON=${DHCP_PROGRAM:-/opt/cni/bin/dhcp}
OWN_DIR=${DHCP_OWN_DIR:-/run/multinet}
READY=$OWN_DIR/ready
WHY=$OWN_DIR/why

started='' # process ids
said=''

say() { echo "multinet: $*" >&2; }

pause() {
    sleep "$1" &
    wait $! # a signal ends the wait, not only the sleep
}

# listens SOCKET: whether somebody does, by the kernel's list. It has the path as its owner named
# it: a pod's has a prefix.
listens() {
    # Type, state and inode stand before the path; 00010000 is a socket that accepts connections.
    grep -q " 00010000 .* \(/[^ ]*\)\{0,1\}$1\$" /proc/net/unix
}

# shellcheck disable=SC2329  # called by the trap
stop() {
    trap '' TERM INT
    rm -f "$READY"
    # Asked to end, it takes its socket away itself.
    # shellcheck disable=SC2086  # one argument for each
    [ -z "$started" ] || { kill -TERM $started 2>/dev/null; wait $started 2>/dev/null; }
    exit 0
}
trap stop TERM INT

serve() {
    until ! listens "$1"; do
        why="somebody else's dhcp daemon listens on $1, not touched: end that one, or set \
addons.dhcpDaemon: false"
        echo "$why" >"$WHY"
        [ "$said" = "$why" ] || say "$why"
        said=$why
        pause 2
    done
    rm -f "$HOST$1"
    "$DAEMON" daemon -hostprefix "$HOST" -socketpath "$1" &
    started="$started $!"
}

mkdir -p "$OWN_DIR"
rm -f "$READY" "$WHY"
for socket in "$@"; do serve "$socket"; done
rm -f "$WHY"
while :; do
    for process in $started; do
        kill -0 "$process" 2>/dev/null || {
            wait "$process"
            say "a daemon has ended with status $?"
            exit 1
        }
    done
    there=yes
    for socket in "$@"; do [ -S "$HOST$socket" ] || there=no; done
    if [ "$there" = yes ]; then : >"$READY"; else rm -f "$READY"; fi
    pause 2
done
