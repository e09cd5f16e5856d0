# shellcheck shell=sh
# systemd's units; their files are put by put_file.

UNITS_CHANGED=no

# enable_unit UNIT yes|no: at every boot, and now as well.
enable_unit() {
    have_systemd || { say "$1 is not enabled: this node has no systemd"; return 0; }
    running=yes
    [ "$2" = no ] || systemctl is-active --quiet "$1" || running=no
    if [ "$UNITS_CHANGED" = no ] && [ "$running" = yes ] && systemctl is-enabled --quiet "$1"; then
        return 0
    fi
    will "enable $1" || return 0
    record unit "$1" absent
    systemctl daemon-reload
    systemctl enable --quiet "$1"
    [ "$2" = no ] || systemctl restart "$1"
}

# run_dhcp_daemon SOCKET UNIT CONTENT: unless others run one there.
run_dhcp_daemon() {
    if [ -S "$1" ] && [ -z "$(entry unit "$2")" ]; then
        say "a dhcp daemon of others listens on $1"
        return 0
    fi
    put_file "/etc/systemd/system/$2" 644 "$3"
    enable_unit "$2" yes
    UNITS_CHANGED=no
}

undo_unit() {
    have_systemd || return 0
    systemctl disable --now --quiet "$2" || return 1
    UNITS_CHANGED=yes
}

reload_units() {
    [ "$UNITS_CHANGED" = no ] || [ "$DRY" = yes ] || ! have_systemd || systemctl daemon-reload
}
