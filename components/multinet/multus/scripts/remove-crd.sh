# Run by a destroy when Multus and this stack's networks are gone: removes the CRD of networks,
# unless someone else still uses it. Whatever it decides, it says.
#
# MULTINET_KUBECONFIG: path or contents of a kubeconfig; empty: the ambient one.
# MULTINET_CONTEXT: which of its contexts; empty: its current one.
set -eu

CRD=network-attachment-definitions.k8s.cni.cncf.io

if ! command -v kubectl >/dev/null 2>&1; then
    echo "kept the CRD $CRD: kubectl is not on PATH here, so nobody could look whether others use it." \
        "To remove it: kubectl delete crd $CRD"
    exit 0
fi

scratch=
cleanup() { [ -z "$scratch" ] || rm -f "$scratch"; }
trap cleanup EXIT

case ${MULTINET_KUBECONFIG:-} in
'') ;;
*apiVersion*)
    umask 077
    scratch=$(mktemp)
    printf '%s\n' "$MULTINET_KUBECONFIG" >"$scratch"
    export KUBECONFIG="$scratch"
    ;;
*) export KUBECONFIG="$MULTINET_KUBECONFIG" ;;
esac
# A secret that kubectl has no use for.
unset MULTINET_KUBECONFIG

cluster() {
    kubectl ${MULTINET_CONTEXT:+"--context=$MULTINET_CONTEXT"} --request-timeout=30s "$@"
}

managers=$(cluster get crd "$CRD" --ignore-not-found \
    --output 'jsonpath={.metadata.name} {.metadata.managedFields[*].manager}')
[ -n "$managers" ] || { echo "the CRD $CRD is gone already"; exit 0; }

others=
for manager in ${managers#* }; do
    case $manager in multinet | kube-apiserver) ;; *) others="$others $manager" ;; esac
done
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
