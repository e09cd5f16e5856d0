# shellcheck shell=sh
# host-local's books on a node (containernetworking/plugins v1.9.1, host-local's backend/disk): of each
# network a directory with a file for each address that is given out. Its first line is the sandbox
# that has the address; whoever writes holds the directory's lock.
#
# Run in a pod that sees the node's processes: a sandbox that runs has one in a cgroup of its name.

return_mark=$(printf '\r')

# sandbox_of FILE: empty where it is gone.
sandbox_of() {
    first=''
    { IFS= read -r first <"$1"; } 2>/dev/null || [ -n "$first" ] || return 0
    printf '%s\n' "${first%"$return_mark"}"
}

cgroups() { cat /proc/[0-9]*/cgroup 2>/dev/null || true; }

# runs SANDBOX: whether a process of it was there when `cgroups` was asked.
runs() { case $running in *"$1"*) return 0 ;; esac; return 1; }

# book DIRECTORY: a line for each entry: directory, address, sandbox, age in seconds, whether it runs.
book() {
    within=$(at "$1")
    [ -d "$within" ] || return 0
    find "$within" -maxdepth 1 -type f -exec stat -c '%Y %n' {} + | while read -r changed entry; do
        address=${entry##*/}
        case $address in *[!0-9a-f.:]*) continue ;; esac
        sandbox=$(sandbox_of "$entry")
        [ -n "$sandbox" ] || continue
        if runs "$sandbox"; then state=runs; else state=gone; fi
        printf 'entry\t%s\t%s\t%s\t%s\t%s\n' "$1" "$address" "$sandbox" $((now - changed)) "$state"
    done
}

# free_entry DIRECTORY HERE ADDRESS SANDBOX: unless it is another one's by now, or that one runs.
# HERE is where the pod may write the directory.
free_entry() {
    # Not `:`, where a redirection that fails ends the shell.
    if ! true >>"$2/lock"; then
        printf 'kept\t%s\t%s\n' "$1" "$3"
        return 0
    fi
    (
        flock 9
        running=$(cgroups)
        [ "$(sandbox_of "$2/$3")" = "$4" ] && ! runs "$4" || exit 0
        if rm "$2/$3"; then word=freed; else word=kept; fi
        printf '%s\t%s\t%s\n' "$word" "$1" "$3"
    ) 9>>"$2/lock" || true
}

main() {
    now=$(date +%s)
    running=$(cgroups)
    each_book
    echo 'read'
}
