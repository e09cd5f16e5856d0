# shellcheck shell=sh
# What networks need of a node's links: looks, and changes nothing.

# need_link LINK MTU NETWORKS: it exists, and carries packets of MTU bytes (0: of any size).
need_link() {
    if ! link_exists "$1"; then
        problem error node-link-missing "$1" "the node has no such link, and $3 needs it" \
            'name one that is there, declare it under links to have it made, or use nodeSelector'
        return 0
    fi
    mtu=$(link_attribute "$1" mtu)
    [ "$2" -le "$mtu" ] || problem error node-mtu-too-small "$1" \
        "its MTU is $mtu, and $3 asks for $2" "lower the network's mtu, or raise the link's"
    [ "$(link_attribute "$1" up)" = on ] || problem warning node-link-down "$1" \
        "the link is down, and $3 needs it" "ip link set $1 up"
}

# need_fact LINK ATTRIBUTE VALUE
need_fact() {
    link_exists "$1" || return 0
    real=$(link_attribute "$1" "$2")
    [ "$real" = "$3" ] || problem error node-fact-wrong "$1" \
        "declared is $2 $3, the node has $real" 'correct the declaration, or add change: true'
}

# need_settable LINK: it exists, to be changed.
need_settable() {
    link_exists "$1" || problem error node-link-missing "$1" \
        'the node has no such link to change' 'correct its name under links'
}

need_functions() {
    link_exists "$1" || return 0
    most=$(cat "/sys/class/net/$1/device/sriov_totalvfs" 2>/dev/null || echo 0)
    [ "$2" -le "$most" ] || problem error node-no-functions "$1" \
        "it can have $most virtual functions, declared are $2" \
        'enable SR-IOV in the firmware, or lower vfs'
}

# need_name LINK KIND: the name is free, or taken by exactly that.
need_name() {
    link_exists "$1" || return 0
    kind=$(link_kind "$1")
    [ "$kind" = "$2" ] || problem error node-link-taken "$1" \
        "is to be made as $2, but it is there as $kind" 'choose another name, or remove that link'
}

# default_links: the link of the default route of each IP version, and what is below it. A node that
# has several at the same metric, or a bond of several, lives on without one of them.
default_links() {
    for version in -4 -6; do
        link=$(ip "$version" -o route show default 2>/dev/null | awk '
            { metric = 0; by = ""; ways = 0
              for (i = 1; i < NF; i++) {
                  if ($i == "metric") metric = $(i + 1) + 0
                  if ($i == "dev") { by = $(i + 1); ways++ }
              }
              if (!ways) next
              if (!seen || metric < least) { least = metric; best = by; all = 0 }
              if (metric == least) all += ways
              seen = 1 }
            END { if (all == 1) print best }')
        [ -z "$link" ] || links_below "$link"
    done
}

# links_below LINK: the link, and those that carry its packets.
links_below() {
    echo "$1"
    below=''
    for lower in "/sys/class/net/$1"/lower_*; do
        [ ! -e "$lower" ] || below="$below ${lower##*/lower_}"
    done
    case $below in
    ' '*' '*) [ "$(link_kind "$1")" = bridge ] || return 0 ;;
    esac
    for lower in $below; do links_below "$lower"; done
}

# taken_link KEY VALUE: the link's name, found as host-device finds it; nothing where there is none.
taken_link() {
    case $1 in
    device)
        # By another name of the link, too.
        if [ -n "$2" ]; then ip -o link show dev "$2" 2>/dev/null; else default_links; fi |
            awk '{ name = $NF; if (NF > 1) name = $2; sub(/[@:].*/, "", name); print name; exit }'
        ;;
    hwaddr)
        ip -o link show | awk -v address="$2" '
            { for (i = 3; i < NF; i++) if ($i ~ "^link/" && $(i + 1) == address) {
                  sub(/[@:].*/, "", $2); print $2; exit } }'
        ;;
    kernelpath) first_link "$2/net" ;;
    pciBusID) first_link "/sys/bus/pci/devices/$2/net" "/sys/bus/pci/devices/$2"/virtio*/net ;;
    esac
}

# first_link DIRECTORY…
first_link() {
    for directory in "$@"; do
        for entry in "$directory"/*; do
            [ ! -e "$entry" ] || { echo "${entry##*/}"; return 0; }
        done
    done
}

# need_spared KEY VALUE NETWORKS: what pods take is not what the node lives on.
need_spared() {
    link=$(taken_link "$1" "$2")
    for needed in $(default_links); do
        [ "$needed" = "$link" ] || continue
        problem error node-default-link "$link" \
            "pods of $3 take it, and the node's default route leaves by it: the node is cut off" \
            'name another device, or keep the pods away with nodeSelector'
        return 0
    done
}

# need_bridge NAME NETWORKS: a link of that name is a bridge.
need_bridge() {
    { link_exists "$1" && [ "$(link_kind "$1")" != bridge ]; } || return 0
    problem error node-not-a-bridge "$1" \
        "it is there and is no bridge, and $2 names it as one: bridge refuses it" \
        'name a bridge, and declare that under links, with this link in its ports'
}

# need_no_port LINK NETWORKS: no bridge takes the link's packets.
need_no_port() {
    link_exists "$1" || return 0
    master=$(link_attribute "$1" master)
    { [ "$master" != none ] && [ "$(link_kind "$master")" = bridge ]; } || return 0
    problem error node-master-is-a-port "$1" \
        "it is a port of bridge $master, and $2 hangs on it: the kernel refuses that as busy" \
        "name $master as the master"
}
