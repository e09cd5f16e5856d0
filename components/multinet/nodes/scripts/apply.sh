# shellcheck shell=sh
# apply, and its opposite, undo. Both can be run again at any time, also after being killed.
#
#   sh 02-apply.sh [apply|undo] [--dry-run] [--ssh "$SSH_CONNECTION"] [--mend COUNT]
#
# COUNT is kept on the node when all is done: how often what somebody else had changed was set back.
# It is how an `up` that only does that differs from the one before.

FAILED=no
MENDS=''

entries_backwards() {
    for name in "$JOURNAL"/[0-9]*; do
        [ ! -d "$name" ] || printf '%s\n' "${name##*/}"
    done | sort -r
}

# undo_entry NAME
undo_entry() {
    about=$JOURNAL/$1
    kind=${1#*.}
    kind=${kind%.*}
    subject=$(cat "$about/key")
    case "$kind $subject" in 'unit '* | 'file /etc/systemd/'*) UNITS_CHANGED=yes ;; esac
    will "undo $kind $subject" || return 0
    case $kind in
    file | plugin) undo_file "$about" "$subject" ;;
    directory) undo_directory "$about" "$subject" ;;
    link) undo_link "$about" "$subject" ;;
    attribute) undo_attribute "$about" "$subject" ;;
    vlans) undo_vlans "$subject" ;;
    module) undo_module "$about" "$subject" ;;
    sysctl) undo_sysctl "$about" "$subject" ;;
    unit) undo_unit "$about" "$subject" ;;
    leftover) rm -rf "$subject" ;;
    primary) undo_primary "$subject" ;;
    esac || { FAILED=yes; say "could not undo $kind $subject"; return 0; }
    forget "$about"
}

# drop_unwanted: what an earlier run made and the declaration no longer names.
drop_unwanted() {
    for name in $(entries_backwards); do
        kind=${name#*.}
        case ${kind%.*} in
        directory | leftover | primary) ;;
        plugin) [ "$KEEP_PLUGINS" = yes ] || undo_entry "$name" ;;
        *) is_kept "${kind%.*}" "$(cat "$JOURNAL/$name/key")" || undo_entry "$name" ;;
        esac
    done
    [ "$KEEP_PLUGINS" = yes ] || [ "$DRY" = yes ] || rm -f "$STATE/plugins"
}

# is_kept KIND KEY: whether `kept` names it.
is_kept() {
    ASKED="$1 $2" FOUND=no
    kept
    [ "$FOUND" = yes ]
}

# keep KIND KEY
keep() { [ "$1 $2" != "$ASKED" ] || FOUND=yes; }

apply() {
    begin
    [ "$DRY" = yes ] || rm -f "$STATE/declared"
    drop_unwanted
    make
    confirm
    reload_units
    [ "$FAILED" = no ] || fail 'not everything could be undone: see above'
    [ "$DRY" = yes ] || note_done
    say "$CHANGES changes"
}

# note_done: the node is as declared; what differs from now on is somebody else's doing.
note_done() {
    note declared "$DECLARED"
    [ -z "$MENDS" ] || note mends "$MENDS"
}

undo() {
    if [ ! -d "$STATE" ]; then
        say 'nothing to undo'
        return 0
    fi
    begin
    for name in $(entries_backwards); do undo_entry "$name"; done
    confirm
    reload_units
    [ "$DRY" = no ] || return 0
    after_undo
    [ "$FAILED" = no ] || fail "not everything could be undone: see above; $STATE is kept"
    rm -rf "$STATE"
    say "$CHANGES changes undone"
}

main() {
    action=apply
    while [ $# -gt 0 ]; do
        case $1 in
        apply | undo) action=$1 ;;
        --dry-run) DRY=yes ;;
        --ssh)
            shift
            CONNECTION=${1:-}
            ;;
        --mend)
            shift
            MENDS=${1:-}
            ;;
        *) fail "unknown argument $1: apply, undo, --dry-run, --ssh CONNECTION, --mend COUNT" ;;
        esac
        shift
    done
    [ "$(id -u)" -eq 0 ] || fail 'must run as root'
    "$action"
}
