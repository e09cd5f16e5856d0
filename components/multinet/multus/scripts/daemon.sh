# shellcheck shell=sh
# Runs Multus's daemon on a node, and sees to what the daemon leaves to others: that it starts
# when the primary CNI is there, that its configuration stays as it is, and that at a rollout the
# next daemon takes over without a moment in which pods start without their networks.
#
#   daemon.sh PRIMARY     name of the primary CNI's configuration file
#
# The daemon writes its configuration into a directory of its own (cniConfigDir). What the
# runtime reads is a copy that only this script writes and removes: the daemon would remove it
# whenever it ends. In the copy the primary's configuration stands in full, where the daemon's
# only names the file: by name, Multus forgets most of it until the pod is deleted, and the
# primary's plugin cannot free the pod's address (multus-cni#1449).
#
# A pod that is deleted while no daemon answers, and every pod of before a power cut, is told to
# the runtime as deleted, but nobody frees its addresses. So a daemon that begins to answer first
# deletes what Multus remembers of pods whose network namespace is gone.
#
# Two daemons share a node while a rollout surges. The newer one has replaced the socket, so the
# socket's inode tells a daemon whether it is still the one that pods are attached by.
set -u
umask 077

CONF_DIR=${MULTUS_CONF_DIR:-/host/etc/cni/net.d}
SOCKET=${MULTUS_SOCKET:-/host/run/multus/multus.sock}
DAEMON=${MULTUS_DAEMON:-/usr/src/multus-cni/bin/multus-daemon}
SHIM=${MULTUS_SHIM:-/usr/src/multus-cni/bin/multus-shim}
STATE=${MULTUS_STATE:-/var/lib/cni/multus}
NETNS=${MULTUS_NETNS:-/run/netns}
OWN_DIR=${MULTUS_OWN_DIR:-/run/multinet}
CONF=$CONF_DIR/00-multus.conf
PRIMARY=$CONF_DIR/$1
WRITTEN=$OWN_DIR/00-multus.conf
TAKEN=$OWN_DIR/taken
SERVING=$OWN_DIR/serving

daemon=''  # process id
mine=''    # inode of its socket, once it serves
want=''    # the configuration that pods are to be started by
kept=yes   # whether that was found unchanged
lost=0     # turns in which nobody could reach us
held=0     # turns in a row, of a second each, in which pods were attached by us
losses=0   # turns in a row in which the configuration was gone again

say() { echo "multinet: $*" >&2; }

socket_inode() { stat -c %i "$SOCKET" 2>/dev/null; }

# Whether a daemon other than ours listens, by the kernel's list: all bind the same path.
others_listen() {
    listening=$(grep -c " 00010000 .* $SOCKET\$" /proc/net/unix)
    [ -z "$mine" ] || listening=$((listening - 1))
    [ "$listening" -gt 0 ]
}

# shellcheck disable=SC2329  # called by the trap
# Asked to end: Multus leaves the node, and its configuration with it, unless a successor serves.
stop() {
    trap '' TERM INT
    if [ "$(socket_inode)" != "$mine" ] && others_listen; then
        say "another daemon has taken over; its configuration and socket stay"
        sleep 3 # for the pods that are being attached by this one
        # Asked to end, it would remove the socket by its name.
        [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null
    else
        rm -f "$CONF"
        [ -z "$daemon" ] || kill -TERM "$daemon" 2>/dev/null
    fi
    [ -z "$daemon" ] || wait "$daemon" 2>/dev/null
    exit 0
}
trap stop TERM INT

pause() {
    sleep "$1" &
    wait $! # a signal ends the wait, not only the sleep
}

# configurations: what is in the node's CNI directory, one blank between names.
configurations() {
    for file in "$CONF_DIR"/*.conf "$CONF_DIR"/*.conflist "$CONF_DIR"/*.json; do
        [ ! -f "$file" ] || printf '%s ' "${file##*/}"
    done
}

# await_primary NAME: says which file it waits for and which are there, and again when they change:
# `up` reads it from the log (multus/rollout.py).
await_primary() {
    said=''
    until [ -s "$PRIMARY" ]; do
        there=$(configurations)
        [ "$said" = "-$there" ] || say "waiting for $1; in the node's CNI directory: ${there:-nothing}"
        said="-$there"
        pause 0.2
    done
}

# The daemon's configuration with the primary's own in place of its path.
with_primary() {
    daemons=$(cat "$TAKEN")
    name='"clusterNetwork":"'
    rest=${daemons#*"$name"}
    if [ "$rest" = "$daemons" ]; then
        printf '%s' "$daemons"
    else
        printf '%s"delegates":[%s]%s' "${daemons%%"$name"*}" "$(cat "$PRIMARY")" "${rest#*\"}"
    fi
}

# put CONTENT: whole at once, since the runtime reads it whenever it changes.
put() {
    printf '%s' "$1" >"$CONF.multinet" && mv "$CONF.multinet" "$CONF"
}

# The daemon writes when it has begun to answer, and whenever the primary's file changes; it
# writes an empty file when that is no JSON. What it wrote is taken away, to see it write again.
take() {
    [ -s "$WRITTEN" ] && mv "$WRITTEN" "$TAKEN" || return 0
    want=$(with_primary)
    put "$want"
    if [ -z "$mine" ]; then
        mine=$(socket_inode)
        free_the_dead &
    fi
}

# delete_attachments CONTAINER NAMESPACE POD UID: as the runtime would, of a pod that is no more.
# Without a UID the daemon asks the API server for the pod, which is gone there too, and does
# nothing; whatever it is, no pod has to have it any more.
delete_attachments() {
    say "freeing what pod $2/$3 had: its network namespace is gone"
    printf '%s,"daemonSocketDir":"%s/"}' "${want%\}}" "${SOCKET%/*}" |
        CNI_COMMAND=DEL CNI_CONTAINERID=$1 CNI_NETNS='' CNI_IFNAME=eth0 CNI_PATH="${SHIM%/*}" \
            CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=$2;K8S_POD_NAME=$3;K8S_POD_UID=${4:-gone}" \
            "$SHIM"
}

# cached RESULT NAME: what the runtime told about the pod, of a result that Multus keeps.
cached() { sed -n "s/.*\\[\"$2\",\"\\([^\"]*\\)\"\\].*/\\1/p" "$1"; }

# What Multus remembers: a file per container, and one per interface of it under results/.
free_the_dead() {
    for remembered in "$STATE"/*; do
        [ -f "$remembered" ] || continue
        container=${remembered##*/}
        for result in "$STATE"/results/*-"$container"-*; do
            [ -f "$result" ] || break
            netns=$(sed -n 's/.*"netns":"\([^"]*\)".*/\1/p' "$result")
            pod=$(cached "$result" K8S_POD_NAME)
            if [ -n "$netns" ] && [ -n "$pod" ] && [ ! -e "$NETNS/${netns##*/}" ]; then
                delete_attachments "$container" "$(cached "$result" K8S_POD_NAMESPACE)" "$pod" \
                    "$(cached "$result" K8S_POD_UID)"
            fi
            break
        done
    done
}

# Said once where another program takes it away every time, and then what that means: `up` reads
# it from the log (multus/rollout.py).
keep() {
    there=$(cat "$CONF" 2>/dev/null)
    if [ "$there" = "$want" ]; then
        kept=yes
        losses=0
        return
    fi
    [ "$kept" = no ] || say "$CONF was removed or changed; restored"
    kept=no
    losses=$((losses + 1))
    [ $((losses % 5)) -ne 0 ] ||
        say "losing ${CONF##*/}: restored $losses times in a row, and taken away each time$(by_whom)"
    put "$want"
}

# by_whom: an exclusive agent of Cilium renames what is not its own, within milliseconds.
by_whom() {
    [ ! -e "$CONF.cilium_bak" ] || printf ' by a Cilium with cni.exclusive: true'
}

# Whether pods reach our daemon. When they reach none, it starts anew.
reachable() {
    if [ "$(socket_inode)" = "$mine" ]; then
        lost=0
        return 0
    fi
    if others_listen; then lost=0; else lost=$((lost + 1)); fi
    if [ "$lost" -ge 2 ]; then
        say "$SOCKET is gone and nobody else serves; starting anew"
        kill -KILL "$daemon" 2>/dev/null
        exit 1
    fi
    return 1
}

# The runtime takes a moment to read what has been written: a daemon counts as started two seconds
# later, if its configuration was there all the time. That is not left to the DaemonSet's
# minReadySeconds: with a surge on several nodes its controller can lose the timer, and the rollout
# stands still (kubernetes v1.37, pkg/controller/daemon: a later timer of the same DaemonSet is
# dropped).
settle() {
    if [ "$kept" = no ]; then
        held=0
        return
    fi
    held=$((held + 1))
    [ "$held" -ne 3 ] || : >"$SERVING"
}

rm -f "$WRITTEN" "$TAKEN" "$SERVING"
await_primary "$1"
"$DAEMON" &
daemon=$!
while kill -0 "$daemon" 2>/dev/null; do
    if [ -z "$mine" ]; then
        take
        pause 0.2
    else
        if reachable; then
            take
            keep
            settle
        fi
        pause 1
    fi
done
wait "$daemon"
status=$?
say "the daemon has ended with status $status"
exit "$status"
