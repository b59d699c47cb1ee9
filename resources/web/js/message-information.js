// @ts-check
/** What is known of one message, in a dialog: when it was said and edited, who has read it, who has reacted. */

import { formatCount } from "./counts.js";
import { dayName, clockTime, momentName } from "./date-time.js";
import { el, nameElement } from "./dom.js";
import { nameList } from "./timeline-rows.js";
import { Sheet } from "./sheet.js";

/** @typedef {import("./transcript.js").MessageEntry} MessageEntry */

/**
 * @param {MessageEntry} item
 * @param {object} about
 * @param {string} about.room
 * @param {number | null} about.readers how many have read it; null where that is not told
 * @param {() => void} about.showReaders
 * @param {(emoji: string) => void} about.showReactors
 */
export function showInformation(item, { room, readers, showReaders, showReactors }) {
  const title = el("h2", {}, "Message");
  const known = factsOf(item, room).flatMap(([name, ...value]) => [el("dt", {}, name), el("dd", {}, ...value)]);
  const facts = el("dl", {}, ...known);
  const close = el("button", { type: "button", class: "button", autofocus: true }, "Close");
  const dialog = el("dialog", { class: "question information", "aria-label": "Message" }, title, facts);
  document.body.append(dialog);
  const sheet = new Sheet(/** @type {HTMLDialogElement} */ (dialog), () => dialog.remove());
  /** @type {(act: () => void) => () => void} */
  const leaving = (act) => () => {
    sheet.close();
    setTimeout(act); // after the focus is back
  };
  if (readers) facts.append(el("dt", {}, "Read by"), el("dd", {}, link(formatCount(readers), leaving(showReaders))));
  for (const { emoji, count, people } of item.reactions) {
    const names = nameList(people.map(({ nickname }) => nickname));
    const others = count - people.length;
    const rest = others > 0 ? link(`and ${formatCount(others)} more`, leaving(() => showReactors(emoji))) : null;
    facts.append(el("dt", {}, emoji), el("dd", {}, ...names, rest && " ", rest));
  }
  dialog.append(el("div", { class: "question-buttons" }, close));
  close.addEventListener("click", () => sheet.close());
  sheet.open();
}

/** @param {MessageEntry} item @param {string} room @returns {[string, ...(Node | string)[]][]} */
function factsOf({ nickname, time, edited, pinned, bot, seq }, room) {
  const day = Object.values(dayName(time, Date.now())).filter(Boolean).join(", ");
  return [
    ["From", nameElement(nickname), bot ? ", a bot" : ""],
    ["Said", `${day}, ${clockTime(time)}`],
    ...(edited ? [/** @type {[string, string]} */ (["Edited", momentName(edited, Date.now())])] : []),
    ...(pinned ? [/** @type {[string, string]} */ (["Pinned", "for everybody"])] : []),
    ["Number", nameElement(`#${room}/${seq}`)],
  ];
}

/** @param {string} words @param {() => void} act */
function link(words, act) {
  const button = el("button", { type: "button", class: "text-button" }, words);
  button.addEventListener("click", act);
  return button;
}
