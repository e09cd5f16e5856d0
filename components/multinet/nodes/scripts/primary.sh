# shellcheck shell=sh
# What the primary CNI of this stack leaves on a node when it is gone from the cluster. Only what was
# not there before it came, or what its own credential proves, is taken away; nothing of it while
# its agent runs here.

ENDING=${ENDING:-15}
ENDED=''
RUNNING=''

# ours_already AGENT: whether the credential that it left is one of the operator's Calico, which this
# stack brings: the cluster was asked whose that is.
ours_already() {
    [ "$1" = calico-node ] || return 1
    token=$(sed -n 's/^ *token: *"\{0,1\}\([^" ]*\).*/\1/p' "$CONF_DIR/calico-kubeconfig" 2>/dev/null)
    case $(claims_of "$token") in
    *'"system:serviceaccount:calico-system:'*) return 0 ;;
    *) return 1 ;;
    esac
}

# expect_primary AGENT WHAT…: see primary_cni/leavings.py.
expect_primary() {
    [ "$DRY" = no ] || return 0
    agent=$1 before=''
    shift
    for what in "$@"; do
        if [ -n "$(entry primary "$agent $what")" ]; then
            continue
        elif left_there "$what" && ! ours_already "$agent"; then
            before="$before ${what#*:},"
        else
            record primary "$agent $what" absent
        fi
    done
    [ -z "$before" ] || say "there before us, so undo leaves it:${before%,}"
}

# left_there WHAT
left_there() {
    value=${1#*:}
    case $1 in
    file:*) [ -e "$value" ] || [ -L "$value" ] ;;
    link:*) link_exists "$value" ;;
    rules:*) [ -n "$(for_tables rules_there "$value")" ] ;;
    sets:*) [ -n "$(sets_there "$value")" ] ;;
    routes:*) [ -n "$(ip route show proto "$value" type blackhole 2>/dev/null)" ] ;;
    esac
}

# agent_runs NAME: one that is ending is given a few seconds.
agent_runs() {
    [ "$ENDED" != "$1" ] || return 1
    [ "$RUNNING" != "$1" ] || return 0
    waited=0
    while cat /proc/[0-9]*/comm 2>/dev/null | grep -q -x -F "$1"; do
        if [ "$waited" -ge "$ENDING" ]; then
            RUNNING=$1
            return 0
        fi
        waited=$((waited + 1))
        sleep 1
    done
    ENDED=$1
    return 1
}

# undo_primary AGENT WHAT, in one word
undo_primary() {
    agent=${1%% *} what=${1#* }
    value=${what#*:}
    if agent_runs "$agent"; then
        say "kept $value: $agent runs here"
        return 0
    fi
    case $what in
    file:*) rm -rf "$value" ;;
    link:*) ! link_exists "$value" || ip link delete dev "$value" ;;
    rules:*) for_tables drop_rules "$value" ;;
    sets:*) for set in $(sets_there "$value"); do ipset destroy "$set" || return 1; done ;;
    routes:*)
        for family in -4 -6; do
            ip "$family" route flush proto "$value" type blackhole 2>/dev/null || true
        done
        ;;
    esac
}

sets_there() { ! have ipset || ipset list -n 2>/dev/null | grep "^$1" || true; }

# for_tables FUNCTION "CHAINS COMMENTS": FUNCTION COMMAND TABLE CHAINS COMMENTS for each table there is.
# The legacy commands are left alone where nobody uses them: to ask would load their modules.
for_tables() {
    for command in iptables ip6tables iptables-nft ip6tables-nft iptables-legacy ip6tables-legacy; do
        have "$command" || continue
        case $("$command" --version 2>/dev/null) in
        *legacy*) names=$(cat "/proc/net/${command%%tables*}_tables_names" 2>/dev/null) ;;
        *) names='raw mangle nat filter' ;;
        esac
        for table in $names; do
            "$1" "$command" "$table" "${2% *}" "${2#* }" || return 1
        done
    done
}

# rules_there COMMAND TABLE CHAINS COMMENTS: rules and chains, as the command itself writes them.
rules_there() {
    "$1" -w -t "$2" -S 2>/dev/null |
        grep -e "^-[AN] $3" -e "^-A .* -j $3" -e "^-A .*--comment \"\{0,1\}$4" || true
}

# drop_rules COMMAND TABLE CHAINS COMMENTS: at once, and read by the command itself, quotes and all.
drop_rules() {
    found=$(rules_there "$@")
    [ -n "$found" ] || return 0
    {
        echo "*$2"
        printf '%s\n' "$found" | sed -n "/^-A $3/d; s/^-A /-D /p"
        printf '%s\n' "$found" | sed -n 's/^-N /-F /p'
        printf '%s\n' "$found" | sed -n 's/^-N /-X /p'
        echo COMMIT
    } | "$1-restore" -w -n
}
