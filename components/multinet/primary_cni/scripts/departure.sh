# shellcheck shell=sh
# Run by a destroy before this stack's primary CNI goes, while it still serves: says which pods would
# outlive it, and on which nodes something of it stays. Changes nothing.
#
# MULTINET_PRIMARY: Calico or Cilium. MULTINET_NODES: the declared nodes, which are cleaned.
# MULTINET_STAYS: what stays on the others.

if ! command -v kubectl >/dev/null 2>&1; then
    echo "kubectl is not on PATH here, so nobody could look which pods outlive $MULTINET_PRIMARY"
    exit 0
fi

# What goes with it is its own: by namespace, or by the chart's label.
pods=$(cluster get pods --all-namespaces --selector=app.kubernetes.io/part-of!=cilium --output \
    "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name} {.status.phase} at={\
.spec.nodeName} {.spec.hostNetwork}{'\n'}{end}" |
    awk '$4 != "true" && $3 != "at=" && ($2 == "Running" || $2 == "Pending") &&
        $1 !~ /^(calico-system|calico-apiserver|tigera-operator)\// { print $1 }') || exit 0
if [ -n "$pods" ]; then
    count=$(printf '%s\n' "$pods" | grep -c .)
    echo "pods that outlive $MULTINET_PRIMARY, $count in all: nobody serves their eth0 any more, and" \
        'deleting them hangs, since their network cannot be taken back (then: kubectl delete' \
        "--force): $(printf '%s\n' "$pods" | head -5 | tr '\n' ' ')"
fi

nodes=$(cluster get nodes --output "jsonpath={range .items[*]}{.metadata.name}{'\n'}{end}" |
    awk -v declared=" $MULTINET_NODES " 'index(declared, " " $1 " ") == 0') || exit 0
[ -z "$nodes" ] ||
    echo "on nodes that are not declared there stay $MULTINET_STAYS (docs/nodes.md, \"What stays\"," \
        "takes them away): $(printf '%s\n' "$nodes" | head -5 | tr '\n' ' ')"
