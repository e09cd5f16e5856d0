# shellcheck shell=sh
# Shared by multinet's node scripts: looking, never changing.

LC_ALL=C
export LC_ALL
PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"
export PATH
umask 022

STATE=/var/lib/multinet
JOURNAL=$STATE/journal

have() { command -v "$1" >/dev/null 2>&1; }

have_systemd() { have systemctl && [ -d /run/systemd/system ]; }

# at PATH: where a path of the node is found; the node itself, unless a pod looks (pods.sh).
at() { printf '%s\n' "$1"; }

can_write() { [ -w "$1" ]; }

hash_of() { printf '%s' "$1" | sha256sum | cut -c 1-16; }

checksum() { sha256sum <"$1" | cut -d ' ' -f 1; }

# entry KIND KEY: the journal's directory about it; nothing where there is none.
entry() {
    for found in "$JOURNAL"/[0-9]*."$1.$(hash_of "$2")"; do
        [ ! -d "$found" ] || printf '%s\n' "$found"
    done
}

link_exists() { ip link show dev "$1" >/dev/null 2>&1; }

# link_field LINK EXPRESSION: what sed's \1 matches in `ip`'s one line about the link.
link_field() { ip -d -o link show dev "$1" | sed -n "s/^[0-9]*: $2.*/\\1/p"; }

link_flag() {
    case ",$(link_field "$1" '[^ ]* <\([^>]*\)>')," in
    *",$2,"*) echo on ;;
    *) echo off ;;
    esac
}

# link_attribute LINK ATTRIBUTE: mtu, promisc, up, master or vfs, as set_link_attribute takes it.
link_attribute() {
    case $2 in
    mtu) link_field "$1" '[^ ]* <[^>]*> mtu \([0-9]*\) ' ;;
    promisc) link_flag "$1" PROMISC ;;
    up) link_flag "$1" UP ;;
    master)
        master=$(link_field "$1" '[^ ]* <[^>]*> [^\\]* master \([^ ]*\) ')
        printf '%s\n' "${master:-none}"
        ;;
    vfs) cat "/sys/class/net/$1/device/sriov_numvfs" 2>/dev/null || echo none ;;
    esac
}

# link_kind LINK: `vlan ID PARENT`, `bridge`, or `other`.
link_kind() {
    described=$(ip -d -o link show dev "$1")
    case $described in
    *' vlan protocol 802.1Q id '*)
        id=${described#*' vlan protocol 802.1Q id '}
        parent=${described#*@}
        printf 'vlan %s %s\n' "${id%% *}" "${parent%%: *}"
        ;;
    *' bridge forward_delay '*) echo bridge ;;
    *) echo other ;;
    esac
}

# multus_tokens: the credentials of the Multus that is here: thin leaves its own on the node, thick's
# is in its daemon's file system. They are read, never shown.
multus_tokens() {
    sed -n 's/^ *token: *"\{0,1\}\([^" ]*\).*/\1/p' "$CONF_DIR/multus.d/multus.kubeconfig" \
        2>/dev/null || true
    for process in /proc/[0-9]*; do
        if [ "$(cat "$process/comm" 2>/dev/null)" = multus-daemon ]; then
            # /var/run is often a link to /run, which would lead out of the process's own root.
            for run in run var/run; do
                cat "$process/root/$run/secrets/kubernetes.io/serviceaccount/token" 2>/dev/null || true
                echo
            done
        fi
    done
}

# claims_of TOKEN: what a service account's token says of itself.
claims_of() {
    claims=${1#*.}
    printf '%s===' "${claims%%.*}" | tr '_-' '/+' | base64 -d 2>/dev/null | tr -d '\000'
}

# whose_multus: `ours` where a credential names this project's service account, `theirs` where it
# names another, else `unknown`.
whose_multus() {
    whose=unknown
    for token in $(multus_tokens); do
        case $(claims_of "$token") in
        *":$MULTUS_ACCOUNT\""*)
            whose=ours
            break
            ;;
        *) whose=theirs ;;
        esac
    done
    echo "$whose"
}

sysctl_file() { printf '/proc/sys/%s\n' "$(printf '%s' "$1" | tr './' '/.')"; }
