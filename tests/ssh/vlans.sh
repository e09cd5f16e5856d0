#!/bin/sh
# For a kernel whose bridges cannot tell VLANs apart: as much of `bridge vlan` as the node scripts use,
# with what iproute2 6.1 prints, and `ip` without the option. Called as one or the other.
ports=/run/vlans
mkdir -p "$ports"

is_port() { /usr/sbin/ip -o link show dev "$1" 2>/dev/null | grep -q ' master '; }

# numbers RUN: each VLAN of `FIRST-LAST` or `ONE`.
numbers() { seq "${1%-*}" "${1#*-}"; }

case ${0##*/} in
ip)
    case $* in
    *' vlan_filtering 1') exec /usr/sbin/ip link add name "$4" type bridge ;;
    *) exec /usr/sbin/ip "$@" ;;
    esac
    ;;
esac

[ "$1 $3" = 'vlan dev' ] || exit 2
verb=$2 port=$4 run=${6:-}
is_port "$port" || {
    rm -f "$ports/$port"
    echo "Cannot find bridge device \"$port\"" >&2
    exit 255
}
[ -f "$ports/$port" ] || echo 1 >"$ports/$port"
case $verb in
show)
    echo 'port              vlan-id  '
    name=$port
    sort -n "$ports/$port" | while read -r vlan; do
        [ "$vlan" != 1 ] || flags=' PVID Egress Untagged'
        printf '%-18s%s%s\n' "$name" "$vlan" "${flags:-}"
        name='' flags=''
    done
    ;;
add)
    { cat "$ports/$port"; numbers "$run"; } | sort -nu >"$ports/.new"
    mv "$ports/.new" "$ports/$port"
    echo "add $run" >>"$ports/.log"
    ;;
del)
    for vlan in $(numbers "$run"); do
        grep -qx "$vlan" "$ports/$port" || { echo 'RTNETLINK answers: No such file' >&2; exit 255; }
    done
    numbers "$run" >"$ports/.gone"
    grep -vxFf "$ports/.gone" "$ports/$port" >"$ports/.new" || true
    mv "$ports/.new" "$ports/$port"
    echo "del $run" >>"$ports/.log"
    ;;
*) exit 2 ;;
esac
