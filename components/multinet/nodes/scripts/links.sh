# shellcheck shell=sh
# Links: VLAN interfaces and bridges that are made, attributes of links that are there.

# Links that this run makes, or a dry one would make.
NEW=''

is_new() { case $NEW in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

# make_link LINK KIND ARGUMENT…: as `ip link add … type` takes it, unless it is there.
make_link() {
    link=$1 kind=$2
    shift 2
    if link_exists "$link"; then
        [ "$(link_kind "$link")" = "$kind" ] || fail "link $link is there as $(link_kind "$link"), wanted is $kind"
        return 0
    fi
    NEW="$NEW $link "
    will "make link $link ($kind)" || return 0
    record link "$link" "$kind"
    ip link add "$@" || fail "link $link ($kind) cannot be made: see the line above; does the kernel have it?"
}

set_attribute() {
    case $2 in
    mtu) ip link set dev "$1" mtu "$3" ;;
    promisc) ip link set dev "$1" promisc "$3" ;;
    up) if [ "$3" = on ]; then ip link set dev "$1" up; else ip link set dev "$1" down; fi ;;
    master) if [ "$3" = none ]; then ip link set dev "$1" nomaster; else ip link set dev "$1" master "$3"; fi ;;
    vfs)
        echo 0 >"/sys/class/net/$1/device/sriov_numvfs" &&
            echo "$3" >"/sys/class/net/$1/device/sriov_numvfs"
        ;;
    esac
}

# set_made_link LINK ATTRIBUTE VALUE: of a link that we made: it goes as a whole, and it comes as a
# whole, so its attributes are no changes of their own then.
set_made_link() {
    if is_new "$1"; then
        [ "$DRY" = yes ] || [ "$(link_attribute "$1" "$2")" = "$3" ] || set_attribute "$1" "$2" "$3"
        return 0
    fi
    was=$(link_attribute "$1" "$2")
    [ "$was" != "$3" ] || return 0
    will "set link $1 $2 $3 (was $was)" || return 0
    set_attribute "$1" "$2" "$3"
}

# set_link LINK ATTRIBUTE VALUE: of a link that was there; guarded, since it may carry this very
# connection.
set_link() {
    if is_new "$1" && [ "$DRY" = yes ]; then
        [ "$2" = up ] || will "set link $1 $2 $3" || return 0
        return 0
    fi
    link_exists "$1" || fail "there is no link $1 to change"
    was=$(link_attribute "$1" "$2")
    [ "$was" != "$3" ] || return 0
    will "set link $1 $2 $3 (was $was)" || return 0
    record attribute "$1 $2" "$was"
    guard "$(entry attribute "$1 $2")" "$was"
    set_attribute "$1" "$2" "$3"
}

undo_link() {
    link_exists "$2" || return 0
    if [ "$(link_kind "$2")" = "$(cat "$1/before")" ]; then
        ip link delete dev "$2"
    else
        say "kept link $2: it is another one now"
    fi
}

undo_attribute() {
    link_exists "${2% *}" || return 0
    [ "$(link_attribute "${2% *}" "${2#* }")" = "$(cat "$1/before")" ] ||
        set_attribute "${2% *}" "${2#* }" "$(cat "$1/before")"
}
