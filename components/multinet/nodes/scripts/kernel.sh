# shellcheck shell=sh
# Kernel modules and settings; the files that make them last over reboots are put by put_file.

load_module() {
    [ ! -d "/sys/module/$(printf '%s' "$1" | tr - _)" ] || return 0
    will "load module $1" || return 0
    record module "$1" absent
    modprobe "$1" || fail "module $1 cannot be loaded"
}

undo_module() {
    [ -d "/sys/module/$(printf '%s' "$2" | tr - _)" ] || return 0
    modprobe -r "$2" 2>/dev/null || say "kept module $2: it is in use"
}

# Settings that come with what this run makes.
ABSENT=''

# expect_sysctls NAME…: called before anything is changed.
expect_sysctls() {
    for name in "$@"; do [ -e "$(sysctl_file "$name")" ] || ABSENT="$ABSENT $name "; done
}

read_sysctl() { tr '\t' ' ' <"$(sysctl_file "$1")"; }

set_sysctl() {
    case $ABSENT in
    *" $1 "*)
        will "set $1 = $2" || return 0
        [ -e "$(sysctl_file "$1")" ] || fail "the kernel has no setting $1"
        was=$(read_sysctl "$1")
        ;;
    *)
        was=$(read_sysctl "$1")
        [ "$was" != "$2" ] || return 0
        will "set $1 = $2 (was $was)" || return 0
        ;;
    esac
    record sysctl "$1" "$was"
    printf '%s\n' "$2" >"$(sysctl_file "$1")"
}

undo_sysctl() {
    [ -e "$(sysctl_file "$2")" ] || return 0
    cat "$1/before" >"$(sysctl_file "$2")"
}
