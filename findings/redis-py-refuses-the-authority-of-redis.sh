#!/bin/bash
# redis-py on Python 3.13 or newer refuses each certificate that was made as Redis itself makes them for a trial of TLS, and
# as most pages about TLS do: "CA cert does not include key usage extension". redis-cli, with the same files, comes in.
#
# Redis' own recipe (utils/gen-test-certs.sh, which its TLS.md sends to) makes an authority by `openssl req -x509`, and signs the
# server's certificate with it. One would have guessed that `rediss://...?ssl_ca_certs=ca.crt` accepts what that authority has
# signed, as redis-cli does by --cacert, and as the same program did on Python 3.12. But redis-py asks Python for its
# default context, which since 3.13 has VERIFY_X509_STRICT: an authority must say for which uses its key is (RFC 5280,
# 4.2.1.3), and OpenSSL's own configuration, from which `req -x509` takes an authority's fields, leaves that out. So
# after an update of Python alone nothing comes in, and the text, which is OpenSSL's, looks like a wrong file.
# Documentation: https://docs.python.org/3/whatsnew/3.13.html#ssl; that of redis-py on TLS does not speak of it.
# The way out: `?ssl_exclude_verify_flags=VERIFY_X509_STRICT`, after which name, dates and signature are checked as before,
# or `-addext keyUsage=critical,keyCertSign` where the authority is made.
# Downloads Debian 12's Redis into a temporary folder. Seen with redis-py 8.1.0, Python 3.13.0 and OpenSSL 3.0.19; on
# Python 3.11.7 all three connections are accepted.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill $(cat "$folder"/*.pid 2>/dev/null) 2>/dev/null; sleep 0.5; rm -rf "$folder"' EXIT
cd "$folder"
apt-get download -qq redis-tools liblzf1 libjemalloc2 libatomic1 2>/dev/null
for package in *.deb; do dpkg -x "$package" .; done
ln -s redis-check-rdb usr/bin/redis-server 2>/dev/null || true
libraries="$folder/usr/lib/$(uname -m)-linux-gnu"
newer='import sys; sys.exit(sys.version_info < (3, 13))'
for python in python3 python3.14 python3.13 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.1[3-9]*/bin/python3; do
    if "$python" -c "$newer" 2> /dev/null; then break; fi
done
"$python" -c "$newer" || { echo "This needs Python 3.13 or newer."; exit 2; }
"$python" -m venv venv
venv/bin/pip install -q --disable-pip-version-check redis==8.1.0
openssl version

make() { # NAME OPTIONS...: an authority, and a certificate for 127.0.0.1 that it has signed, in the steps of Redis' recipe
    mkdir "$1"
    openssl genrsa -out "$1/ca.key" 2048 2> /dev/null
    openssl req -x509 -new -nodes -sha256 -key "$1/ca.key" -days 3650 -subj '/O=Redis Test/CN=Certificate Authority' \
        -out "$1/ca.crt" "${@:2}"
    openssl genrsa -out "$1/redis.key" 2048 2> /dev/null
    echo 'subjectAltName=IP:127.0.0.1' > "$1/extensions"
    openssl req -new -sha256 -subj '/O=Redis Test/CN=Generic-cert' -key "$1/redis.key" |
        openssl x509 -req -sha256 -CA "$1/ca.crt" -CAkey "$1/ca.key" -CAcreateserial -days 365 \
            -extfile "$1/extensions" -out "$1/redis.crt" 2> /dev/null
}
make recipe
make with-use -addext keyUsage=critical,keyCertSign

port=18740
for name in recipe with-use; do
    port=$((port + 1))
    LD_LIBRARY_PATH=$libraries usr/bin/redis-server --port 0 --tls-port $port --bind 127.0.0.1 --tls-auth-clients no \
        --tls-cert-file $name/redis.crt --tls-key-file $name/redis.key --tls-ca-cert-file $name/ca.crt --save '' \
        --dir "$folder" --pidfile "$folder/$name.pid" --daemonize yes > /dev/null
    for _ in $(seq 100); do
        cli=$(LD_LIBRARY_PATH=$libraries usr/bin/redis-cli -p $port --tls --cacert $name/ca.crt PING 2> /dev/null || true)
        [ "$cli" = PONG ] && break
        sleep 0.05
    done
    echo "$name: redis-cli says $cli"
    [ "$cli" = PONG ]
done
venv/bin/python - <<'PYTHON'
import sys

import redis

print("Python", sys.version.split()[0], "redis-py", redis.__version__)


def outcome(port, name, more=""):
    try:
        return str(redis.Redis.from_url(f"rediss://127.0.0.1:{port}?ssl_ca_certs={name}/ca.crt{more}").ping())
    except redis.ConnectionError as error:
        return str(error)


refused = outcome(18741, "recipe")
lax = outcome(18741, "recipe", "&ssl_exclude_verify_flags=VERIFY_X509_STRICT")
strict = outcome(18742, "with-use")
print("redis-py, as the recipe makes it:", refused)
print("redis-py, without VERIFY_X509_STRICT:", lax)
print("redis-py, with keyUsage in the authority:", strict)
assert lax == strict == "True"
assert "CA cert does not include key usage extension" in refused, refused
PYTHON
