#!/bin/sh
# Written by multinet: run by a destroy, which cannot run the program.
#
# MULTINET_KUBECONFIG: path or contents of a kubeconfig; empty: the ambient one.
# MULTINET_CONTEXT: which of its contexts; empty: its current one.
set -eu

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
