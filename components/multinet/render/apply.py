"""apply.sh: brings what was rendered onto a cluster with kubectl, as `pulumi up` would. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence

from multinet.kubernetes import APPLIED_AT, FIELD_MANAGER
from multinet.names import OWNER
from multinet.render.steps import Step

_ESCAPED = OWNER.replace(".", "\\.")
_HEAD = f"""\
#!/bin/sh
# Applies what was rendered, in its order, and waits where `pulumi up` waits. The first error ends
# it; it may be run again at any time. What is given to it goes to `kubectl apply`
# (--dry-run=server, --force-conflicts). With --dry-run nothing is changed, and nothing waited for.
#
#   KUBECTL  the command (kubectl)     TIMEOUT  for each wait (15m)
#
# All is done under a field manager of its own. Under kubectl's, an apply would take away whatever
# somebody applied to the same object before and does not stand here.
set -eu
cd "$(dirname "$0")"
kubectl=${{KUBECTL:-kubectl}}
timeout=${{TIMEOUT:-15m}}
dry=''
for given in "$@"; do
    case $given in
        --dry-run=none) dry='' ;;
        --dry-run*) dry=$given ;;
    esac
done

apply() {{
    file=$1
    shift
    "$kubectl" apply --server-side --field-manager={FIELD_MANAGER} --filename "manifests/$file" "$@"
}}

# Of a CRD that is new `kubectl wait` says that it has no conditions, and so does `get` for a moment.
established() {{
    [ -z "$dry" ] || return 0
    for _ in $(seq 300); do
        said=$("$kubectl" get crd "$1" --output 'jsonpath={{.status.conditions[?(@.type=="Established")].status}}' 2>&1) || true
        [ "$said" != True ] || return 0
        sleep 0.2
    done
    echo "CRD $1 is not established after a minute: $said" >&2
    return 1
}}

# Sets what stands in a file on an object that is there already, and nothing else of it.
patch() {{
    file=$1
    shift
    "$kubectl" patch "$@" ${{dry:+"$dry"}} --field-manager={FIELD_MANAGER} --type=merge \\
        --patch "$(cat "patches/$file")"
}}

# What of kubectl only waits.
await() {{ [ -n "$dry" ] || "$kubectl" "$@" --timeout "$timeout"; }}
"""
_ACCOUNTS = """
# Replaces pods that are older than their account: somebody deleted it, and it was made anew. Their
# token is of one that is no more, and the kubelet asks for another after up to an hour.
renew() {
    account=$1 within=$2 selector=$3
    shift 3
    [ -z "$dry" ] || return 0
    made=$("$kubectl" get serviceaccount "$account" --namespace "$within" \\
        --output 'jsonpath={.metadata.creationTimestamp}')
    pods=$("$kubectl" get pods --namespace "$within" --selector "$selector" \\
        --output 'jsonpath={range .items[*]}{.metadata.creationTimestamp} {.metadata.name} {.metadata.deletionTimestamp}{"\\n"}{end}')
    older=$(printf '%s\\n' "$pods" | awk -v made="$made" 'NF == 2 && $1 "" < made "" { print $2 }')
    [ -n "$older" ] || return 0
    # A restart, which the rollout's status knows of: of a pod that is deleted it hears later. And
    # deleted, since a node that is away takes the restart's turn, and all of them are cut off.
    "$kubectl" rollout restart "$@"
    # shellcheck disable=SC2086  # names of pods
    "$kubectl" delete pod $older --namespace "$within" --ignore-not-found --wait=false
}
"""
_ASK = f"""
# Ends where an object of one of these names is there already and is not of OWNER: somebody made it,
# and applied it would be theirs no longer. A kind that is not there yet has no objects.
ask() {{
    # Also where another program wrote the files anew: with quotes, or as JSON.
    # shellcheck disable=SC2046  # names of files without blanks
    there=$("$kubectl" get --ignore-not-found --no-headers --output \\
        'custom-columns=K:.kind,V:.apiVersion,NS:.metadata.namespace,N:.metadata.name,O:.metadata.annotations.{_ESCAPED}' \\
        $(grep -lE "{OWNER}[\\"']?: *[\\"']?$1([\\"',}}]|\\$)" manifests/*.yaml | sed 's/^/--filename=/') 2>&1) || true
    printf '%s\\n' "$there" | awk -v owner="$1" '
        !NF || /^Warning:|no matches for kind|ensure CRDs are installed/ {{ next }}
        NF != 5 || /^[Ee]rror/ {{ print; wrong++; next }}
        $5 == owner {{ next }}
        {{ within = ""; shown = $4; kind = tolower($1); wrong++
           if ($3 != "<none>") {{ within = " -n " $3; shown = $3 "/" $4 }}
           # A kind of others need not be called as its plural: in full, kubectl knows it.
           if (split($2, version, "/") == 2 && version[1] ~ /[.]/) kind = $1 "." version[2] "." version[1]
           printf "%s %s is there already and is not of this environment\\n", $1, shown
           printf "    way out: remove it, or take it over: kubectl%s annotate --overwrite %s %s %s=%s\\n", \\
               within, kind, $4, "{OWNER}", owner }}
        END {{ if (wrong) {{ print "nothing was applied"; exit 1 }} }}' >&2
}}
"""
_BY_HAND = """
# A DaemonSet whose pods are replaced when somebody deletes them (OnDelete) has no rollout status:
# it is there when a pod is ready on each node.
on_each_node() {
    [ -z "$dry" ] || return 0
    seen=$("$kubectl" get "$@" --output 'jsonpath={.metadata.generation}')
    await wait "$@" --for "jsonpath={.status.observedGeneration}=$seen"
    nodes=$("$kubectl" get "$@" --output 'jsonpath={.status.desiredNumberScheduled}')
    await wait "$@" --for "jsonpath={.status.numberReady}=$nodes"
}
"""
_PATCH_MARKED = f"""
# Its agents read that object when they start: they are marked with the time of our last change of
# it, so that they start anew after each change and not otherwise.
marked() {{
    file=$1 read=$2
    shift 2
    # shellcheck disable=SC2086  # a name, and where it is
    at=$("$kubectl" get $read --show-managed-fields \\
        --output 'jsonpath={{.metadata.managedFields[?(@.manager=="{FIELD_MANAGER}")].time}}')
    "$kubectl" patch "$@" ${{dry:+"$dry"}} --field-manager={FIELD_MANAGER} --type=merge \\
        --patch "$(sed "s/{APPLIED_AT}/$at/" "patches/$file")"
}}
"""


def script(steps: Sequence[tuple[str, Step]]) -> str:
    """The POSIX shell script; `steps`: file name and step, in their order.

    A run of workloads is applied before any of them is waited for: they may need each other, as
    Cilium's agent does its operator, which makes the CRDs.
    """
    owner = _owner(steps)
    by_hand = any(_replaced_by_hand(step) for _, step in steps)
    accounts = _accounts(steps)
    parts = {_ASK: owner, _PATCH_MARKED: _marked(steps), _ACCOUNTS: accounts, _BY_HAND: by_hand}
    head = _HEAD + "".join(part for part, needed in parts.items() if needed)
    asks = [f"ask {shlex.quote(owner)}"] if owner else []
    return "\n".join([head, *asks, *_lines(steps, accounts), ""])


def _owner(steps: Sequence[tuple[str, Step]]) -> str:
    """Whose the objects are that carry our mark; those of a chart carry none."""
    marks = ((step.manifest["metadata"].get("annotations") or {}).get(OWNER) for _, step in steps)
    return next((str(mark) for mark in marks if mark), "")


def _lines(
    steps: Sequence[tuple[str, Step]], accounts: Mapping[str, tuple[str, str, str]]
) -> Iterator[str]:
    waiting: list[str] = []
    read = ""
    for name, step in steps:
        if step.waits != "rollout":
            yield from waiting
            waiting = []
        target = _target(step)
        if step.patch and APPLIED_AT in str(step.manifest):
            yield f"marked {shlex.quote(name)} {shlex.quote(read)} {target}"
        elif step.patch:
            yield f"patch {shlex.quote(name)} {target}"
            read = target
        else:
            yield f'apply {shlex.quote(name)} "$@"'
        if step.waits == "Established":
            yield f"established {shlex.quote(step.manifest['metadata']['name'])}"
        elif step.waits == "rollout":
            if account := accounts.get(name):
                waiting.append(f"renew {shlex.join(account)} {target}")
            by_hand = _replaced_by_hand(step)
            waiting.append(
                f"on_each_node {target}" if by_hand else f"await rollout status {target}"
            )
        elif step.waits:
            yield f"await wait {target} --for {shlex.quote(step.waits)}"
    yield from waiting


def _accounts(steps: Sequence[tuple[str, Step]]) -> dict[str, tuple[str, str, str]]:
    """Workload's file → its pods' account, namespace and selector, where the account is in here."""
    made = {
        (step.manifest["metadata"].get("namespace", ""), step.manifest["metadata"]["name"])
        for _, step in steps
        if step.manifest["kind"] == "ServiceAccount"
    }
    found: dict[str, tuple[str, str, str]] = {}
    for name, step in steps:
        if step.waits != "rollout" or step.patch or _replaced_by_hand(step):
            continue
        within = step.manifest["metadata"].get("namespace", "")
        spec = step.manifest.get("spec", {})
        account = spec.get("template", {}).get("spec", {}).get("serviceAccountName", "")
        if (within, account) in made:
            selected = spec["selector"].get("matchLabels") or {}
            selector = ",".join(f"{key}={value}" for key, value in sorted(selected.items()))
            if selector:  # without one it would be every pod of the namespace
                found[name] = (account, within, selector)
    return found


def _marked(steps: Sequence[tuple[str, Step]]) -> bool:
    return any(step.patch and APPLIED_AT in str(step.manifest) for _, step in steps)


def _replaced_by_hand(step: Step) -> bool:
    if step.waits != "rollout":
        return False
    strategy = step.manifest.get("spec", {}).get("updateStrategy") or {}
    return bool(strategy.get("type") == "OnDelete")


def _target(step: Step) -> str:
    """The object, as kubectl is told of it: with its group, since kinds of two may have one name."""
    manifest = step.manifest
    group = manifest["apiVersion"].rpartition("/")[0]
    kind = manifest["kind"].lower() + (f".{group}" if "." in group else "")
    metadata = manifest["metadata"]
    where = ["--namespace", metadata["namespace"]] if "namespace" in metadata else []
    return shlex.join([f"{kind}/{metadata['name']}", *where])
