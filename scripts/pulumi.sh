#!/bin/sh
# pulumi.sh up|preview|destroy|refresh STACK: Pulumi itself, from PATH or from the official
# installer, on one environment of this project. Exits 3 where it cannot be had.
set -eu
cd "$(dirname "$0")/.."

action=$1 stack=$2
version=$(.venv/bin/python -c 'from multinet.versions import PULUMI; print(PULUMI)')
own=.pulumi/bin

if ! command -v pulumi >/dev/null && [ ! -x "$own/pulumi" ]; then
    echo "pulumi is not on PATH: installing $version into .pulumi/" >&2
    mkdir -p .pulumi
    if ! { curl -fsSL --max-time 60 https://get.pulumi.com -o .pulumi/install.sh &&
        sh .pulumi/install.sh --version "$version" --install-root "$PWD/.pulumi" --no-edit-path; }; then
        echo "pulumi cannot be had here: put it on PATH, or use 'multinet render -s $stack -o DIR'" >&2
        exit 3
    fi
fi
PATH=$PATH:$PWD/$own
export PATH

if [ ! -f "Pulumi.$stack.yaml" ]; then
    echo "there is no Pulumi.$stack.yaml; stack files here: $(ls Pulumi.*.yaml | tr '\n' ' ')" >&2
    exit 2
fi
.venv/bin/multinet validate --stack "$stack" >&2
pulumi stack select --create "$stack"
exec pulumi "$action" --stack "$stack" ${PULUMI_ARGS:-}
