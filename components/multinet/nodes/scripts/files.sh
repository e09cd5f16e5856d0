# shellcheck shell=sh
# Directories and files. A file is replaced in one step: written beside its place, then renamed.

# Directories that a dry run would have made, and those that every other run makes for itself.
PLANNED="|/var||/var/lib||$STATE|"

make_directory() {
    [ ! -d "$1" ] || return 0
    case $DRY$PLANNED in yes*"|$1|"*) return 0 ;; esac
    make_directory "$(dirname "$1")"
    PLANNED="$PLANNED|$1|"
    will "make directory $1" || return 0
    record directory "$1" absent
    mkdir -p "$1"
}

# place FILE MODE SOURCE KIND: puts a copy of SOURCE at FILE.
place() {
    if [ -e "$1" ] || [ -L "$1" ]; then
        record "$4" "$1" saved
    else
        record "$4" "$1" absent
    fi
    note_ours "$(entry "$4" "$1")" "$(checksum "$3")"
    cp "$3" "${1%/*}/.multinet.${1##*/}"
    chmod "$2" "${1%/*}/.multinet.${1##*/}"
    mv -f "${1%/*}/.multinet.${1##*/}" "$1"
}

# put_file FILE MODE CONTENT: a file with these lines. Returns 0 whether or not it had to change.
put_file() {
    make_directory "$(dirname "$1")"
    if [ -f "$1" ] && [ "$(stat -c %a "$1")" = "$2" ] && printf '%s\n' "$3" | cmp -s - "$1"; then
        return 0
    fi
    case $1 in /etc/systemd/*) UNITS_CHANGED=yes ;; esac
    will "write $1" || return 0
    printf '%s\n' "$3" >"$STATE/content"
    place "$1" "$2" "$STATE/content" file
    rm -f "$STATE/content"
}

# undo_file ENTRY FILE: ours goes, what was there comes back; what others wrote since stays.
undo_file() {
    rm -f "${2%/*}/.multinet.${2##*/}"
    case $2 in /etc/systemd/*) UNITS_CHANGED=yes ;; esac
    if [ -f "$2" ] && ! is_ours "$1" "$(checksum "$2")"; then
        cmp -s "$2" "$1/saved" || say "kept $2: it was changed after we wrote it"
    elif [ -f "$1/saved" ]; then
        cp -p "$1/saved" "${2%/*}/.multinet.${2##*/}" || return 1
        mv -f "${2%/*}/.multinet.${2##*/}" "$2"
    else
        rm -f "$2"
    fi
}

undo_directory() {
    [ ! -d "$2" ] || rmdir "$2" 2>/dev/null || say "kept $2: others have files in it"
}

# hollow PATH: a directory without a file in it, at any depth: what a Multus leaves that is gone.
hollow() {
    [ -d "$1" ] && [ -z "$(find "$1" ! -type d | head -n 1)" ]
}

# expect_multus PATH…: Multus will put them there; undo takes away what was not there before.
expect_multus() {
    [ "$DRY" = no ] || return 0
    whose=$(whose_multus)
    for path in "$@"; do
        if [ -n "$(entry leftover "$path")" ]; then
            continue
        elif [ -e "$path" ] && ! hollow "$path" && [ "$whose" != ours ]; then
            say "$path was there before us: undo leaves it"
        else
            record leftover "$path" absent
        fi
    done
}
