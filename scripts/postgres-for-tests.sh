#!/usr/bin/env bash
# A private PostgreSQL server for the tests: on a free loopback port, in a folder of its own, gone after `stop`.
#
#   export WALLFLOWER_TEST_POSTGRES_URL="$(scripts/postgres-for-tests.sh start)"
#   cargo test --workspace -- --include-ignored
#   scripts/postgres-for-tests.sh stop
#
# The folder is WALLFLOWER_TEST_POSTGRES_FOLDER (default: one per user under the temporary folder); where a server runs
# there already, `start` prints its address again. Needs initdb and pg_ctl (Debian: package postgresql). Nothing in it
# is safe from a power cut: that makes it fast.
set -euo pipefail

folder=${WALLFLOWER_TEST_POSTGRES_FOLDER:-${TMPDIR:-/tmp}/wallflower-postgres-$(id -u)}
tries=20

fail() {
    echo "postgres-for-tests: $*" >&2
    exit 1
}

# The newest installed version; Debian keeps these programs out of PATH.
bin() {
    local found
    if found=$(command -v "$1"); then
        echo "$found"
        return
    fi
    found=$(find /usr/lib/postgresql/*/bin -name "$1" 2>/dev/null | sort -V | tail -n 1)
    [ -n "$found" ] || fail "$1 is not installed (Debian: apt-get install postgresql)"
    echo "$found"
}

# PostgreSQL refuses to run as root.
owner() {
    if [ "$(id -u)" -ne 0 ]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

as_owner() {
    if [ "$(id -u)" -eq 0 ]; then
        (cd / && runuser -u "$(owner)" -- "$@")
    else
        "$@"
    fi
}

runs() {
    [ -f "$folder/data/postmaster.pid" ] && as_owner "$(bin pg_ctl)" -D "$folder/data" status >/dev/null 2>&1
}

# Removes only what `start` has made.
clear_folder() {
    [ ! -e "$folder" ] || [ -f "$folder/password" ] || fail "$folder is not a folder of mine"
    rm -rf "$folder"
}

make_cluster() {
    clear_folder
    # Fails where somebody else has put something there meanwhile.
    mkdir -m 700 "$folder"
    head -c 18 /dev/urandom | base64 | tr -d '/+=\n' >"$folder/password"
    [ "$(id -u)" -ne 0 ] || chown -R "$(owner)" "$folder"
    as_owner "$(bin initdb)" -D "$folder/data" -U wallflower --pwfile="$folder/password" --auth=password \
        --encoding=UTF8 --no-locale --no-sync >"$folder.log" 2>&1 || {
        cat "$folder.log" >&2
        fail "initdb failed"
    }
    rm -f "$folder.log"
}

start() {
    if runs; then
        cat "$folder/url"
        return
    fi
    make_cluster
    local port settings
    for _ in $(seq "$tries"); do
        port=$((20000 + RANDOM % 30000))
        settings="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c max_connections=300"
        settings="$settings -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        # Another program may have this port: then the next one.
        if as_owner "$(bin pg_ctl)" -D "$folder/data" -l "$folder/log" -o "$settings" -w -t 30 start >/dev/null 2>&1; then
            echo "postgres://wallflower:$(cat "$folder/password")@127.0.0.1:$port/postgres" | tee "$folder/url"
            return
        fi
    done
    tail -n 20 "$folder/log" >&2
    fail "no server came up"
}

stop() {
    if runs; then
        as_owner "$(bin pg_ctl)" -D "$folder/data" -m immediate -w stop >/dev/null
    fi
    clear_folder
}

case "${1:-}" in
start) start ;;
stop) stop ;;
*) fail "say start or stop" ;;
esac
