#!/bin/sh
# pulumi.sh up|preview|destroy|refresh STACK: Pulumi itself, from PATH or from the official
# installer, on one environment of this project. Exits 3 where it cannot be had.
#
# PULUMI_ARGS: more arguments for it, such as --yes; a preview, which asks nothing, is not given that.
set -eu
cd "$(dirname "$0")/.."

action=$1 stack=$2
file=Pulumi.$stack.yaml
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

if [ ! -f "$file" ]; then
    echo "there is no $file; stack files here:" Pulumi.*.yaml >&2
    exit 2
fi
.venv/bin/multinet validate --stack "$stack" >&2

arguments() {
    for word in ${PULUMI_ARGS:-}; do
        case "$action $word" in
        'preview --yes' | 'preview -y' | 'preview --skip-preview' | 'preview -f') ;;
        *) printf '%s ' "$word" ;;
        esac
    done
}

# take_back: a preview leaves nothing behind, also of a stack that was made for it.
take_back() {
    trap - EXIT INT TERM
    pulumi stack rm --yes --preserve-config "$stack" >/dev/null
    cat "$before" >"$file"
    rm -f "$before"
}

made=no
if ! pulumi stack select "$stack" >/dev/null 2>&1; then
    before=$(mktemp)
    cp "$file" "$before"
    pulumi stack init "$stack"
    made=yes
fi
if [ "$made" = no ] || [ "$action" != preview ]; then
    if [ "$made" = yes ] && ! cmp -s "$file" "$before"; then
        echo "Pulumi wrote into $file what the stack's passphrase is checked by (encryptionsalt, no" \
            'secret): keep it with the file, or its secrets cannot be read again' >&2
    fi
    [ "$made" = no ] || rm -f "$before"
    # shellcheck disable=SC2046  # words, as PULUMI_ARGS has them
    exec pulumi "$action" --stack "$stack" $(arguments)
fi
trap take_back EXIT
trap 'exit 130' INT TERM
# shellcheck disable=SC2046
pulumi preview --stack "$stack" $(arguments)
