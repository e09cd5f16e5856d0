# shellcheck shell=sh
# Run by a destroy when Multus and this stack's networks are gone: removes the CRD of networks,
# unless someone else still uses it. Whatever it decides, it says.

CRD=network-attachment-definitions.k8s.cni.cncf.io

if ! command -v kubectl >/dev/null 2>&1; then
    echo "kept the CRD $CRD: kubectl is not on PATH here, so nobody could look whether others use it." \
        "To remove it: kubectl delete crd $CRD"
    exit 0
fi

# Nobody calls Multus any more: what is booked for those that run stays booked when they go.
pods=$(cluster get pods --all-namespaces --field-selector status.phase=Running --output "jsonpath={\
range .items[*]}{.metadata.annotations['k8s\.v1\.cni\.cncf\.io/networks']}{'\n'}{end}" | grep -c . || true)
[ "$pods" -eq 0 ] ||
    echo "$pods running pods keep interfaces of further networks; their addresses stay booked on" \
        'their nodes, and Multus leaves files there: docs/nodes.md, "What stays", takes them away'

# Its name; what kubectl applied last, if it did; then a line for each manager, with its labels.
managers=$(cluster get crd "$CRD" --ignore-not-found --output "jsonpath={.metadata.name}{'\n'}{\
.metadata.annotations['kubectl\.kubernetes\.io/last-applied-configuration']}{'\n'}{range \
.metadata.managedFields[*]}{.manager}{' '}{.fieldsV1['f:metadata']['f:labels']}{'\n'}{end}")
[ -n "$managers" ] || { echo "the CRD $CRD is gone already"; exit 0; }

# What kubectl applied with our label in it are our own rendered manifests.
others=$(printf '%s\n' "$managers" | awk '
    NR == 2 { ours = index($0, "\"app.kubernetes.io/part-of\":\"multinet\"") }
    NR <= 2 || $1 == "" || $1 == "multinet" || $1 == "kube-apiserver" { next }
    $1 == "kubectl" && index($0, "\"f:app.kubernetes.io/part-of\"") { next }
    $1 == "kubectl-client-side-apply" && ours { next }
    { printf " %s", $1 }')
if [ -n "$others" ]; then
    echo "kept the CRD $CRD: it is managed by others as well:$others"
    exit 0
fi

networks=$(cluster get "$CRD" --all-namespaces --no-headers \
    --output 'custom-columns=:metadata.namespace,:metadata.name' | awk '{print $1 "/" $2}')
if [ -n "$networks" ]; then
    count=$(printf '%s\n' "$networks" | grep -c .)
    echo "kept the CRD $CRD: networks that are not of this stack use it, $count in all:" \
        "$(printf '%s\n' "$networks" | head -5 | tr '\n' ' ')"
    exit 0
fi

cluster delete crd "$CRD" --ignore-not-found --wait=true --timeout=60s >/dev/null
echo "removed the CRD $CRD: nobody used it any more"
