# shellcheck shell=sh
# VLANs that a bridge's port carries: what pods on the bridge send in them leaves by the port, tagged.
# `FIRST-LAST` or `ONE` is a run of VLANs.

# runs_of RUN yes|no: the parts of the run that the lines of standard input name, or do not name. Of
# a line its first number counts, or range of numbers.
runs_of() {
    awk -v wanted="$1" -v named="$2" '
        function ends(text, r) { last = split(text, r, "-"); from = r[1] + 0; to = r[last] + 0 }
        function tell() { if (first) print first == seen ? first : first "-" seen; first = 0 }
        { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9]+(-[0-9]+)?$/) {
            ends($i); for (v = from; v <= to; v++) has[v] = 1; break } }
        END { ends(wanted)
            for (v = from; v <= to; v++)
                if ((v in has) == (named == "yes")) { if (!first) first = v; seen = v } else tell()
            tell() }'
}

# vlans_of PORT RUN yes|no: the parts of the run that the port carries, or does not carry.
vlans_of() {
    # The first line is a heading; in the next stands the port's name, which may be a number.
    bridge vlan show dev "$1" 2>/dev/null | awk 'NR == 2 { $1 = "" } NR > 1' | runs_of "$2" "$3"
}

# added_to PORT: runs that we have let it carry.
added_to() {
    about=$(entry vlans "$1")
    [ -z "$about" ] || [ ! -f "$about/added" ] || cat "$about/added"
}

# drop_vlans PORT RUN…: as far as it carries them.
drop_vlans() {
    port=$1
    shift
    for run; do
        for part in $(vlans_of "$port" "$run" yes); do
            bridge vlan del dev "$port" vid "$part" || return 1
        done
    done
}

# carry_vlans PORT RUN…: these, and of those that we have let it carry no others. What it carries
# otherwise stays as it is.
carry_vlans() {
    port=$1
    shift
    lacking=$(for run; do vlans_of "$port" "$run" no; done)
    unwanted=$(for run in $(added_to "$port"); do printf '%s\n' "$@" | runs_of "$run" no; done)
    if [ -n "$unwanted" ] && will "let $port no longer carry VLAN $(listed "$unwanted")"; then
        # shellcheck disable=SC2086
        drop_vlans "$port" $unwanted || fail "$port still carries VLAN $(listed "$unwanted")"
    fi
    if [ -n "$lacking" ] && will "let $port carry VLAN $(listed "$lacking")"; then
        record vlans "$port" some
    fi
    about=$(entry vlans "$port")
    { [ "$DRY" = no ] && [ -n "$about" ]; } || return 0
    # Before they are added: killed in between, the next run knows that they are ours.
    for run in $(added_to "$port") $lacking; do
        printf '%s\n' "$@" | runs_of "$run" yes
    done >"$about/added.new"
    mv "$about/added.new" "$about/added"
    for run in $lacking; do
        bridge vlan add dev "$port" vid "$run" || fail "$port cannot carry VLAN $run: see above"
    done
}

listed() { printf '%s' "$1" | tr '\n' ' '; }

# undo_vlans PORT: one that has left its bridge carries none any more.
undo_vlans() {
    { link_exists "$1" && [ "$(link_attribute "$1" master)" != none ]; } || return 0
    # shellcheck disable=SC2046
    drop_vlans "$1" $(added_to "$1")
}
