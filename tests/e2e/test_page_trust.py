"""In a browser that trusts the chat's certificate: what needs a secure page works, and /ca compares a scanned key."""

import base64

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect, sync_playwright

from chatdesk.certificates.words import fingerprint, key_words
from tests.e2e.browser import CHROMIUM, ENGINE, SWITCHES, ChatPage
from tests.e2e.serving import Serving
from tests.needs import needs

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORKS = """async () => ({
  secure: isSecureContext,
  copied: await navigator.clipboard.writeText("copied").then(() => navigator.clipboard.readText()),
  notifications: Notification.permission,
  microphones: (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks().length,
})"""


@needs("browser")
def test_an_encrypted_page_is_secure_and_tells_whether_a_scanned_key_is_the_same() -> None:
    with Serving("--tls") as serving, sync_playwright() as playwright:
        authority = x509.load_pem_x509_certificate((serving.folder / "authority.pem").read_bytes())
        public = authority.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        key = fingerprint(public)
        trusted = base64.b64encode(bytes.fromhex(key)).decode()
        media = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
        with playwright.chromium.launch(executable_path=ENGINE, args=[*SWITCHES]) as browser:
            page = browser.new_page()
            page.goto(f"{serving.url.replace('https', 'http')}/ca")
            expect(page.locator("#verdict")).to_contain_text("does not trust the chat yet")
        switches = [*SWITCHES, *media, f"--ignore-certificate-errors-spki-list={trusted}"]
        with playwright.chromium.launch(executable_path=CHROMIUM, args=switches) as browser:
            context = browser.new_context(
                permissions=["clipboard-read", "clipboard-write", "notifications", "microphone"],
                viewport={"width": 390, "height": 844},
            )
            chat = ChatPage(context, f"{serving.url}/").join("Kit")
            assert serving.url.startswith("https://")
            assert chat.page.evaluate(WORKS) == {
                "secure": True,
                "copied": "copied",
                "notifications": "granted",
                "microphones": 1,
            }
            assert chat.complaints == []
            page = context.new_page()
            page.goto(f"{serving.url}/ca#{key}")
            expect(page.locator("#verdict")).to_contain_text("It is the same key")
            for word in key_words(key):
                expect(page.locator(".ca-words")).to_contain_text(word)
            page.goto(f"{serving.url}/ca?other#{'00' * 32}")
            expect(page.locator("#verdict")).to_contain_text("It is another key")
            assert page.evaluate("document.documentElement.scrollWidth") == 390
            page.goto(f"{serving.url.replace('https', 'http')}/ca?go")
            expect(page).to_have_url(f"{serving.url}/")
