# shellcheck shell=sh
# Run when whereabouts goes, after its agents: takes away its kinds with the books that they hold,
# and its Leases. The books of pods that still run are kept, since whoever hands out addresses next
# must not give theirs again; so is what others use as well. Whatever it decides, it says.
#
# MULTINET_NAMESPACE: where whereabouts ran.

GROUP=whereabouts.cni.cncf.io
POOLS=ippools.$GROUP
CRDS="$POOLS overlappingrangeipreservations.$GROUP nodeslicepools.$GROUP"

if ! command -v kubectl >/dev/null 2>&1; then
    echo "kept whereabouts' CRDs, with the books of its addresses, and its Leases: kubectl is not on" \
        "PATH here, so nobody could look whether pods or others use them. To remove them:" \
        "kubectl delete crd $CRDS; kubectl delete lease whereabouts -n $MULTINET_NAMESPACE"
    exit 0
fi

# others_of CRD: who else manages it; what kubectl applied with our label is our own manifests.
others_of() {
    cluster get crd "$1" --ignore-not-found --output "jsonpath={\
.metadata.annotations['kubectl\.kubernetes\.io/last-applied-configuration']}{'\n'}{range \
.metadata.managedFields[*]}{.manager}{' '}{.fieldsV1['f:metadata']['f:labels']}{'\n'}{end}" | awk '
    NR == 1 { ours = index($0, "\"app.kubernetes.io/part-of\":\"multinet\"") }
    NR == 1 || $1 == "" || $1 == "multinet" || $1 == "kube-apiserver" { next }
    $1 == "kubectl" && index($0, "\"f:app.kubernetes.io/part-of\"") { next }
    $1 == "kubectl-client-side-apply" && ours { next }
    { printf " %s", $1 }'
}

[ -n "$(cluster get crd "$POOLS" --ignore-not-found --output name)" ] ||
    { echo "whereabouts' CRDs are gone already"; exit 0; }

for crd in $CRDS; do
    others=$(others_of "$crd")
    [ -z "$others" ] || {
        echo "kept whereabouts' CRDs and books: $crd is managed by others as well:$others"
        exit 0
    }
done

elsewhere=$(cluster get "$POOLS" --all-namespaces --output \
    "jsonpath={range .items[*]}{.metadata.namespace}{'\n'}{end}" |
    grep -vxF "$MULTINET_NAMESPACE" | sort -u | tr '\n' ' ' || true)
[ -z "$elsewhere" ] || {
    echo "kept whereabouts' CRDs and books: others keep theirs in $elsewhere"
    exit 0
}

# The Leases are locks, that of node slices called as its book is: nobody takes them any more.
for lease in whereabouts $(cluster get "$POOLS" -n "$MULTINET_NAMESPACE" --output \
    "jsonpath={range .items[*]}{.metadata.name}{'\n'}{end}"); do
    cluster delete lease "$lease" -n "$MULTINET_NAMESPACE" --ignore-not-found >/dev/null
done

booked=$(cluster get "$POOLS" -n "$MULTINET_NAMESPACE" --output \
    "go-template={{range .items}}{{range .spec.allocations}}{{.podref}}{{\"\\n\"}}{{end}}{{end}}" |
    sort -u)
running=$(cluster get pods --all-namespaces --field-selector \
    status.phase!=Succeeded,status.phase!=Failed --output \
    "jsonpath={range .items[*]}{.metadata.namespace}/{.metadata.name}{'\n'}{end}")
using=$(printf '%s\n' "$booked" | grep -xF "$running" | grep . || true)
if [ -n "$using" ]; then
    count=$(printf '%s\n' "$using" | grep -c .)
    echo "kept whereabouts' CRDs and books: $count pods that still run have addresses of theirs:" \
        "$(printf '%s\n' "$using" | head -5 | tr '\n' ' ')." \
        "Whoever brings whereabouts next goes on with them. When the pods are gone:" \
        "kubectl delete crd $CRDS"
    exit 0
fi

# shellcheck disable=SC2086  # three names
cluster delete crd $CRDS --ignore-not-found --wait=true --timeout=60s >/dev/null
echo "removed whereabouts' CRDs: nobody had an address of theirs any more"
