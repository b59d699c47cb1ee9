// @ts-check
/**
 * The connection test: probes each address of the host, asks the host which probes have arrived, and shows the result.
 */

import { markStarted } from "./startup.js";
import { timeoutSignal } from "./timeout.js";
import { guard } from "./guard.js";
import { el, byId } from "./dom.js";
import { icon } from "./icons.js";
import { sendProbe } from "./reachability-probe.js";
import { NOT_CHATDESK } from "./room-status.js";
import { list, number, optional, object, text, InvalidValue } from "./decoders.js";
import { shareAddress, urlOf, encrypted, basePath } from "./base-url.js";
import { setUpThemeButtons } from "./theme.js";

const { nonce = "", origins = "", own: ownComputer = "" } = document.body.dataset;
/** In ms: the host has answered the page itself a moment ago. */
const TIMEOUT = 5000;
const NOT_FOUND = 404;
/** Seconds that two clocks may differ: times in the chat are shown in minutes. */
const MOST_CLOCK_SKEW = 120;
const HOUR = 3600;
const decodeSkew = /** @type {import("./decoders.js").Decoder<number | null>} */ (number);
const decode = object({ reached: list(text(256), 1000), skew: optional(decodeSkew, null) });
const CHECK_NETWORK = "Check that this device is still on its network.";

/** @type {Map<string, HTMLElement>} */
const rows = new Map();

guard(setUpThemeButtons);
byId("again").addEventListener("click", () => location.reload());
/** The host's own addresses. An encrypted page cannot probe them: browsers block unencrypted requests from it. */
const direct = encrypted ? [] : origins.split(" ").filter(isAddress);
/** Whether the page came through a proxy: then the host sees the proxy's address instead of this device's. */
const proxied = encrypted || basePath !== "/" || direct.some((origin) => portOf(origin) !== portOf(location.origin));
if (location.host.startsWith("[") && !proxied) addRow(location.origin);
for (const origin of direct) addRow(origin);
byId("addresses").hidden = !rows.size;
markStarted();
test();

async function test() {
  await Promise.all([...rows.keys()].map((origin) => sendProbe(origin, nonce)));
  const answer = await ask();
  if (answer === "forgotten") return conclude("This page is too old.", ["Press “Test again”."]);
  if (answer === "nonsense") return conclude(NOT_CHATDESK, ["Tell its host to start ChatDesk again there."]);
  if (!answer) return conclude("The host does not answer any more.", [CHECK_NETWORK]);
  for (const [origin, row] of rows) showOutcome(row, hasReached(answer, origin));
  byId("addresses").classList.toggle(
    "partly",
    [...rows.keys()].some((origin) => hasReached(answer, origin)),
  );
  showClock(answer.skew);
  return conclude(...conclusionOf(answer));
}

/** @returns {Promise<{reached: string[], skew: number | null} | "forgotten" | "nonsense" | null>} */
async function ask() {
  try {
    const url = urlOf(`reach/${nonce}?at=${Date.now()}`);
    const answer = await fetch(url, { cache: "no-store", signal: timeoutSignal(TIMEOUT) });
    if (answer.status === NOT_FOUND) return "forgotten";
    return answer.ok ? decode(await answer.json()) : null;
  } catch (error) {
    return error instanceof InvalidValue || error instanceof SyntaxError ? "nonsense" : null;
  }
}

/** @param {string} origin */
function addRow(origin) {
  const state = el("span", { class: "outcome" }, "Trying…");
  const row = el("li", {}, el("span", { class: "where" }, origin.replace("http://", "")), state);
  rows.set(origin, row);
  byId("addresses").append(row);
}

/**
 * @param {HTMLElement} row
 * @param {boolean} reached
 */
function showOutcome(row, reached) {
  row.className = reached ? "reached" : "missed";
  const outcome = reached ? [icon("check"), "Works"] : [icon("close"), "Does not work"];
  row.querySelector(".outcome")?.replaceChildren(...outcome);
}

/**
 * @param {{reached: string[]}} answer
 * @param {string} origin
 */
function hasReached({ reached }, origin) {
  return reached.includes(addressOf(origin));
}

/** @param {string} origin */
function isAddress(origin) {
  try {
    return addressOf(origin) !== "";
  } catch {
    return false;
  }
}

/** @param {string} origin */
function addressOf(origin) {
  return new URL(origin).hostname.replace(/^\[|\]$/gu, "");
}

/** @param {string} origin */
function portOf(origin) {
  const { port, protocol } = new URL(origin);
  return port || protocol;
}

/**
 * What the result means, and what to do: a sentence and advice.
 * @param {{reached: string[]}} answer
 * @returns {[string, string[]]}
 */
function conclusionOf(answer) {
  if (ownComputer && !proxied)
    return ["This is the computer that hosts the chat.", ["Open this page on a phone or another computer."]];
  const missed = [...rows.keys()].filter((origin) => !hasReached(answer, origin));
  const worked = [...rows.keys()].filter((origin) => hasReached(answer, origin));
  if (!missed.length) return ["This device reaches the chat.", proxied ? [`It does so by ${shareAddress}`] : []];
  if (!worked.length) {
    return ["None of these addresses works.", [`Only this one, by which the page is here: ${shareAddress}`]];
  }
  return [
    "This device reaches the chat, but not by every address.",
    [
      `Give others an address that works: ${worked[0].replace("http://", "")}`,
      "The others belong to networks that this device is not in, or a firewall on the host's computer is in the way.",
    ],
  ];
}

/** @param {number | null} skew seconds by which this device's clock is ahead of the host's */
function showClock(skew) {
  if (skew === null || Math.abs(skew) <= MOST_CLOCK_SKEW) return;
  const size = Math.abs(skew);
  const time = size < HOUR ? `${Math.round(size / 60)} minutes` : `${Math.round(size / HOUR)} hours`;
  const how = `${time} ${skew > 0 ? "ahead of" : "behind"}`;
  byId("clock").textContent = `This device's clock is ${how} the host's: one of them is wrong.`;
  byId("clock").hidden = false;
}

/**
 * @param {string} sentence
 * @param {string[]} advice
 */
function conclude(sentence, advice) {
  byId("verdict").textContent = sentence;
  byId("advice").replaceChildren(...advice.map((line) => el("li", {}, line)));
  byId("advice").hidden = !advice.length;
}
