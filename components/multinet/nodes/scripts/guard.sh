# shellcheck shell=sh
# A change of a link that was there may cut the connection that this runs over. A watchdog takes
# it back unless it is confirmed, and it is confirmed only when the other end has acknowledged
# packets sent after the change.

PATIENCE=${PATIENCE:-20}
CONNECTION=''
WATCHED=no

# guard ENTRY VALUE: from now on the change is taken back to VALUE unless `confirm` comes.
guard() {
    [ -n "$CONNECTION" ] || return 0
    printf '%s\n%s\n' "$$" "$2" >"$1/unconfirmed.new"
    mv "$1/unconfirmed.new" "$1/unconfirmed"
    [ "$WATCHED" = no ] || return 0
    WATCHED=yes
    (
        trap '' HUP INT PIPE TERM
        sleep "$PATIENCE"
        take_back
    ) </dev/null >/dev/null 2>&1 9>&- &
}

# unconfirmed: the entries that this run has not confirmed.
unconfirmed() {
    for mark in "$JOURNAL"/[0-9]*/unconfirmed; do
        if [ -f "$mark" ] && [ "$(head -n 1 "$mark")" = "$$" ]; then
            printf '%s\n' "${mark%/*}"
        fi
    done
}

take_back() {
    for guarded in $(unconfirmed); do
        key=$(cat "$guarded/key")
        value=$(tail -n 1 "$guarded/unconfirmed")
        set_attribute "${key% *}" "${key#* }" "$value" || true
        rm -f "$guarded/unconfirmed"
        [ "$value" != "$(cat "$guarded/before")" ] || forget "$guarded"
    done
}

# answered: whether everything sent so far has been acknowledged by the other end.
answered() {
    # Client address, client port, own address, own port, as sshd puts them into SSH_CONNECTION.
    queue=$(ss -H -t -n state established "( sport = :${CONNECTION##* } )" |
        awk -v port=":$(printf '%s' "$CONNECTION" | cut -d ' ' -f 2)" '
            substr($4, length($4) - length(port) + 1) == port { print $2 }')
    [ "$queue" = 0 ]
}

# confirm: keeps the guarded changes if the connection survived them, else takes them back.
confirm() {
    [ "$WATCHED" = yes ] || return 0
    # A full-sized packet has to get through, not only a small one.
    printf 'checking that the connection survived %3000s\n' '' >&2
    tries=0
    until sleep 1 && answered; do
        tries=$((tries + 1))
        if [ "$tries" -ge 10 ]; then
            take_back
            fail 'the change of a link cut the connection: it was taken back'
        fi
    done
    [ -n "$(unconfirmed)" ] || fail 'the change of a link was taken back: it cut the connection'
    for guarded in $(unconfirmed); do rm -f "$guarded/unconfirmed"; done
}
