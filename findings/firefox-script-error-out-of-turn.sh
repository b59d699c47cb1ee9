#!/bin/bash
# Firefox fires the "error" event of a deferred script that has not come as soon as its answer is there, before deferred
# scripts that stand in front of it have run. Chromium fires it when the script's turn has come, behind all of them.
#
# So a first deferred script that listens for the failure of a second one hears of it in Chromium, and never in Firefox
# where the first one takes longer to come than the refusal of the second. The standard knows one order: a script that has
# not come is marked ready, waits in the list like those that have, and its turn is what fires the event (HTML, "The end",
# step 5, and "execute the script element", step 5).
# One would have guessed that a listener set by a script in front is in time, as it is for the load event.
# The way out: look when the page is complete whether the second script has run.
# Seen with Firefox ESR 153 and Chromium 156 of Debian 12; a script that comes, but late, is given as the counter-check.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' firefox-esr chromium
cat > turns.py <<'PYTHON'
import json
import subprocess
import sys
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>.</title>
<script>
const seen = [];
const early = (what) => (event) => { if (event.target.id === "second") seen.push(`${event.type} ${what}`); };
document.addEventListener("error", early("seen from the start"), true);
document.addEventListener("load", early("seen from the start"), true);
addEventListener("load", () => setTimeout(() => fetch("/", {method: "POST", body: JSON.stringify(seen)}), 200));
</script>
<script defer src="first.js"></script>
<script defer src="second.js" id="second"></script>"""
FIRST = """
seen.push("the first script runs");
for (const type of ["error", "load"]) second.addEventListener(type, () => seen.push(`${type} heard by the first script`));
"""
BROWSERS = {
    "firefox-esr": ["firefox-esr", "--headless", "--no-remote", "--profile", "{profile}", "{url}"],
    "chromium": ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir={profile}", "{url}"],
}


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/first.js":
            time.sleep(1)
        missing = self.path == "/second.js" and self.server.missing
        body = {"/": PAGE, "/first.js": FIRST}.get(self.path, "").encode()
        self.send_response(503 if missing else 200)
        self.send_header("Content-Type", "text/html" if self.path == "/" else "text/javascript")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        self.server.seen = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        self.server.done.set()

    def log_message(self, *_):
        pass


def seen_by(browser, missing):
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        server.done, server.missing = threading.Event(), missing
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        command = [word.format(profile=profile, url=url) for word in BROWSERS[browser]]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if not server.done.wait(120):
                sys.exit(f"{browser} has not opened the page")
        finally:
            process.terminate()
            process.wait()
            server.shutdown()
        return server.seen


EXPECTED = {
    ("firefox-esr", True): ["error seen from the start", "the first script runs"],
    ("chromium", True): ["the first script runs", "error seen from the start", "error heard by the first script"],
    ("firefox-esr", False): ["the first script runs", "load seen from the start", "load heard by the first script"],
    ("chromium", False): ["the first script runs", "load seen from the start", "load heard by the first script"],
}
for (browser, missing), expected in EXPECTED.items():
    seen = seen_by(browser, missing)
    print(f"{browser}, the second script {'is refused' if missing else 'comes'}: {seen}")
    assert seen == expected, (browser, missing)
print("In Firefox the error comes before its turn, in Chromium in its turn; load comes in its turn in both.")
PYTHON
python3 turns.py
