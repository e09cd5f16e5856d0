# shellcheck shell=sh
# Keeps CNI plugins in a node's plugin directory, and takes them away again when it is asked to end.
#
#   lay-out.sh PLUGIN…     names of programs that the image has
#
# Only what nobody else has put there is laid out, and only what was laid out here is ever changed or
# removed. A record beside the plugins, one for each add-on, says what that is:
#
#   pod UID                the pod that sees to them
#   NAME SHA256 INODE      a plugin that is ours; INODE is - until it is in its place
#
# The record names a plugin before it is there and forgets it after it is gone, so whatever is cut
# off in between, the next pod knows what is ours. A file that somebody else put in a plugin's place
# is theirs: it has another inode, or it answers as a plugin. Anything else is damage.
#
# While a DaemonSet rolls, the next pod takes over the record before this one ends: then this one
# leaves all as it is. Asked to end while it sees to them, it takes them away, since nobody follows.
# Of two pods on a node only one is at it at a time, by a lock on the directory: where both wrote the
# record, what one of them had laid out could drop out of it and stay as if it were others'.
# With TAKE_AWAY=yes it takes them away at once, and is ready when they are gone (take-away.sh).
set -u
umask 022
export LC_ALL=C # errors are read

BIN=${PLUGINS_BIN:-/host/opt/cni/bin}
IMAGE=${PLUGINS_IMAGE:-/opt/cni/bin}
NODE_BIN=${PLUGINS_NODE_BIN:-/opt/cni/bin} # what the directory is called on the node
OWN=${PLUGINS_OWN_DIR:-/run/multinet}
EVERY=${PLUGINS_EVERY:-5} # seconds between two looks
POD=${POD_UID:-none}
ADDON=${PLUGINS_ADDON:-cniPlugins} # its key in a stack file
IMAGE_KEY=${PLUGINS_IMAGE_KEY:-image}
RECORD=$BIN/.multinet-${PLUGINS_RECORD:-plugins}
SEEN=$OWN/seen # NAME INODE SIZE MODIFIED CHANGED, of what was found right
WHY=$OWN/why   # what the readiness probe prints
READY=$OWN/ready

problems=''

say() { echo "multinet: $*" >&2; }

# once TEXT: said when it is new, not at each look.
once() {
    grep -qxF "$1" "$OWN/said" 2>/dev/null && return
    say "$1"
    echo "$1" >>"$OWN/said"
}

problem() {
    problems="${problems:+$problems; }$*"
    once "$*"
}

# locked: waits until no other pod on the node is at it. An image without flock does without.
locked() { ! command -v flock >/dev/null || flock 9; }
unlocked() { ! command -v flock >/dev/null || flock -u 9; }

digest() {
    sum=$(sha256sum "$1" 2>/dev/null) && echo "${sum%% *}"
}

owner() { sed -n 's/^pod //p' "$RECORD" 2>/dev/null; }

# recorded [NAME]: NAME SHA256 INODE of what is ours.
recorded() { sed -n "/^pod /d; /^${1:-[^ ]*} [0-9a-f]\{64\} /p" "$RECORD" 2>/dev/null; }

# write_record NAME [SHA256 INODE]: with that line in place of NAME's, whole at once and on the disk.
write_record() {
    failed=$({
        {
            echo "pod $POD"
            recorded | sed "/^$1 /d"
            [ $# -eq 1 ] || echo "$*"
        } >"$RECORD.new" && sync "$RECORD.new" && mv -f "$RECORD.new" "$RECORD"
    } 2>&1) || {
        problem "$NODE_BIN cannot be written: $(cause "$failed")"
        return 1
    }
}

# cause ERROR: what it means, and what to do about it.
cause() {
    case $1 in
    *'ead-only'*)
        echo "it is read-only on this node; name a directory that can be written and that the" \
            "node's runtime looks into: multus.distribution or multus.cniBinDir"
        ;;
    *'o space'*) echo "its disk is full; make room on the node" ;;
    *'ermission denied'* | *'not permitted'*)
        echo "permission denied, as SELinux or another security module does; allow spc_t to write" \
            "there (ausearch -m avc tells what was refused), or label it container_file_t"
        ;;
    *) echo "$1" | sed -n '$p' ;;
    esac
}

# theirs FILE INODE: whether others put it into the place of ours, rather than that ours was damaged.
theirs() {
    [ -s "$1" ] || return 1
    # Cut off around the rename, which of the two is there is not known: then by what it does.
    [ "$2" = - ] || [ "$2" = "$(stat -c %i "$1")" ] || return 0
    IFS= read -r first <"$1" || :
    case $first in '#!'*) return 0 ;; esac
    answers "$1"
}

# answers FILE: whether it is a plugin that works. It is started as the interpreter of a line: then
# the kernel starts it or nobody does. A shell takes a damaged program for a script, and does
# whatever its bytes say.
answers() {
    probe=$RECORD-probe.new
    { printf '#!%s\n' "$1" >"$probe" && chmod 0700 "$probe"; } 2>/dev/null || return 1
    echo '{"cniVersion":"1.0.0"}' | CNI_COMMAND=VERSION timeout 10 "$probe" 2>/dev/null |
        grep -q supportedVersions
    answered=$?
    rm -f "$probe"
    return "$answered"
}

# put NAME SHA256 [replacing]: into its place by a rename, and only what arrived as it is here.
put() {
    scratch=$RECORD-$1.new
    failed=$({ rm -f "$scratch" && cp "$IMAGE/$1" "$scratch" && chmod 0755 "$scratch" && sync "$scratch"; } 2>&1) || {
        rm -f "$scratch"
        problem "$NODE_BIN/$1 cannot be written: $(cause "$failed")"
        return 1
    }
    if [ "$(digest "$scratch")" != "$2" ]; then
        rm -f "$scratch"
        problem "$NODE_BIN/$1 is not what was written to it: the node's disk loses data"
        return 1
    fi
    write_record "$1" "$2" - || return 1
    if [ $# -eq 3 ]; then
        failed=$(mv -f "$scratch" "$BIN/$1" 2>&1) || {
            problem "$NODE_BIN/$1 cannot be replaced: $(cause "$failed")"
            return 1
        }
    elif ! ln "$scratch" "$BIN/$1" 2>/dev/null; then
        # A link, and not a rename: it replaces nothing that has come since we looked.
        rm -f "$scratch"
        write_record "$1"
        return
    fi
    rm -f "$scratch"
    write_record "$1" "$2" "$(stat -c %i "$BIN/$1")"
}

state() { echo "$1 $(stat -c '%i %s %y %z' "$BIN/$1" 2>/dev/null)"; }

# right STATE: as it was before its digest was taken. What is damaged after that has another one.
right() {
    {
        grep -v "^${1%% *} " "$SEEN" 2>/dev/null
        echo "$1"
    } >"$SEEN.new"
    mv -f "$SEEN.new" "$SEEN"
}

# see_to NAME: that it is there, ours or others'. What was laid out is looked at once more.
see_to() {
    before=$(state "$1")
    grep -qxF "$before" "$SEEN" 2>/dev/null && return
    if [ ! -f "$IMAGE/$1" ]; then
        problem "the image has no $IMAGE/$1; give one that has it as addons.$ADDON.$IMAGE_KEY$INSTEAD"
        return
    fi
    line=$(recorded "$1")
    wanted=$(digest "$IMAGE/$1")
    if [ ! -e "$BIN/$1" ]; then
        [ -z "$line" ] || say "$NODE_BIN/$1 was removed; it is laid out again"
        put "$1" "$wanted" || return
    elif [ -z "$line" ]; then
        once "$NODE_BIN/$1 is there already, and others brought it: it stays as it is"
        return
    else
        there=$(digest "$BIN/$1")
        line=${line#* }
        if [ "$there" = "$wanted" ]; then
            inode=$(stat -c %i "$BIN/$1")
            [ "$line" = "$wanted $inode" ] || write_record "$1" "$wanted" "$inode" || return
            right "$before"
        elif [ "$there" = "${line% *}" ]; then
            put "$1" "$wanted" replacing || return
        elif theirs "$BIN/$1" "${line#* }"; then
            say "$NODE_BIN/$1 was replaced by others: it is theirs from now on, and stays"
            write_record "$1"
            return
        else
            say "$NODE_BIN/$1 was damaged; it is laid out again"
            put "$1" "$wanted" replacing || return
        fi
    fi
}

# take_away NAME SHA256: only what is still ours.
take_away() {
    if [ -e "$BIN/$1" ] && [ "$(digest "$BIN/$1")" != "$2" ]; then
        say "$NODE_BIN/$1 is no longer what was laid out; it stays"
        return
    fi
    failed=$(rm -f "$BIN/$1" 2>&1) || problem "$NODE_BIN/$1 cannot be removed: $(cause "$failed")"
}

# take_all_away: and the record, at last.
take_all_away() {
    recorded >"$OWN/ours"
    while read -r name sum _; do take_away "$name" "$sum"; done <"$OWN/ours"
    [ -z "$problems" ] || return
    sync
    rm -f "$RECORD"-*.new "$RECORD.new" "$RECORD"
}

# take_others_away: what is ours and no longer asked for.
take_others_away() {
    recorded >"$OWN/ours"
    while read -r name sum _; do
        case " $PLUGINS " in *" $name "*) continue ;; esac
        take_away "$name" "$sum"
        write_record "$name"
    done <"$OWN/ours"
}

look() {
    problems=''
    if [ "$TAKE_AWAY" = yes ]; then
        take_all_away
    elif [ "$(owner)" = "$POD" ] || write_record -; then
        for plugin in $PLUGINS; do see_to "$plugin"; done
        take_others_away
    fi
    if [ -n "$problems" ]; then
        rm -f "$READY"
        echo "$problems" >"$WHY"
        return
    fi
    rm -f "$WHY"
    [ -e "$READY" ] || say "as it is to be: ${PLUGINS:-nothing is asked for}"
    : >"$READY"
}

# shellcheck disable=SC2329  # called by the trap
stop() {
    trap '' TERM INT
    locked # it may be at it right now: then the lock is its own
    if [ "$(owner)" = "$POD" ]; then
        problems=''
        take_all_away
        [ -n "$problems" ] || say "what was laid out is taken away"
    else
        say "the plugins are another pod's to see to now; they stay"
    fi
    exit 0
}

PLUGINS=$*
INSTEAD=''
[ "$ADDON" != cniPlugins ] || INSTEAD=", or leave the plugin out of addons.cniPlugins.plugins"
TAKE_AWAY=${TAKE_AWAY:-no}
[ "$TAKE_AWAY" != yes ] || PLUGINS=''
mkdir -p "$OWN"
rm -f "$READY" "$WHY" "$SEEN" "$OWN/said"
exec 9<"$BIN"
trap stop TERM INT
locked
rm -f "$RECORD"-*.new "$RECORD.new" 2>/dev/null
taken=no
while :; do
    locked
    # Taken over from the pod before at once; from then on whoever comes next takes it over.
    case $(owner) in
    "$POD" | '') look ;;
    *) [ "$taken" = yes ] || look ;;
    esac
    [ "$(owner)" != "$POD" ] || taken=yes
    unlocked
    sleep "$EVERY" 9<&- &
    wait $!
done
