# shellcheck shell=sh
# What the preflight's checks find a node by when a pod looks: the node's files below HOST, to be
# read only; its links by sysfs, since the pod's `ip` may be busybox's; and MULTUS_IS, which the
# API server knows. What changes a node over SSH needs is not looked for.

# at PATH: below HOST, with the node's own links followed, which may be absolute.
at() {
    rest=${1#/} found=$HOST hops=0
    while [ -n "$rest" ]; do
        part=${rest%%/*}
        case $rest in */*) rest=${rest#*/} ;; *) rest='' ;; esac
        case $part in
        '' | .) continue ;;
        ..)
            [ "$found" = "$HOST" ] || found=${found%/*}
            continue
            ;;
        esac
        if [ -L "$found/$part" ] && [ "$hops" -lt 40 ]; then
            hops=$((hops + 1))
            target=$(readlink "$found/$part")
            case $target in /*) found=$HOST ;; esac
            rest=$target${rest:+/$rest}
        else
            found=$found/$part
        fi
    done
    printf '%s\n' "$found"
}

# can_write PATH: whether its file system can be; in here all of it is read-only.
can_write() {
    mounted=$(at "$1")
    while :; do
        # Mount points have no blanks; the last mount on one is on top.
        options=$(awk -v point="$mounted" '
            $5 == point { for (i = 6; $i != "-"; i++); found = $(i + 3) }
            END { print found }' /proc/self/mountinfo)
        [ -z "$options" ] || break
        [ "$mounted" != "$HOST" ] || return 0
        mounted=${mounted%/*}
    done
    case ,$options, in *,ro,*) return 1 ;; esac
}

link_exists() { [ -e "/sys/class/net/$1" ]; }

# link_bit LINK BIT: of its flags (IFF_UP is 1, IFF_PROMISC 256).
link_bit() {
    flags=$(cat "/sys/class/net/$1/flags")
    if [ $((flags & $2)) -ne 0 ]; then echo on; else echo off; fi
}

link_attribute() {
    case $2 in
    mtu) cat "/sys/class/net/$1/mtu" ;;
    promisc) link_bit "$1" 256 ;;
    up) link_bit "$1" 1 ;;
    master)
        master=$(readlink "/sys/class/net/$1/master" || true)
        [ -n "$master" ] || master=none
        printf '%s\n' "${master##*/}"
        ;;
    vfs) cat "/sys/class/net/$1/device/sriov_numvfs" 2>/dev/null || echo none ;;
    esac
}

link_kind() {
    if [ -d "/sys/class/net/$1/bridge" ]; then
        echo bridge
    elif [ -r "/proc/net/vlan/$1" ]; then
        sed -n "s/^$1 *| *\\([0-9]*\\) *| *\\(.*\\)/vlan \\1 \\2/p" /proc/net/vlan/config
    else
        echo other
    fi
}

whose_multus() { echo "$MULTUS_IS"; }

entry() { :; }

need_module() {
    name=$(printf '%s' "$1" | tr - _)
    [ -d "/sys/module/$name" ] && return 0
    listed=$(at "/lib/modules/$(uname -r)")
    grep -q "/$name\.ko\|/$1\.ko" "$listed/modules.dep" "$listed/modules.builtin" 2>/dev/null ||
        problem error node-module-missing "$1" "the kernel $(uname -r) has no such module" "$2"
}

need_tool() { :; }
need_download_tool() { :; }
need_systemd() { :; }
need_architecture() { :; }
