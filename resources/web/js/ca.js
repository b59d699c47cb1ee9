// @ts-check
/**
 * How a device comes to trust the chat: opens the steps of its own system, goes on where the browser trusts it already,
 * and tells whether the key that a ChatDesk window has shown as a code is this chat's.
 */

import { guard } from "./guard.js";
import { byId } from "./dom.js";
import { encrypted, hostAndPath } from "./base-url.js";
import { setUpThemeButtons } from "./theme.js";
import { timeoutSignal } from "./timeout.js";

/** In ms: the host has answered the page itself a moment ago. */
const TIMEOUT = 5000;
const FINGERPRINT = /^#[0-9a-f]{64}$/u;
const chat = `https://${hostAndPath}/`;

guard(setUpThemeButtons);
/** @type {HTMLAnchorElement} */ (byId("open")).href = chat;
byId("socket").textContent = `wss://${hostAndPath}/ws`;
openSteps(systemOf(navigator.userAgent));
if (FINGERPRINT.test(location.hash)) compare(location.hash.slice(1));
else if (encrypted) say("This browser is connected over https: the chat is encrypted.", "good");
else goOnIfTrusted();

/** @param {string} scanned the fingerprint of a key that a window has been shown */
function compare(scanned) {
  if (!encrypted) return say("Open this page over https to compare: over http, anybody could answer.", "bad");
  const same = scanned === document.body.dataset["key"];
  return same
    ? say("It is the same key: that window talks to this chat.", "good")
    : say("It is another key. That window does not talk to this chat: do not join there.", "bad");
}

/** Lead people who want the chat, and not this page, on to it once the browser trusts it. */
async function goOnIfTrusted() {
  try {
    await fetch(`${chat}ca/trusted`, { mode: "no-cors", cache: "no-store", signal: timeoutSignal(TIMEOUT) });
  } catch {
    return say("This browser does not trust the chat yet: it warns until this device has the certificate.");
  }
  if (new URLSearchParams(location.search).has("go")) location.replace(chat);
  return say("This browser trusts the chat already.", "good");
}

/** @param {string} sentence @param {"good" | "bad"} [kind] */
function say(sentence, kind) {
  const verdict = byId("verdict");
  verdict.textContent = sentence;
  if (kind) verdict.classList.add(kind);
  verdict.hidden = false;
}

/** @param {string} system */
function openSteps(system) {
  for (const details of document.querySelectorAll("details")) details.open = details.dataset["system"] === system;
}

/** @param {string} agent */
function systemOf(agent) {
  if (/iPhone|iPad|iPod/u.test(agent) || (/Macintosh/u.test(agent) && navigator.maxTouchPoints > 1)) return "ios";
  if (/Android/u.test(agent)) return "android";
  if (/Firefox/u.test(agent)) return "firefox";
  if (/Windows/u.test(agent)) return "windows";
  return /Macintosh/u.test(agent) ? "macos" : "linux";
}
