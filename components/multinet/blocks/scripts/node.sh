# shellcheck shell=bash
# Runs on every node: takes a number that no other node has, and lays out what each network is on
# the node with that number.
#
# The book of numbers is a Lease each, called by its number, with the node's name in it. This
# script only creates them: of two nodes that want one number the API server takes one, and
# nobody's is ever written over. A node's number is the number of its block in every network.
#
# Multus reads a network without a configuration from $LINKS (v4.3.0, pkg/types/conf.go). What
# stands there leads to a file in memory: after a boot no pod starts on a network of ours before
# it is sure that the node still has its number. The names sort last: Multus stops at the first
# file that it cannot read.
#
# The API server is reached by `kubectl proxy` in the pod's other container: no image that is on
# the nodes anyway has both a shell and a program that speaks TLS.
set -u
umask 077
export LC_ALL=C

CONFIG=${BLOCKS_CONFIG:-/etc/multinet}
LINKS=${BLOCKS_LINKS:-/etc/cni/multus/net.d}
FILES=$BLOCKS_FILES # on the node and in this container
PORT=${BLOCKS_PORT:-8001}
PAUSE=${BLOCKS_PAUSE:-5}        # seconds between two looks at the files
CONFIRM=${BLOCKS_CONFIRM:-300}  # seconds after which the number is asked for again
PREFIX=zz-${FILES##*/}-
LEASES=/apis/coordination.k8s.io/v1/namespaces/$NAMESPACE/leases
LABELS='"app.kubernetes.io/component":"node-blocks","app.kubernetes.io/part-of":"multinet"'
OURS='app.kubernetes.io/component%3Dnode-blocks,app.kubernetes.io/part-of%3Dmultinet'

number='' # of this node, once it is its own
said=''   # what was said last

say() {
    [ "$said" = "$*" ] || echo "multinet: $*" >&2
    said=$*
}

pause() {
    sleep "$1" &
    wait $! # a signal ends the wait, not only the sleep
}

# shellcheck disable=SC2329  # called by the trap
# Asked to end: while nobody watches over the number, no pod starts on the node's networks.
stop() {
    trap '' TERM INT
    forget
    exit 0
}
trap stop TERM INT

# forget: takes away all that was laid out, first what Multus sees.
forget() {
    rm -f "$LINKS/$PREFIX"* "$FILES"/*
}

# request METHOD PATH BODY: sets `status` and `answer`; fails where nobody answers.
request() {
    answer=$(
        exec 3<>"/dev/tcp/127.0.0.1/$PORT" || exit 1
        printf '%s %s HTTP/1.0\r\nHost: localhost\r\nContent-Type: application/json\r\n' \
            "$1" "$LEASES$2" >&3
        printf 'Content-Length: %d\r\n\r\n%s' "${#3}" "$3" >&3
        cat <&3
    ) 2>/dev/null || answer=''
    status=${answer#* }
    status=${status%% *}
    [ -n "$answer" ]
}

# book: sets `holder`, number → node.
book() {
    holder=()
    request GET "?labelSelector=$OURS" '' && [ "$status" = 200 ] || return 1
    local n='' line
    while IFS= read -r line; do
        case $line in
        '"name"'*) n=${line##*-} n=${n%\"} ;;
        *) line=${line%\"} holder[n]=${line##*\"} ;;
        esac
    done < <(grep -oE '"name": ?"multinet-block-[0-9]+"|"holderIdentity": ?"[^"]*"' <<<"$answer")
}

# lease NUMBER: the object that says that it is this node's.
lease() {
    printf '{"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"%s",' \
        "multinet-block-$1"
    printf '"labels":{%s}},"spec":{"holderIdentity":"%s"}}' "$LABELS" "$NODE_NAME"
}

# confirm: whether the number is this node's still. One that nobody has any more it takes again.
# Who gets no answer keeps what it has, and asks again soon.
confirm() {
    request GET "/multinet-block-$number" '' || return 0
    if [ "$status" = 404 ]; then
        request POST '' "$(lease "$number")" || return 0
        [ "$status" != 201 ] || asked=$SECONDS
        [ "$status" != 409 ]
    elif [ "$status" = 200 ]; then
        asked=$SECONDS
        grep -qF "\"$NODE_NAME\"" < <(grep -oE '"holderIdentity": ?"[^"]*"' <<<"$answer")
    fi
}

# blocks: sets `least` and `most`: the numbers of blocks of the network with fewest and with most.
blocks() {
    least='' most=0
    local count
    while read -r _ _ count _; do
        [ -n "$least" ] && [ "$least" -le "$count" ] || least=$count
        [ "$most" -ge "$count" ] || most=$count
    done < <(cat "$CONFIG"/*.blocks 2>/dev/null)
}

# claim: takes the lowest number that is free, and of ever more of them any where others, who
# start at the same time, take it first. Numbers that every network has a block for come first.
claim() {
    local window=1 n free
    while [ "$window" -le 65536 ]; do
        if ! book; then
            say "waiting for the API server: ${status:-no answer}"
            return 1
        fi
        for n in "${!holder[@]}"; do
            if [ "${holder[n]}" = "$NODE_NAME" ]; then
                number=$n
                return 0
            fi
        done
        free=()
        for ((n = 0; n < most && ${#free[@]} < window; n++)); do
            [ "$n" -ne "$least" ] || [ "${#free[@]}" -eq 0 ] || break
            [ -n "${holder[n]-}" ] || free+=("$n")
        done
        if [ "${#free[@]}" -eq 0 ]; then
            say "no block is left for this node: ${#holder[@]} nodes have one"
            return 1
        fi
        n=${free[RANDOM % ${#free[@]}]}
        request POST '' "$(lease "$n")" || status=''
        case $status in
        201)
            number=$n
            return 0
            ;;
        409) window=$((window * 2)) ;;
        *)
            say "waiting for the API server: ${status:-no answer} to a new Lease"
            return 1
            ;;
        esac
    done
    return 1
}

# groups ADDRESS: sets `bits`, its numbers of 16 bits; `::` is written out by whoever made the book.
groups() {
    bits=()
    local part
    case $1 in
    *:*) for part in ${1//:/ }; do bits+=($((16#$part))); done ;;
    *)
        local a b c d
        IFS=. read -r a b c d <<<"$1"
        bits=($((a << 8 | b)) $((c << 8 | d)))
        ;;
    esac
}

# written: `bits` as an address.
written() {
    if [ "${#bits[@]}" -eq 2 ]; then
        printf '%d.%d.%d.%d' $((bits[0] >> 8)) $((bits[0] & 255)) $((bits[1] >> 8)) $((bits[1] & 255))
    else
        local IFS=:
        printf '%s' "$(for part in "${bits[@]}"; do printf '%x ' "$part"; done)" | sed 's/ $//;s/ /:/g'
    fi
}

# ends FIRST SHIFT COUNT LOW HIGH: sets `start` and `end` of this node's block of 2^SHIFT addresses.
ends() {
    local i low carry=0 last=$((number == $3 - 1))
    groups "$1"
    for ((i = ${#bits[@]} - 1; i >= 0; i--)); do
        low=$(((${#bits[@]} - 1 - i) * 16)) # the place of the group's last bit
        if [ "$2" -ge $((low + 16)) ]; then
            carry=0
        elif [ "$2" -ge "$low" ]; then
            carry=$((carry + bits[i] + (number << ($2 - low))))
            bits[i]=$((carry & 65535)) carry=$((carry >> 16))
        else
            carry=$((carry + bits[i]))
            bits[i]=$((carry & 65535)) carry=$((carry >> 16))
        fi
    done
    if [ "$number" -eq 0 ]; then start=$4; else start=$(written); fi
    for ((i = ${#bits[@]} - 1; i >= 0; i--)); do
        low=$(((${#bits[@]} - 1 - i) * 16))
        if [ "$2" -ge $((low + 16)) ]; then
            bits[i]=65535
        elif [ "$2" -gt "$low" ]; then
            bits[i]=$((bits[i] | ((1 << ($2 - low)) - 1)))
        fi
    done
    if [ "$last" -eq 1 ]; then end=$5; else end=$(written); fi
}

# put FILE CONTENT: whole at once, since Multus reads it whenever a pod starts.
put() {
    [ "$(cat "$1" 2>/dev/null)" = "$2" ] ||
        { printf '%s\n' "$2" >"$1.new" && mv -f "$1.new" "$1"; }
}

# lay_out: each network as it is on this node; what is no network any more goes.
lay_out() {
    local given network template kind text i first shift count low high wanted=' ' without=''
    for given in "$CONFIG"/*.blocks; do
        [ -f "$given" ] || continue
        network=${given##*/} network=${network%.blocks}
        kind=conf
        [ ! -f "$CONFIG/$network.conflist" ] || kind=conflist
        template=$CONFIG/$network.$kind.$NODE_NAME
        [ -f "$template" ] || template=$CONFIG/$network.$kind
        text=$(cat "$template") i=0
        while read -r first shift count low high; do
            if [ "$number" -ge "$count" ]; then
                without="$without $network"
                continue 2
            fi
            ends "$first" "$shift" "$count" "$low" "$high"
            text=${text//"@first$i@"/"$start"} text=${text//"@last$i@"/"$end"}
            i=$((i + 1))
        done <"$given"
        wanted="$wanted$network.$kind "
        put "$FILES/$network.$kind" "$text"
        show "$network.$kind"
    done
    for given in "$LINKS/$PREFIX"* "$FILES"/*.conf "$FILES"/*.conflist; do
        network=${given##*/} network=${network#"$PREFIX"}
        [[ $wanted == *" $network "* ]] || rm -f "$given"
    done
    if [ -n "$without" ]; then
        say "this node is number $number; no block of its own in:$without"
    else
        say "this node is number $number"
    fi
}

# show FILE: lets Multus see it.
show() {
    local link=$LINKS/$PREFIX$1
    if [ ! -L "$link" ] || ! [ "$link" -ef "$FILES/$1" ]; then
        rm -f "$LINKS/.$1.new"
        ln -s "$FILES/$1" "$LINKS/.$1.new" && mv -f "$LINKS/.$1.new" "$link"
    fi
}

# What leads nowhere is of before a boot.
for link in "$LINKS/$PREFIX"*; do
    [ -e "$link" ] || rm -f "$link"
done
# Of before this script was started again, since the boot: to be confirmed at once.
number=$(cat "$FILES/number" 2>/dev/null)
asked=$((-CONFIRM))
while :; do
    blocks
    if [ -z "$number" ]; then
        claim || {
            forget
            pause "$PAUSE"
            continue
        }
        asked=$SECONDS
    elif [ $((SECONDS - asked)) -ge "$CONFIRM" ]; then
        if ! confirm; then
            say "number $number is another node's now"
            number=''
            forget
            continue
        fi
    fi
    lay_out
    put "$FILES/number" "$number"
    pause "$PAUSE"
done
