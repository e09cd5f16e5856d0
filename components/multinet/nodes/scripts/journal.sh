# shellcheck shell=sh
# What we changed and what was there before, kept on the node in /var/lib/multinet/journal.
#
# An entry is a directory NUMBER.KIND.HASH, written before the change it is about: `key` (which
# file, link …), `before` (absent, saved, or the former value), `saved` (the former file), `ours`
# (checksums of what we put there). Killed in between, the next run finds the entry, keeps what it
# says about before, and makes the change again; undo goes through the entries backwards.

DRY=no
CHANGES=0

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$NODE" "$*" >&2
    exit 1
}

# will WHAT: counts and tells a change; false in a dry run, where it is not to be made.
will() {
    CHANGES=$((CHANGES + 1))
    if [ "$DRY" = yes ]; then
        say "would $*"
        return 1
    fi
    say "$*"
}

next_number() {
    last=10000 # never a leading zero, which would make it octal
    for name in "$JOURNAL"/[0-9]*; do
        [ ! -d "$name" ] || last=${name##*/}
    done
    echo $((${last%%.*} + 1))
}

# record KIND KEY BEFORE: before a change; nothing where an earlier run has.
record() {
    [ -z "$(entry "$1" "$2")" ] || return 0
    rm -rf "$JOURNAL/new"
    mkdir "$JOURNAL/new"
    printf '%s\n' "$2" >"$JOURNAL/new/key"
    printf '%s\n' "$3" >"$JOURNAL/new/before"
    [ "$3" != saved ] || cp -p "$2" "$JOURNAL/new/saved"
    mv "$JOURNAL/new" "$JOURNAL/$(next_number).$1.$(hash_of "$2")"
}

# is_ours ENTRY CHECKSUM: whether we put that content there.
is_ours() { [ -f "$1/ours" ] && grep -q -x "$2" "$1/ours"; }

# note_ours ENTRY CHECKSUM: before content is put in place.
note_ours() {
    is_ours "$1" "$2" && return 0
    { [ ! -f "$1/ours" ] || cat "$1/ours"; printf '%s\n' "$2"; } >"$1/ours.new"
    mv "$1/ours.new" "$1/ours"
}

# forget ENTRY: in one step, so that a half-removed entry is never read.
forget() {
    rm -rf "$JOURNAL/old"
    mv "$1" "$JOURNAL/old"
    rm -rf "$JOURNAL/old"
}

# begin: takes the lock and makes sure that no other stack owns the node.
begin() {
    if [ -n "$OWNER" ] && [ -f "$STATE/owner" ] && [ "$(cat "$STATE/owner")" != "$OWNER" ]; then
        fail "is managed by stack $(cat "$STATE/owner"), this one is $OWNER: destroy that one first"
    fi
    [ "$DRY" = no ] || return 0
    mkdir -p "$JOURNAL"
    if have flock; then
        exec 9>"$STATE/lock"
        flock -w 60 9 || fail 'another run is at work on this node'
    fi
    # Of a run that was killed half-way through one.
    rm -f "$STATE/content"
    note owner "$OWNER"
}

# note NAME TEXT: what is remembered of the node as a whole, in one step.
note() {
    printf '%s\n' "$2" >"$STATE/$1.new"
    mv "$STATE/$1.new" "$STATE/$1"
}
