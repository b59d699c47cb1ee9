// @ts-check
/**
 * The question before somebody is removed, banned, muted or renamed: why, for how long, and whether their address is
 * meant, too. What is typed where a name is asked for is the `reason`.
 *
 * @typedef {{reason: string, minutes?: number, address: boolean}} HowLong without `minutes` it ends this evening
 * @typedef {import("./protocol.js").Events["neighbours"]} Neighbours
 */

import { el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { isolated } from "./nickname.js";
import { Sheet } from "./sheet.js";

const HOUR = 60;
/** For good. */
const WITHOUT_END = 0;
const REASON_CHARS = 200;
const NAME_CHARS = 32;
/** Names of others at an address that are written out. */
const NAMED = 3;
/** @type {Record<string, [words: string, minutes: number | undefined][]>} */
const ENDS = {
  mute: [
    ["10 minutes", 10],
    ["1 hour", HOUR],
    ["Until I say so", WITHOUT_END],
  ],
  remove: [
    ["At once", WITHOUT_END],
    ["In 10 minutes", 10],
    ["In 1 hour", HOUR],
  ],
  ban: [
    ["1 hour", HOUR],
    ["This evening", undefined],
    ["For good", WITHOUT_END],
  ],
  rename: [],
};
const TEXTS = {
  mute: { verb: "Mute", drawing: "mute", text: "They read on and can say nothing, in any room.", end: "For" },
  remove: {
    verb: "Remove",
    drawing: "leave",
    text: "They leave at once, on all devices. Only the host and moderators can read why.",
    end: "They may come back",
  },
  ban: {
    verb: "Ban",
    drawing: "ban",
    text: "They leave at once and cannot come back until the ban ends. Only the host and moderators can read why.",
    end: "Until",
  },
  rename: { verb: "Rename", drawing: "edit", text: "Everybody sees the new name, also they themselves.", end: "" },
};
/** The end that is proposed. */
const PROPOSED = { mute: 0, remove: 0, ban: 1, rename: 0 };

/**
 * @param {keyof typeof TEXTS} act
 * @param {string} nickname
 * @param {Promise<unknown>} [near] the answer to `neighbours`; without it there is no question about the address
 * @returns {Promise<HowLong | null>} null if the person says no
 */
export function askHowLong(act, nickname, near) {
  const { verb, drawing, text, end } = TEXTS[act];
  const title = `${verb} ${isolated(nickname)}`;
  const label = act === "rename" ? "New name" : `Reason, which ${isolated(nickname)} sees`;
  const most = act === "rename" ? NAME_CHARS : REASON_CHARS;
  const attributes = { id: "order-reason", maxlength: most, autocomplete: "off", dir: "auto", autofocus: true };
  const reason = el("input", attributes);
  const danger = act === "ban" || act === "remove";
  const yes = el("button", { type: "submit", class: danger ? "button danger" : "button primary" }, title);
  const no = el("button", { type: "button", class: "button" }, "Cancel");
  const address = el("input", { type: "checkbox", id: "order-address", "aria-describedby": "order-near" });
  const beside = el("div", { class: "order-address", hidden: true });
  const form = el(
    "form",
    { class: "form-sheet-body" },
    el("h2", { class: danger ? "danger" : "" }, icon(drawing), el("span", {}, `${verb} `, nameElement(nickname))),
    el("p", { class: "hint" }, text),
    el("label", { for: "order-reason" }, label),
    el("div", { class: "field" }, reason),
    segments(act, end),
    beside,
    el("div", { class: "form-sheet-buttons" }, no, yes),
  );
  const dialog = el("dialog", { class: "form-sheet order-dialog", "aria-label": title }, form);
  document.body.append(dialog);
  near?.then((answer) => showNeighbours(beside, address, /** @type {Neighbours | null} */ (answer)));
  return new Promise((answer) => {
    /** @type {HowLong | null} */
    let given = null;
    const sheet = new Sheet(dialog, () => {
      dialog.remove();
      answer(given);
    });
    no.addEventListener("click", () => sheet.close());
    form.addEventListener("submit", (submit) => {
      submit.preventDefault();
      const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector("input[name=order-end]:checked"));
      const minutes = ENDS[act][Number(chosen?.value ?? 0)]?.[1];
      given = { reason: reason.value.trim(), minutes, address: address.checked };
      sheet.close();
    });
    sheet.open();
  });
}

/**
 * The choice of the end.
 * @param {keyof typeof TEXTS} act
 * @param {string} legend
 */
function segments(act, legend) {
  if (!ENDS[act].length) return null;
  const choices = ENDS[act].map(([words], index) => {
    const checked = index === PROPOSED[act];
    const radio = el("input", { type: "radio", name: "order-end", value: index, checked });
    return el("label", {}, radio, el("span", {}, words));
  });
  return el("fieldset", {}, el("legend", {}, legend), el("div", { class: "segments" }, ...choices));
}

/**
 * @param {HTMLElement} beside
 * @param {HTMLInputElement} box
 * @param {Neighbours | null} near
 */
function showNeighbours(beside, box, near) {
  if (!near?.address) return;
  const named = near.names.slice(0, NAMED).map((name) => isolated(name));
  const others = near.count - named.length;
  const names = others > 0 ? `${named.join(", ")} and ${others} more` : named.join(", ");
  const use = near.count === 1 ? "1 other here uses it" : `${near.count} others here use it`;
  const words = near.count ? `${use}: ${names}.` : "Nobody else here uses it.";
  const text = el(
    "span",
    {},
    el("label", { for: box.id }, `Also this address, ${near.address}`),
    el("span", { id: "order-near", class: near.count ? "hint warning" : "hint" }, words),
  );
  beside.replaceChildren(box, text);
  beside.hidden = false;
}
