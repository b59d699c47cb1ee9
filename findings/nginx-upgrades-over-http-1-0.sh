#!/bin/bash
# nginx opens a WebSocket over HTTP/1.0: without `proxy_http_version 1.1` it is what stands behind nginx that decides
# whether WebSockets come through.
#
# nginx asks what is behind it in HTTP/1.0 unless it is told otherwise, and all advice for WebSockets, its own included,
# has that line. HTTP/1.0 knows no upgrade: a server MUST ignore an Upgrade field in such a request (RFC 9110, 7.8), and
# the handshake of a WebSocket MUST be at least HTTP/1.1 (RFC 6455, 4.1). One would have guessed that nginx takes a 101
# that answers HTTP/1.0 for an error. It makes a tunnel of the connection as soon as a 101 comes, whatever it asked in.
# So a configuration that lacks the line works in front of a server that looks at the fields alone, and fails in front
# of one that looks at the version, as websockets does (505): it was tried with the one, and breaks when that is updated
# or replaced, far from nginx.
# Documentation: https://nginx.org/en/docs/http/websocket.html
# Downloads Debian 12's nginx into a temporary folder. Seen with nginx 1.22.1 and websockets 17.4.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(cat "$folder/pid" 2>/dev/null) 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq nginx 2>/dev/null
dpkg -x nginx_*.deb .
usr/sbin/nginx -v
python3 -m venv venv
venv/bin/pip install -q --disable-pip-version-check websockets==17.4
mkdir logs
cat > nginx.conf <<'NGINX'
daemon off;
pid pid;
error_log logs/error.log;
events {}
http {
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    server {
        listen 127.0.0.1:18700;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
        location /any { proxy_pass http://127.0.0.1:18701; }
        location /strict { proxy_pass http://127.0.0.1:18702; }
    }
}
NGINX
cat > check.py <<'PYTHON'
import asyncio
import logging
import subprocess

import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve
from websockets.utils import accept_key

print("websockets", websockets.__version__)
lines = []


async def any_version(reader, writer):
    """Looks at the fields alone, and says one message."""
    line, *fields = (await reader.readuntil(b"\r\n\r\n")).decode().splitlines()
    lines.append(line)
    key = next(field.split()[1] for field in fields if field.lower().startswith("sec-websocket-key:"))
    writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
    writer.write(f"Sec-WebSocket-Accept: {accept_key(key)}\r\n\r\n".encode() + b"\x81\x07through")
    await reader.read()
    writer.close()


async def greet(socket):
    await socket.send("through")


async def outcome(path):
    try:
        async with connect(f"ws://127.0.0.1:18700{path}", proxy=None, compression=None) as socket:
            return await socket.recv()
    except websockets.InvalidStatus as refused:
        return refused.response.status_code


async def main():
    logging.getLogger("websockets").setLevel(logging.CRITICAL)
    async with await asyncio.start_server(any_version, "127.0.0.1", 18701), serve(greet, "127.0.0.1", 18702):
        nginx = subprocess.Popen(["usr/sbin/nginx", "-p", ".", "-c", "nginx.conf", "-e", "logs/error.log"])
        try:
            for _ in range(100):
                try:
                    (await asyncio.open_connection("127.0.0.1", 18700))[1].close()
                    break
                except OSError:
                    await asyncio.sleep(0.05)
            return await outcome("/any"), await outcome("/strict")
        finally:
            nginx.terminate()
            nginx.wait()


seen = asyncio.run(main())
print("nginx asks:", *lines)
print("a server that looks at the fields:", seen[0])
print("a server that looks at the version:", seen[1])
assert lines == ["GET /any HTTP/1.0"], lines
assert seen == ("through", 505), seen
PYTHON
venv/bin/python check.py
