# shellcheck shell=sh
# Keeps CNI plugins in a node's plugin directory, and takes them away again when it is asked to end.
#
#   lay-out.sh PLUGIN…     names of programs that the image has
#
# Only what nobody else has put there is laid out, and only what was laid out here is ever changed or
# removed. A record beside the plugins says what that is, one line for each:
#
#   pod UID                the pod that sees to them
#   NAME SHA256 INODE      a plugin that is ours; INODE is - until it is in its place
#
# The record names a plugin before it is there and forgets it after it is gone, so whatever is cut
# off in between, the next pod knows what is ours. A file whose content and inode are both others
# than recorded was put there by somebody else, and one that still answers as a plugin too.
#
# While a DaemonSet rolls, the next pod takes over the record before this one ends: then this one
# leaves all as it is. Asked to end while it sees to them, it takes them away: nobody follows.
set -u
umask 022

BIN=${PLUGINS_BIN:-/host/opt/cni/bin}
IMAGE=${PLUGINS_IMAGE:-/opt/cni/bin}
NODE_BIN=${PLUGINS_NODE_BIN:-/opt/cni/bin} # what the directory is called on the node
OWN=${PLUGINS_OWN_DIR:-/run/multinet}
POD=${POD_UID:-none}
EVERY=${PLUGINS_EVERY:-5} # seconds between two looks
RECORD=$BIN/.multinet-plugins
SEEN=$OWN/seen      # NAME INODE SIZE TIME of what was found right
WHY=$OWN/why        # what the readiness probe prints
READY=$OWN/ready

say() { echo "multinet: $*" >&2; }

# once TEXT: said when it is new, not at each look.
once() {
    grep -qxF "$1" "$OWN/said" 2>/dev/null || {
        say "$1"
        echo "$1" >>"$OWN/said"
    }
}

digest() {
    sum=$(sha256sum "$1" 2>/dev/null) || return 1
    echo "${sum%% *}"
}

inode() { stat -c %i "$1" 2>/dev/null; }

owner() { sed -n 's/^pod //p' "$RECORD" 2>/dev/null; }

# recorded NAME: its digest and inode, where it is ours.
recorded() { sed -n "s/^$1 \([0-9a-f]\{64\} .*\)/\1/p" "$RECORD" 2>/dev/null; }

# write_record SED-SCRIPT [LINE]: the record changed, whole at once, and on the disk.
write_record() {
    {
        echo "pod $POD"
        sed -e '/^pod /d' -e "$1" "$RECORD" 2>/dev/null
        [ -z "${2:-}" ] || echo "$2"
    } >"$RECORD.new" && sync "$RECORD.new" && mv -f "$RECORD.new" "$RECORD"
}

forget() { write_record "/^$1 /d"; }
remember() { write_record "/^$1 /d" "$1 $2 $3"; }

# answers FILE: whether it is a plugin that works, so no damage of ours.
answers() {
    [ -s "$1" ] || return 1
    case $(head -c 2 "$1" 2>/dev/null | tr -d '\000') in '#!') return 0 ;; esac
    echo '{"cniVersion":"1.0.0"}' | CNI_COMMAND=VERSION timeout 10 "$1" 2>/dev/null |
        grep -q supportedVersions
}

# put NAME SHA256 replace|add: into its place by a rename, and only what arrived as it is here.
put() {
    scratch=$BIN/.multinet-$1.new
    rm -f "$scratch"
    if ! cp "$IMAGE/$1" "$scratch" || ! chmod 0755 "$scratch" || ! sync "$scratch"; then
        rm -f "$scratch"
        problem "$NODE_BIN/$1 cannot be written: $(cause)"
        return 1
    fi
    if [ "$(digest "$scratch")" != "$2" ]; then
        rm -f "$scratch"
        problem "$NODE_BIN/$1 did not arrive as it is in the image: the node's disk is full or broken"
        return 1
    fi
    remember "$1" "$2" - || return 1
    if [ "$3" = replace ]; then
        mv -f "$scratch" "$BIN/$1"
    else
        # A link, and not a rename: it replaces nothing that has come since we looked.
        ln "$scratch" "$BIN/$1" 2>/dev/null || forget "$1"
        rm -f "$scratch"
    fi
    [ -z "$(recorded "$1")" ] || remember "$1" "$2" "$(inode "$BIN/$1")"
}

# cause: why nothing can be written into the directory, and what to do about it.
cause() {
    free=$(df -P "$BIN" 2>/dev/null | sed -n '2s/.* \([0-9]*\)%.*/\1/p')
    options=$(sed -n "s|^[^ ]* $BIN [^ ]* \([^ ]*\).*|\1|p" /proc/mounts | tail -1)
    case ,$options, in
    *,ro,*)
        echo "it is read-only on this node; name a directory that can be written, and that the" \
            "node's runtime looks into: multus.distribution or multus.cniBinDir"
        return
        ;;
    esac
    if [ "${free:-0}" -ge 100 ]; then
        echo "the disk is full; make room on the node"
    else
        echo "permission denied, as SELinux or another security module does: let spc_t write there" \
            "(ausearch -m avc shows what was refused), or label it container_file_t"
    fi
}

problem() {
    problems="${problems:+$problems; }$1"
    once "$1"
}

# known NAME: whether it is as it was when it was found right.
known() { grep -qxF "$1 $(stat -c '%i %s %Y %Z' "$BIN/$1" 2>/dev/null)" "$SEEN" 2>/dev/null; }

right() {
    { grep -v "^$1 " "$SEEN" 2>/dev/null; echo "$1 $(stat -c '%i %s %Y %Z' "$BIN/$1")"; } >"$SEEN.new"
    mv -f "$SEEN.new" "$SEEN"
}

see_to() {
    if [ ! -f "$IMAGE/$1" ]; then
        problem "the image has no $IMAGE/$1; name one that has it, or leave the plugin out of" \
            "addons.cniPlugins.plugins"
        return
    fi
    ours=$(recorded "$1")
    if [ ! -e "$BIN/$1" ]; then
        [ -z "$ours" ] || say "$NODE_BIN/$1 was removed; it is laid out again"
        wanted=$(digest "$IMAGE/$1")
        put "$1" "$wanted" add && right "$1"
        return
    fi
    if [ -z "$ours" ]; then
        once "$NODE_BIN/$1 is there already, and others brought it: it stays as it is"
        return
    fi
    known "$1" && return
    wanted=$(digest "$IMAGE/$1")
    there=$(digest "$BIN/$1")
    if [ "$there" = "$wanted" ]; then
        remember "$1" "$wanted" "$(inode "$BIN/$1")"
    elif [ "$there" = "${ours%% *}" ]; then
        put "$1" "$wanted" replace || return
    elif [ "${ours##* }" != "$(inode "$BIN/$1")" ] && [ -s "$BIN/$1" ] || answers "$BIN/$1"; then
        say "$NODE_BIN/$1 was replaced by others; it is theirs from now on"
        forget "$1"
        return
    else
        say "$NODE_BIN/$1 was damaged; it is laid out again"
        put "$1" "$wanted" replace || return
    fi
    right "$1"
}

# take_away NAME SHA256: only what is still ours.
take_away() {
    if [ -e "$BIN/$1" ] && [ "$(digest "$BIN/$1")" != "$2" ]; then
        say "$NODE_BIN/$1 is no longer what was laid out; it stays"
    else
        rm -f "$BIN/$1"
    fi
}

wanted_here() {
    for plugin in $PLUGINS; do [ "$plugin" != "$1" ] || return 0; done
    return 1
}

look() {
    problems=''
    if ! write_record '' 2>/dev/null; then
        problem "$NODE_BIN cannot be written: $(cause)"
    else
        for plugin in $PLUGINS; do see_to "$plugin"; done
        grep -v '^pod ' "$RECORD" | while read -r name sum _; do
            wanted_here "$name" && continue
            take_away "$name" "$sum"
            forget "$name"
        done
    fi
    if [ -z "$problems" ]; then
        rm -f "$WHY"
        [ -e "$READY" ] || say "all are there: ${PLUGINS:-none is asked for}"
        : >"$READY"
    else
        rm -f "$READY"
        echo "$problems" >"$WHY"
        echo "$problems" >/dev/termination-log 2>/dev/null || :
    fi
}

# shellcheck disable=SC2329  # called by the trap
stop() {
    trap '' TERM INT
    if [ "$(owner)" != "$POD" ]; then
        say "another pod sees to the plugins now; they stay"
        exit 0
    fi
    grep -v '^pod ' "$RECORD" | while read -r name sum _; do take_away "$name" "$sum"; done
    rm -f "$BIN"/.multinet-*.new "$RECORD.new" "$RECORD"
    sync
    say "what was laid out is taken away"
    exit 0
}

PLUGINS=$*
mkdir -p "$OWN"
rm -f "$READY" "$WHY" "$SEEN" "$OWN/said"
trap stop TERM INT
rm -f "$BIN"/.multinet-*.new 2>/dev/null
taken=no
while :; do
    case $(owner) in
    "$POD" | '') look ;;
    *) if [ "$taken" = no ]; then look; fi ;; # taken over from the pod before, once
    esac
    [ "$(owner)" != "$POD" ] || taken=yes
    sleep "$EVERY" &
    wait $!
done
