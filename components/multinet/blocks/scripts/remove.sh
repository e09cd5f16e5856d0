# shellcheck shell=sh
# Run when no network of the stack is one of blocks any more, after the DaemonSet: gives back the
# nodes' numbers. A node keeps its own while a pod there has an address of its blocks, and so does
# one that left the cluster: whether its machine is off, only a person knows. Whatever it decides,
# it says.
#
# MULTINET_NAMESPACE, MULTINET_SELECTOR: where the Leases are, and which are ours.
# MULTINET_PODS: selector of the DaemonSet's pods, who take numbers.
# MULTINET_NETWORKS: namespace/name of each network of blocks, with blanks between.

way_out="kubectl -n $MULTINET_NAMESPACE delete lease -l $MULTINET_SELECTOR"

if ! command -v kubectl >/dev/null 2>&1; then
    echo "kept the Leases with the nodes' numbers: kubectl is not on PATH here, so nobody could look" \
        "whether pods have addresses of their blocks. When none has: $way_out"
    exit 0
fi

# A line for each Lease: its name and its node.
leases=$(cluster get leases -n "$MULTINET_NAMESPACE" -l "$MULTINET_SELECTOR" --output \
    "jsonpath={range .items[*]}{.metadata.name} {.spec.holderIdentity}{'\n'}{end}" |
    grep -E '^multinet-block-[0-9]+ ' || true)
[ -n "$leases" ] || { echo "no node has a number"; exit 0; }

taking=$(cluster get pods -n "$MULTINET_NAMESPACE" -l "$MULTINET_PODS" --output name | grep -c . || true)
[ "$taking" -eq 0 ] || {
    echo "kept the Leases with the nodes' numbers: $taking pods that take numbers are still there." \
        "When they and all pods with addresses of the blocks are gone: $way_out"
    exit 0
}

# A line for each pod that has not ended: its node, and what it is on.
pods=$(cluster get pods --all-namespaces --field-selector \
    status.phase!=Succeeded,status.phase!=Failed --output "go-template={{range .items}}{{\
\$node := .spec.nodeName}}{{with .metadata.annotations}}{{with index . \
\"k8s.v1.cni.cncf.io/network-status\"}}{{printf \"%s %q\\n\" \$node .}}{{end}}{{end}}{{end}}")
# Our networks are gone by now, and those that left before with them: what has no object any more
# may have been of blocks.
there=$(cluster get network-attachment-definitions.k8s.cni.cncf.io --all-namespaces --ignore-not-found \
    --output "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{' '}{end}" 2>/dev/null || true)
using=$(printf '%s\n' "$pods" | awk -v ours="$MULTINET_NETWORKS" -v there="$there" '
    BEGIN {
        split(there, names, " "); for (i in names) known[names[i]] = 1
        split(ours, names, " "); for (i in names) delete known[names[i]]
    }
    {
        while (match($0, /name\\":( |\\[nt])*\\"[^"\\]+\/[^"\\]+\\"/)) {
            name = substr($0, RSTART, RLENGTH - 2); $0 = $1 " " substr($0, RSTART + RLENGTH)
            sub(/.*\\"/, "", name)
            if (!(name in known)) print $1
        }
    }' | sort | uniq -c | awk '{ printf "%s:%s ", $2, $1 }')
nodes=$(cluster get nodes --output "jsonpath={range .items[*]}{.metadata.name}{' '}{end}")

# shellcheck disable=SC2086  # names without blanks
printf '%s\n' "$leases" | awk -v using="$using" -v nodes="$nodes" '
    BEGIN {
        split(nodes, names, " "); for (i in names) there[names[i]] = 1
        split(using, words, " ")
        for (i in words) if (split(words[i], one, ":") == 2) pods[one[1]] = one[2]
    }
    $2 in pods { print "kept", $1, $2, "pods there have addresses of its blocks: " pods[$2]; next }
    !($2 in there) { print "kept", $1, $2, "the node left the cluster, and its machine may still run"; next }
    { print "free", $1 }' | {
    kept='' free=''
    while read -r what lease node why; do
        if [ "$what" = free ]; then
            free="$free $lease"
        else
            kept="$kept $lease"
            echo "kept the Lease $lease, the number of $node: $why"
        fi
    done
    [ -z "$free" ] || cluster delete lease -n "$MULTINET_NAMESPACE" --ignore-not-found $free >/dev/null
    echo "gave back the numbers of $(printf '%s' "$free" | wc -w) nodes"
    [ -z "$kept" ] ||
        echo "when nothing has their addresses: kubectl -n $MULTINET_NAMESPACE delete lease$kept"
}
