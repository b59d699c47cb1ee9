#!/bin/bash
# WebKitGTK under LANG=C.UTF-8 (containers, kiosks, services, a Debian without locales) tells pages that the reader's
# language is "C", in navigator.language and navigator.languages. Every constructor of Intl throws a RangeError for that
# value, so a page that does `new Intl.DateTimeFormat(navigator.language)` at its start stays blank. A LANG that is not
# generated, such as de_DE.UTF-8 in a container, gives "en-US": the locale that exists is the one that breaks pages.
#
# HTML ("language preferences") says that navigator.language must return a valid BCP 47 language tag; "C" is none, for a
# primary language subtag has two letters or more. Intl itself has a default in the same page, "en-US-u-va-posix".
# One would have guessed "en-US", as Chromium and Firefox say under LANG=C.UTF-8.
# The way out: pass only what Intl.getCanonicalLocales() takes, else undefined.
# Seen with WebKitGTK 2.50.6 of Debian 12; no issue is known to us.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb
cat > language.py <<'PYTHON'
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request

SCRIPT = """
const attempt = work => { try { return work() } catch (error) { return error.name } };
return {
    language: navigator.language,
    languages: [...navigator.languages],
    locale: attempt(() => String(new Intl.Locale(navigator.language))),
    format: attempt(() => new Intl.DateTimeFormat(navigator.language).resolvedOptions().locale),
    fallback: attempt(() => new Intl.DateTimeFormat().resolvedOptions().locale),
};
"""


def ask(url, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=60) as answer:
        return json.load(answer)["value"]


def seen(language):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = os.getcwd()
    environment = {**os.environ, "LANG": language, "LC_ALL": language, "HOME": home, "XDG_RUNTIME_DIR": home}
    environment.pop("LANGUAGE", None)
    environment["WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS"] = "1"  # it starts as root, too
    driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env=environment)
    try:
        end = time.monotonic() + 30
        while socket.socket().connect_ex(("127.0.0.1", port)) and time.monotonic() < end:
            time.sleep(0.1)
        binary = str(next(pathlib.Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser")))
        wish = {"webkitgtk:browserOptions": {"binary": binary, "args": ["--automation"]}}
        url = f"http://127.0.0.1:{port}/session"
        url += "/" + ask(url, {"capabilities": {"alwaysMatch": wish}})["sessionId"]
        value = ask(f"{url}/execute/sync", {"script": SCRIPT, "args": []})
        ask(url, method="DELETE")
        return value
    finally:
        driver.terminate()
        driver.wait()


none, missing = seen("C.UTF-8"), seen("xx_XX.UTF-8")
print("LANG=C.UTF-8:", none)
print("LANG=xx_XX.UTF-8:", missing)
assert (none["language"], none["languages"]) == ("C", ["C"]), "the language is one now"
assert (none["locale"], none["format"]) == ("RangeError", "RangeError"), "Intl takes it"
assert none["fallback"].startswith("en"), "Intl has no default of its own"
assert missing["language"] == missing["locale"] == "en-US", "a locale that does not exist is told in another way"
PYTHON
xvfb-run -a python3 language.py
echo 'seen: navigator.language is "C", and Intl throws for it'
