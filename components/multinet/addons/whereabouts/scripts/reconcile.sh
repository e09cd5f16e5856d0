# shellcheck shell=sh
# Runs whereabouts' reconciler: once when this starts, then by the schedule; again every minute
# while it fails.
#
#   reconcile.sh SCHEDULE     a cron expression of five fields, in UTC
#
# The program knows schedules only. So it starts with "every minute", and is given its schedule by
# its own way, a file that it watches, when a run has gone well.
#
# It frees an address that a pod does not show yet: Multus writes a pod's addresses when all of its
# networks are attached, and the program waits little more than a second for that. It says so
# before it frees anything; then it is ended here, and tried again a minute later.
set -u

CRON_DIR=${MULTINET_CRON_DIR:-/cron-schedule}
OWN_DIR=${MULTINET_OWN_DIR:-/run/multinet}
RECONCILER=${MULTINET_RECONCILER:-/ip-reconciler}
AT_ONCE='* * * * *'
MOST_WAITS=${MULTINET_MOST_WAITS:-60}
READY=$OWN_DIR/ready
BEAT=$OWN_DIR/beat
LOG=$OWN_DIR/log

program=''
waits=0   # in a row, for pods that are being started
failed='' # whether the last run did

say() { echo "multinet: $*" >&2; }

# The program reads the file anew when something appears under the name of a ConfigMap's link.
by() {
    printf '%s' "$1" >"$CRON_DIR/config"
    : >"$CRON_DIR/..next"
    mv -f "$CRON_DIR/..next" "$CRON_DIR/..data"
}

# shellcheck disable=SC2329  # called by the trap
stop() {
    trap '' TERM INT
    [ -z "$program" ] || kill -TERM "$program" 2>/dev/null
    exit 0
}
trap stop TERM INT

heard() {
    case $1 in
    *'using expression: '*)
        # It has started; what a run finds is said by the run.
        [ -n "$failed" ] || : >"$READY"
        ;;
    *'Re-fetching Pending Pod: '*)
        [ "$waits" -lt "$MOST_WAITS" ] || return 0
        kill -KILL "$program"
        waits=$((waits + 1))
        pod=${1##*Pending Pod: }
        say "ended before it freed anything: ${pod%% *} is being started; again in a minute"
        return 1
        ;;
    *'reconciler run succeeded'*)
        waits=0
        failed=''
        say "a run went well; the next one by the schedule: $schedule"
        : >"$READY"
        by "$schedule"
        ;;
    *'reconciler run failed'*)
        say "a run failed: ${1##*reconciler run failed: }; again in a minute"
        failed=yes
        rm -f "$READY"
        by "$AT_ONCE"
        ;;
    '' | *'[debug]'*) ;;
    *) printf '%s\n' "$1" ;;
    esac
}

run() {
    by "$AT_ONCE"
    "$RECONCILER" -log-level debug >"$LOG" 2>&1 &
    program=$!
    # An empty line now and then ends a wait: for the beat, for signals, and for an end unheard.
    while sleep 5 && echo; do :; done >"$LOG" &
    ticker=$!
    while IFS= read -r line; do
        : >"$BEAT"
        kill -0 "$program" 2>/dev/null || break
        heard "$line" || break
    done <"$LOG"
    kill "$ticker" 2>/dev/null
    wait "$program"
    status=$?
    program=''
    return "$status"
}

schedule=$1
mkdir -p "$OWN_DIR"
rm -f "$READY" "$LOG"
mkfifo "$LOG"
while :; do
    before=$waits
    run && status=0 || status=$?
    if [ "$waits" -eq "$before" ] || [ "$waits" -eq 0 ]; then
        say "ip-reconciler has ended with status $status"
        exit 1
    fi
done
