# shellcheck shell=sh
# Checks a node and changes nothing. Problems for people go to stderr; stdout gets one line of
# JSON. Exit 1 where something is wrong, with --report 0: then the report says it.

PROBLEMS=''
ERRORS=0

json() { printf '"%s"' "$(printf '%s' "$1" | tr -c '\040-\176' '?' | sed 's/[\\"]/\\&/g')"; }

# problem SEVERITY CODE SUBJECT RULE WAY-OUT
problem() {
    [ "$1" != error ] || ERRORS=$((ERRORS + 1))
    printf '%s: %s[%s] %s: %s\n    way out: %s\n' "$NODE" "$1" "$2" "$3" "$4" "$5" >&2
    PROBLEMS="$PROBLEMS${PROBLEMS:+,}{\"severity\":$(json "$1"),\"code\":$(json "$2"),\"subject\":$(
        json "$3"
    ),\"rule\":$(json "$4"),\"wayOut\":$(json "$5")}"
}

need_root() {
    [ "$(id -u)" -eq 0 ] || problem error node-not-root "$(id -un)" \
        'the scripts run as root' 'log in as root, or as a user who may sudo -n without a terminal'
}

# need_tool COMMAND PACKAGE
need_tool() {
    have "$1" || problem error node-tool-missing "$1" 'the command is not on this node' \
        "install it (Debian's package: $2)"
}

need_download_tool() {
    have curl || have wget || problem error node-tool-missing curl \
        'neither curl nor wget is on this node, and the plugins come from a mirror' \
        'install one, or use cniPlugins.source: archive'
}

need_systemd() {
    have_systemd || problem "$1" node-no-systemd systemd "$2" "$3"
}

# need_architecture NAME
need_architecture() {
    case $(uname -m) in
    x86_64) machine=amd64 ;;
    aarch64) machine=arm64 ;;
    armv7l | armv6l) machine=arm ;;
    *) machine=$(uname -m) ;;
    esac
    [ "$machine" = "$1" ] || problem error node-architecture "$machine" \
        "the node is $machine, declared is $1" "set architecture: $machine"
}

need_directory() {
    place=$1
    while [ ! -e "$(at "$place")" ]; do place=$(dirname "$place"); done
    if [ ! -d "$(at "$place")" ]; then
        problem error node-not-a-directory "$place" "a file stands where directory $1 is to be" \
            'move the file away, or name another directory (multus.cniConfDir, cniBinDir)'
    elif ! can_write "$place"; then
        problem error node-directory-read-only "$place" "$1 cannot be written" \
            'name a writable one: multus.distribution knows those of k3s, rke2, microk8s …'
    fi
}

# need_plugin NAME NETWORKS WAY_OUT
need_plugin() {
    program=$(at "$BIN_DIR/$1")
    { [ -f "$program" ] && [ -x "$program" ]; } || problem error node-plugin-missing "$1" \
        "there is no $BIN_DIR/$1, and pods of $2 need it" "$3"
}

# need_configuration NETWORK DIRECTORY: Multus finds the node's own configuration of that name.
need_configuration() {
    directory=$(at "$2")
    for file in "$directory"/*.conf "$directory"/*.conflist "$directory"/*.json; do
        # Of keys called name, plugins have more; that of a network is a DNS label.
        ! grep -q "\"name\"[[:space:]]*:[[:space:]]*\"$1\"" "$file" 2>/dev/null || return 0
    done
    problem warning node-configuration-missing "$1" \
        "no file in $2 has a configuration with this name, and pods here fail" \
        'have it laid out, keep the pods away with nodeSelector, or give the network a config'
}

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

need_module() {
    [ -d "/sys/module/$(printf '%s' "$1" | tr - _)" ] && return 0
    { have modprobe && modprobe -n -q "$1"; } || problem error node-module-missing "$1" \
        "the kernel $(uname -r) has no such module" "$2"
}

need_sysctl() {
    [ -e "$(sysctl_file "$1")" ] || problem error node-sysctl-missing "$1" \
        'the kernel has no such setting' 'correct it, or load its module with modules'
}

# need_dhcp_unit SOCKET NETWORKS: a daemon that we run, unless others do.
need_dhcp_unit() {
    [ -S "$(at "$1")" ] || need_systemd error \
        "networks $2 use dhcp, and this node has no systemd to run its daemon" \
        'start its daemon by other means, and set dhcpDaemon: check'
}

# need_dhcp SOCKET NETWORKS: a daemon that others run.
need_dhcp() {
    [ -S "$(at "$1")" ] || problem error node-dhcp-daemon-missing "$1" \
        "no dhcp daemon listens there, and $2 needs it" 'set dhcpDaemon: systemd, or start it'
}

# need_free NETWORK FIRST LAST LINK GATEWAYS: no address of the node on that link (empty: on any)
# is one that pods are given.
need_free() {
    taken=$(ip -o -4 address show | awk -v first="$2" -v last="$3" -v link="$4" -v free=" $5 " '
        { split($4, a, "/"); split(a[1], o, ".")
          n = ((o[1] * 256 + o[2]) * 256 + o[3]) * 256 + o[4]
          if (n < first || n > last || (link != "" && $2 != link)) next
          if (!index(free, " " a[1] " ")) printf "%s on %s, ", a[1], $2 }')
    [ -z "$taken" ] || problem error node-address-in-range "$1" \
        "pods can be given the node's own address (${taken%, })" \
        'exclude it, or move the range'
}

# need_allocations NETWORK DIRECTORY CAPACITY: host-local has addresses left.
need_allocations() {
    directory=$(at "$2")
    [ -d "$directory" ] || return 0
    used=0
    for file in "$directory"/[0-9]*; do [ ! -f "$file" ] || used=$((used + 1)); done
    [ "$used" -lt "$3" ] || problem warning node-range-exhausted "$1" \
        "all $3 addresses are taken on this node" \
        "widen the range; remove files of pods that are gone from $2"
}

# configurations: what is in the CNI directory besides Multus's, one blank between names.
configurations() {
    directory=$(at "$CONF_DIR")
    for file in "$directory"/*.conf "$directory"/*.conflist "$directory"/*.json; do
        name=${file##*/}
        [ ! -f "$file" ] || [ "${name#00-multus.}" != "$name" ] || printf '%s ' "$name"
    done
}

PRIMARY_MISSING=no

# need_primary FILE: of a primary that was there before; where none has written yet, it may come.
need_primary() {
    there=$(configurations)
    { [ ! -f "$(at "$CONF_DIR/$1")" ] && [ -n "$there" ]; } || return 0
    PRIMARY_MISSING=yes
    problem error node-primary-missing "$1" \
        "there is no such file in $CONF_DIR, and Multus would wait for it; there is: ${there% }" \
        'name the file of the primary CNI as primaryCni.confFile'
}

# need_clean PRIMARY: no file in the CNI directory gets in the way.
need_clean() {
    for name in $(configurations); do
        [ -z "$1" ] || [ "$name" = "$1" ] || [ "$PRIMARY_MISSING" = yes ] ||
            problem warning node-other-configuration "$name" \
                "besides $1 there is another configuration in $CONF_DIR" \
                'remove it, or name it as primaryCni.confFile: one of the two is stale'
    done
    for file in "$(at "$CONF_DIR")"/*.cilium_bak; do
        [ ! -f "$file" ] || problem warning node-cilium-backup "${file##*/}" \
            'an exclusive Cilium renamed it; nothing renames it back' 'remove it, or rename it'
    done
    [ "$MULTUS" = yes ] || return 0
    for name in 00-multus.conf 00-multus.conflist; do
        if [ -f "$(at "$CONF_DIR/$name")" ] && [ -z "$(entry leftover "$CONF_DIR/$name")" ]; then
            case $(whose_multus) in
            ours) ;;
            theirs) problem error node-other-multus "$name" \
                'a Multus that is not from here runs on this node, or left its configuration' \
                'remove that one, or set multus.enabled: false to use it' ;;
            *) problem warning node-other-multus "$name" \
                'a Multus left it, and whose it was cannot be told: destroy will leave it, too' \
                'remove it by hand if no Multus runs here' ;;
            esac
        fi
    done
}

main() {
    need_root
    for tool in ip:iproute2 sed:sed awk:mawk sha256sum:coreutils; do
        need_tool "${tool%:*}" "${tool#*:}"
    done
    needs
    printf '{"format":1,"node":%s,"kernel":%s,"errors":%s,"problems":[%s]}\n' \
        "$(json "$NODE")" "$(json "$(uname -r)")" "$ERRORS" "$PROBLEMS"
    [ "${1:-}" = --report ] || [ "$ERRORS" -eq 0 ]
}
