// @ts-check
/**
 * Draws an entry of the timeline as a row.
 *
 * @typedef {import("./transcript.js").Entry} Entry
 * @typedef {import("./transcript.js").MessageEntry} MessageEntry
 * @typedef {import("./transcript.js").PresenceEntry} PresenceEntry
 * @typedef {import("./outbox.js").Outgoing} Outgoing
 * @typedef {import("./own-identity.js").OwnIdentity} OwnIdentity
 * @typedef {import("./own-identity.js").Named} Named
 * @typedef {Entry | Outgoing} Item
 * @typedef {{startsGroup: boolean, own: boolean, role: string, time: string, day: string, divider: string,
 *   acts: import("./message-acts.js").ShownActs, actsKey: string, readers: number | null}} RowLayout what a row shows
 *   beside its item: whether it starts a group, is one's own; `role`: host, moderator or empty; `time` in the local
 *   time zone; `day`: the day that starts with it, or empty; `divider`: the words of the divider above it, or empty;
 *   `readers`: how many others have read it, null where that is not told
 */

import { avatar, disc, hueClass } from "./avatar.js";
import { clockTime, dateOf, dayName, dayOf, momentName } from "./date-time.js";
import { formatCount } from "./counts.js";
import { el, nameElement } from "./dom.js";
import { collapsible } from "./collapse.js";
import { icon } from "./icons.js";
import { plainText } from "./markup-rules.js";
import { drawnBlocks } from "./markup.js";
import { NO_ACTS, actsOf, deletedLine, quoteOf, reactionsOf } from "./message-acts.js";
import { isFewEmoji, paragraphs } from "./message-text.js";
import { markOf } from "./person-mark.js";
import { personKey } from "./own-identity.js";

/**
 * Messages of one author form a group if no more than this is between them, in ms, as in the window: a longer pause
 * begins another thought.
 */
const GROUP_TIME = 5 * 60 * 1000;
/** The author of one's own messages; no other has this key. */
const MINE = "mine";
/** More people than this are counted instead of named: a line holds about three names. */
const MOST_NAMED = 3;

/**
 * @param {Item} item
 * @param {Item | null} previous
 * @param {{own: OwnIdentity, roleOf: (person: Named) => string, divider?: {key: string, label: string} | null,
 *   acts?: import("./message-actions.js").MessageActions,
 *   receipts?: import("./receipt-actions.js").ReceiptActions}} around oneself, who is host or moderator, the row
 *   below the divider for new messages, what is known of acts on messages, and who has read them
 * @returns {RowLayout}
 */
export function layoutOf(item, previous, { own, roleOf, divider = null, acts, receipts }) {
  const author = authorOf(item, own);
  const sameAuthor = previous && author !== "" && author === authorOf(previous, own);
  const sameDay = previous && dayOf(previous.time) === dayOf(item.time);
  const follows = sameAuthor && sameDay && item.time - previous.time <= GROUP_TIME;
  const day = sameDay ? "" : Object.values(dayName(item.time, Date.now())).filter(Boolean).join(", ");
  const label = divider && divider.key === item.key ? divider.label : "";
  const startsGroup = !follows || label !== "";
  const mine = author === MINE;
  const role = item.kind === "message" ? roleOf(item) : "";
  const shown = item.kind === "message" && acts ? actsOf(item, acts) : NO_ACTS;
  const time = clockTime(item.time);
  const readers = item.kind === "message" ? (receipts?.count(item) ?? null) : null;
  return { startsGroup, own: mine, role, time, day, divider: label, acts: shown, actsKey: shown.key, readers };
}

/**
 * Tells the authors of messages apart.
 * @param {Item} item
 * @param {OwnIdentity} own
 * @returns {string} MINE for oneself, and empty for what is no message
 */
function authorOf(item, own) {
  if (item.kind === "own") return MINE;
  if (item.kind !== "message" || item.deleted) return "";
  return own.isMine(item) ? MINE : personKey(item);
}

/**
 * Draw an item into its row, and replace what was there.
 * @param {HTMLElement} row
 * @param {Item} item
 * @param {RowLayout} layout
 * @param {OwnIdentity} own
 */
export function fillRow(row, item, layout, own) {
  const dividers = [
    layout.day ? daySeparator(item.time) : null,
    layout.divider ? unreadSeparator(layout.divider) : null,
  ];
  const line = lineOf(row, item, layout, own);
  row.className = `row ${layout.startsGroup ? "head" : "further"}`;
  row.dataset.key = item.key;
  row.replaceChildren(...dividers.filter((divider) => divider !== null), line);
}

/**
 * @param {HTMLElement} row in its former state
 * @param {Item} item
 * @param {RowLayout} layout
 * @param {OwnIdentity} own
 */
function lineOf(row, item, layout, own) {
  if (item.kind === "presence") return presenceLine(item, row.querySelector("details")?.open ?? false);
  if (item.kind === "system") return systemLine(item.content);
  if (item.kind === "message" && item.deleted) return deletedLine(item);
  const text = textOf(item, own, row.querySelector(".expanded") !== null);
  const waited = row.querySelector(".pending") !== null;
  if (item.kind === "own" || layout.own) return ownMessageLine(item, text, layout, waited);
  return messageLine(item, text, layout);
}

/** @param {number} time */
function daySeparator(time) {
  const { word, date } = dayName(time, Date.now());
  const optional = word && date ? el("span", { class: "wide-only" }, `, ${date}`) : date;
  // Not in the tab order: the top bar has one button for all days.
  const attributes = { type: "button", class: "day-name", "data-action": "date", title: "Go to a date", tabindex: -1 };
  return el(
    "h2",
    { class: "day", "data-date": dateOf(time) },
    el("button", attributes, el("span", {}, word, optional)),
  );
}

/** @param {string} label */
function unreadSeparator(label) {
  return el("h2", { class: "day new" }, el("span", {}, label));
}

/** @param {number} time */
function timeOf(time) {
  return el("time", { datetime: new Date(time).toISOString() }, clockTime(time));
}

/**
 * @param {Outgoing | MessageEntry} item
 * @param {OwnIdentity} own
 * @param {boolean} unfolded
 */
function textOf(item, own, unfolded) {
  const body = item.kind === "message" ? item.body : null;
  const isLarge = isFewEmoji(body ? plainText(body) : item.content);
  const kind = isLarge ? "text few-emoji" : body ? "text marked-up" : "text";
  const drawn = body ? drawnBlocks(body, (mention) => own.isMeant(mention)) : paragraphs(item.content);
  return collapsible(item.content, el("div", { class: kind }, ...drawn), unfolded);
}

/**
 * Put marks, such as the time, behind the last line of a text.
 * @param {HTMLElement} text
 * @param {Node} marks
 */
function appendMarks(text, marks) {
  const drawn = text.querySelector(".text") ?? text;
  if (drawn.lastElementChild?.tagName !== "P") drawn.append(el("p", { class: "receipt-line" }));
  drawn.lastElementChild?.append(marks);
}

/**
 * @param {MessageEntry} item
 * @param {HTMLElement} text
 * @param {RowLayout} layout
 */
function messageLine(item, text, layout) {
  const beside = layout.startsGroup ? [avatar(item)] : [timeOf(item.time), editedMark(item)];
  const gutter = el("div", { class: "gutter" }, ...beside);
  const byline = layout.startsGroup
    ? bylineOf(item, layout.role)
    : nameElement(item.nickname, { class: "visually-hidden" });
  const quote = quoteOf(item, layout.acts);
  const body = el("div", { class: "body" }, byline, quote, text, reactionsOf(item, layout.acts));
  const mentioned = text.querySelector("mark.mention") ? " mentions-me" : "";
  return el("div", { class: `line message${mentioned}` }, gutter, body);
}

/**
 * @param {MessageEntry} item
 * @param {string} role
 */
function bylineOf(item, role) {
  const name = nameElement(item.nickname, { class: `name ${hueClass(item)}`, title: item.nickname });
  const mark = markOf({ host: role === "host", role, verified: item.verified }, item.bot);
  return el("div", { class: "byline" }, name, ...mark, timeOf(item.time), editedMark(item));
}

/**
 * One's own message: a tinted bubble with its delivery state.
 * @param {Outgoing | MessageEntry} item
 * @param {HTMLElement} text
 * @param {RowLayout} layout
 * @param {boolean} waited whether it was pending until now: its confirmation is animated
 */
function ownMessageLine(item, text, { acts, readers }, waited) {
  const reason = item.kind === "own" ? item.reason : "";
  const state = item.kind !== "own" ? "confirmed" : reason ? "failed" : "pending";
  appendMarks(text, receiptOf(state, item, readers));
  const animation = waited && state === "confirmed" ? " just-confirmed" : "";
  const author = el("span", { class: "visually-hidden" }, "You: ");
  const quote = item.kind === "message" ? quoteOf(item, acts) : null;
  const reactions = item.kind === "message" ? reactionsOf(item, acts) : null;
  const addressee = item.kind === "own" && item.to ? addresseeOf(item.to) : null;
  const message = el("div", { class: `own-message ${state}${animation}` }, author, addressee, quote, text);
  const isHeld = item.kind === "own" && item.waits;
  if (isHeld) message.classList.add("held");
  const failure = reason ? [failedActions(), el("p", { class: "reason", dir: "auto" }, reason)] : [];
  return el("div", { class: "own" }, message, reactions, ...failure);
}

/** For whom alone a message is that waits. @param {import("./protocol.js").Mentioned} to */
function addresseeOf({ name }) {
  return el("p", { class: "addressee" }, icon("lock"), el("span", {}, "To ", nameElement(name), " alone"));
}

/**
 * The delivery state of one's own message.
 * @param {string} state
 * @param {Outgoing | MessageEntry} item
 * @param {number | null} readers
 */
function receiptOf(state, item, readers) {
  const marks = {
    pending: () => [item.kind === "own" && item.waits ? item.waits : "Sending", icon("clock")],
    failed: () => ["Not sent", icon("warning")],
    confirmed: () => [timeOf(item.time), editedMark(item), readers ? ticks(item, readers) : oneTick()],
  };
  return el("span", { class: "receipt" }, ...marks[/** @type {keyof typeof marks} */ (state)]());
}

function oneTick() {
  return icon("check", "Kept by the host");
}

/**
 * Two ticks: others have read it. They lead to the list of these people.
 * @param {Item} item
 * @param {number} readers
 */
function ticks({ key }, readers) {
  const label = `Read by ${formatCount(readers)}`;
  const named = { type: "button", class: "ticks", "data-action": "readers", "data-key": key, "aria-label": label };
  return el("button", { ...named, title: label, "aria-haspopup": "dialog" }, icon("check"), icon("check"));
}

/**
 * The mark of an edited message, which says when; null for any other.
 * @param {Outgoing | MessageEntry} item
 */
function editedMark(item) {
  if (item.kind === "own" || !item.edited) return null;
  const title = `Edited ${momentName(item.edited, Date.now())}`;
  return el("span", { class: "edited", title }, "edited");
}

function failedActions() {
  const again = el("button", { type: "button", class: "text-button", "data-action": "again" }, "Send again");
  const edit = el("button", { type: "button", class: "text-button", "data-action": "edit" }, "Edit");
  const discard = el("button", { type: "button", class: "text-button quiet", "data-action": "discard" }, "Discard");
  return el("div", { class: "actions" }, again, edit, discard);
}

/** @param {string} content */
function systemLine(content) {
  return el("div", { class: "line event" }, el("div", { class: "gutter" }), el("p", { dir: "auto" }, content));
}

/**
 * @param {PresenceEntry} item
 * @param {boolean} open
 */
function presenceLine({ changes, joined, left, renamed }, open) {
  const gutter = el("div", { class: "gutter discs" }, ...[...changes, ...renamed].slice(0, MOST_NAMED).map(disc));
  const single = changes.length + renamed.length === 1 && joined + left === changes.length;
  const [only] = [...changes.map(presenceText), ...renamed.map(renameText)];
  if (single) return el("div", { class: "line event" }, gutter, el("p", {}, ...only));
  const summary = el(
    "summary",
    {},
    el("span", { class: "elide" }, ...summaryOf(changes, joined, left, renamed)),
    icon("chevron-down"),
  );
  const others = joined + left - changes.length;
  const rest = others ? [el("li", {}, others === 1 ? "and 1 other" : `and ${others} others`)] : [];
  const names = el(
    "ul",
    {},
    ...changes.map((change) => el("li", {}, ...presenceText(change), timeOf(change.time))),
    ...rest,
    ...renamed.map((rename) => el("li", {}, ...renameText(rename), timeOf(rename.time))),
  );
  return el("div", { class: "line event" }, gutter, el("details", { open }, summary, names));
}

/** @param {import("./transcript.js").PresenceChange} change */
function presenceText({ nickname, joined }) {
  return [nameElement(nickname), joined ? " joined" : " left"];
}

/** @param {import("./transcript.js").Rename} rename */
function renameText({ old, nickname }) {
  return [nameElement(old), " is now ", nameElement(nickname)];
}

/**
 * "Priya, Kit and Bench 7 joined, 4 people left".
 * @param {import("./transcript.js").PresenceChange[]} changes the first of them
 * @param {number} joined
 * @param {number} left
 * @param {import("./transcript.js").Rename[]} renamed
 */
function summaryOf(changes, joined, left, renamed) {
  const comma = joined && left ? [", "] : [];
  const came = changes.filter((change) => change.joined);
  const went = changes.filter((change) => !change.joined);
  const moves = [...namesOrCount(came, joined, " joined"), ...comma, ...namesOrCount(went, left, " left")];
  if (!renamed.length) return moves;
  const names = renamed.length > 1 ? [`${renamed.length} people have another name`] : renameText(renamed[0]);
  return [...moves, moves.length ? ", " : "", ...names];
}

/**
 * @param {import("./transcript.js").PresenceChange[]} changes
 * @param {number} count of all of them
 * @param {string} verb
 */
function namesOrCount(changes, count, verb) {
  if (!count) return [];
  if (count > MOST_NAMED || count > changes.length)
    return [el("b", {}, count === 1 ? "1 person" : `${count} people`), verb];
  return [...nameList(changes.map((change) => change.nickname)), verb];
}

/**
 * Names in a sentence: "Priya, Kit and Bench 7".
 * @param {string[]} nicknames
 */
export function nameList(nicknames) {
  const nodes = nicknames.map((nickname) => el("b", {}, nameElement(nickname)));
  return nodes.flatMap((node, index) => {
    const separator = index === 0 ? "" : index === nodes.length - 1 ? " and " : ", ";
    return [separator, node];
  });
}
