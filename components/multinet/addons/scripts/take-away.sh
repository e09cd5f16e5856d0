# shellcheck shell=sh
# Run before an add-on's DaemonSet is deleted: has its pods take away what they laid out, and waits
# until that is done on every node. A deleted pod does so too; but on a node that is off meanwhile
# there would be nobody to do it when it is back. Run again, it goes on where it was.
#
# MULTINET_DAEMONSET: its name. MULTINET_NAMESPACE: of it. MULTINET_CONTAINER: of its pods.
# MULTINET_SELECTOR: of its pods. MULTINET_SURGE, MULTINET_UNAVAILABLE: how it rolls, as JSON.
# MULTINET_WAIT: seconds to wait.

name=$MULTINET_DAEMONSET

if ! command -v kubectl >/dev/null 2>&1; then
    echo "$name: kubectl is not on PATH here; its pods take away what they laid out as they are" \
        "deleted, and on a node that is off meanwhile it stays"
    exit 0
fi

within() { cluster --namespace="$MULTINET_NAMESPACE" "$@"; }

# told VALUE SURGE UNAVAILABLE: what its pods are to do, and how fast they are replaced.
told() {
    within patch daemonset "$name" --type=strategic --patch "$(
        printf '{"spec": {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {'
        printf '"maxSurge": %s, "maxUnavailable": %s}}, ' "$2" "$3"
        printf '"template": {"spec": {"containers": [{"name": "%s", ' "$MULTINET_CONTAINER"
        printf '"env": [{"name": "TAKE_AWAY", "value": "%s"}]}]}}}}' "$1"
    )" >/dev/null
}

there=$(within get daemonset "$name" --ignore-not-found --output name)
[ -n "$there" ] || { echo "$name is gone already"; exit 0; }

told yes 0 '"100%"'
# The last of two limits holds: a rollout is watched for longer than a request may take.
if within rollout status daemonset "$name" --timeout="${MULTINET_WAIT}s" --request-timeout=0 \
    >/dev/null 2>&1; then
    echo "$name: what it laid out is taken away on every node"
    exit 0
fi

# As before, so that an `up` finds it as it made it.
left=$(within get pods --selector="$MULTINET_SELECTOR" \
    --output "jsonpath={range .items[*]}{.spec.nodeName}{' '}{.metadata.deletionTimestamp}{' '}{\
range .status.conditions[?(@.type=='Ready')]}{.status}{end}{'\n'}{end}" |
    awk '$NF != "True" || NF > 2 { print $1 }' | sort -u | tr '\n' ' ')
told no "$MULTINET_SURGE" "$MULTINET_UNAVAILABLE"
echo "$name: what it laid out is not taken away within ${MULTINET_WAIT} s on: ${left:-an unknown node}." \
    "Run it again when that node is back; for one that is gone for good: kubectl delete node NAME" >&2
exit 1
