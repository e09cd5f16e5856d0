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
