#!/bin/bash
# Firefox copies a <span> in its line, whatever CSS makes of it; any other inline element breaks the line there as soon
# as it is a block, floats, or is positioned absolutely. Chromium goes by the box: a block breaks the line, a float or
# what is out of the flow does not, in a span as in any other element.
#
# So three visible lines, the middle one a span with display: block, are one line on Firefox's clipboard and three on
# Chromium's; and a <time> that a stylesheet puts into the margin is copied with a line break on each side in Firefox and
# with none in Chromium. The standard's innerText, and Selection's toString() that follows it in Chromium, know boxes
# only (HTML, "rendered text collection steps"); nothing says that one tag is an exception.
# One would have guessed that both go by computed styles, as they do for <b>, <div> and display: inline-block.
# The way out: what is to be copied within a line is a span in Firefox and inline, inline-block or a float in Chromium.
# Seen with Firefox ESR 153 and Chromium 156 of Debian 12; getSelection().toString() is what Ctrl+C puts on the clipboard.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' firefox-esr chromium
cat > copied.py <<'PYTHON'
import json
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

STYLES = ("display: block", "float: left", "position: absolute", "display: inline-block")
TAGS = ("span", "b", "bdi", "time", "x-tag")
BLOCKS = "".join(f'<p id="{tag}, {style}">one <{tag} style="{style}">two</{tag}> three</p>' for tag in TAGS for style in STYLES)
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>.</title>%s<script>
const copied = {};
for (const block of document.querySelectorAll("p")) {
  getSelection().selectAllChildren(block);
  copied[block.id] = getSelection().toString();
}
fetch("/", {method: "POST", body: JSON.stringify(copied)});
</script>""" % BLOCKS
BROWSERS = {
    "firefox-esr": ["firefox-esr", "--headless", "--no-remote", "--profile", "{profile}", "{url}"],
    "chromium": ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir={profile}", "{url}"],
}


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE.encode())

    def do_POST(self):
        self.server.copied = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(204)
        self.end_headers()
        self.server.done.set()

    def log_message(self, *_):
        pass


def copied_by(browser):
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        server.done = threading.Event()
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
        return server.copied


def breaks(browser, tag, style):
    return "\n" in results[browser][f"{tag}, {style}"]


results = {browser: copied_by(browser) for browser in BROWSERS}
for browser, copied in results.items():
    print(browser)
    for what, words in copied.items():
        print(f"  {what}: {words!r}")
for style in STYLES:
    for tag in TAGS:
        assert breaks("firefox-esr", tag, style) == (tag != "span" and style != "display: inline-block"), (tag, style)
        assert breaks("chromium", tag, style) == (style == "display: block"), (tag, style)
print("Firefox goes by the tag, Chromium by the box.")
PYTHON
python3 copied.py
