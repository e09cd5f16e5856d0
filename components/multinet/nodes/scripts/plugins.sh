# shellcheck shell=sh
# The CNI reference plugins: only those that are not there; what others put there stays.

architecture() {
    case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    armv7l | armv6l) echo arm ;;
    *) uname -m ;;
    esac
}

# download ADDRESS FILE
download() {
    if have curl; then
        curl --fail --silent --show-error --location --retry 2 --max-time 300 --output "$2" "$1"
    else
        # No -T: Debian's busybox crashes on it.
        $(have timeout && echo timeout 900) wget -q -O "$2" "$1"
    fi
}

# install_plugins VERSION mirror|archive PLACE NAMES ARCHITECTURE=SHA256…
install_plugins() {
    version=$1 source=$2 place=$3 names=$4 wanted=''
    shift 4
    for pair in "$@"; do
        [ "${pair%%=*}" != "$(architecture)" ] || wanted=${pair#*=}
    done
    [ -n "$wanted" ] || fail "no checksum is known of the plugins for $(architecture)"
    complete=yes
    for name in $names; do [ -x "$BIN_DIR/$name" ] || complete=no; done
    if [ "$complete" = yes ] && [ "$(cat "$STATE/plugins" 2>/dev/null)" = "$version $wanted" ]; then
        return 0
    fi
    will "install the CNI plugins $version from $source $place" || return 0
    make_directory "$BIN_DIR"
    rm -rf "$STATE/plugins.new"
    mkdir "$STATE/plugins.new"
    archive=$STATE/plugins.new/archive.tgz
    if [ "$source" = mirror ]; then
        download "$place/cni-plugins-linux-$(architecture)-$version.tgz" "$archive" ||
            fail "the plugins cannot be had from $place"
    else
        cp "$place" "$archive" || fail "the uploaded archive is not at $place"
    fi
    [ "$(checksum "$archive")" = "$wanted" ] ||
        fail "the archive's checksum is $(checksum "$archive"), expected $wanted: nothing was installed"
    mkdir "$STATE/plugins.new/files"
    tar -x -z -f "$archive" -C "$STATE/plugins.new/files"
    for file in "$STATE/plugins.new/files"/*; do
        [ ! -f "$file" ] || [ ! -x "$file" ] || install_plugin "$file" "$BIN_DIR/${file##*/}"
    done
    rm -rf "$STATE/plugins.new"
    printf '%s\n' "$version $wanted" >"$STATE/plugins.mark"
    mv "$STATE/plugins.mark" "$STATE/plugins"
}

# by_addon FILE: whether this project's add-on laid it out, and nobody has changed it since.
by_addon() {
    grep -q "^${1##*/} $(checksum "$1") " "$BIN_DIR/.multinet-plugins" 2>/dev/null
}

# install_plugin SOURCE FILE
install_plugin() {
    if [ -e "$2" ] && by_addon "$2"; then
        # Taken over where it lies, so that no moment is without it: undo leaves nothing of it.
        record plugin "$2" absent
        place "$2" 755 "$1" plugin
        sed "/^${2##*/} /d" "$BIN_DIR/.multinet-plugins" >"$BIN_DIR/.multinet-plugins.taken"
        mv -f "$BIN_DIR/.multinet-plugins.taken" "$BIN_DIR/.multinet-plugins"
        return 0
    fi
    if [ -e "$2" ]; then
        mine=$(entry plugin "$2")
        if [ -z "$mine" ] || ! is_ours "$mine" "$(checksum "$2")"; then return 0; fi
        [ "$(checksum "$1")" != "$(checksum "$2")" ] || return 0
    fi
    place "$2" 755 "$1" plugin
}
