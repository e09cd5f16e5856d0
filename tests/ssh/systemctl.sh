#!/bin/sh
# As much of systemctl as the node scripts use, with systemd's own files for what is enabled.
units=/etc/systemd/system wants=/etc/systemd/system/multi-user.target.wants
active=/run/active
mkdir -p "$active"
verb=$1
shift
for word in "$@"; do case $word in --*) ;; *) unit=$word ;; esac; done
case $verb in
daemon-reload) ;;
is-active) [ -e "$active/$unit" ] ;;
is-enabled) [ -L "$wants/$unit" ] ;;
enable) [ -f "$units/$unit" ] && mkdir -p "$wants" && ln -sf "$units/$unit" "$wants/$unit" ;;
restart) [ -f "$units/$unit" ] && : >"$active/$unit" ;;
disable)
    rm -f "$wants/$unit" "$active/$unit"
    rmdir "$wants" 2>/dev/null || true
    ;;
*) exit 1 ;;
esac
