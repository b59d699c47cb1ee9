// @ts-check
/**
 * What a row shows of acts on its message: the quote of a reply, reactions, and who has deleted it.
 *
 * @typedef {import("./transcript.js").MessageEntry} MessageEntry
 * @typedef {import("./protocol.js").Message} Message
 * @typedef {import("./message-actions.js").MessageActions} MessageActions
 * @typedef {{quote: Message | undefined, missing: boolean, mine: Set<string>, key: string}} ShownActs `key`: differs if
 *   anything of it does
 */

import { hueClass } from "./avatar.js";
import { formatCount } from "./counts.js";
import { el, nameElement } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./markup-rules.js";
import { isolated } from "./nickname.js";

/** More of a long message would be cut off in a line anyway. */
const LINE_CHARS = 200;
/** @type {ShownActs} */
export const NO_ACTS = { quote: undefined, missing: false, mine: new Set(), key: "" };

/**
 * @param {MessageEntry} item
 * @param {MessageActions} acts
 * @returns {ShownActs}
 */
export function actsOf(item, acts) {
  if (!item.replyTo && !item.reactions.length) return NO_ACTS;
  const quote = item.replyTo ? acts.quote(item.replyTo) : undefined;
  const missing = Boolean(item.replyTo) && acts.isMissing(item.replyTo);
  const mine = acts.ownReactions(item);
  const key = `${quote?.seq} ${quote?.change} ${quote?.content} ${missing} ${[...mine].join()}`;
  return { quote, missing, mine, key };
}

/**
 * The message that a reply answers, as it is now, in one line; null for what is no reply.
 * @param {MessageEntry} item
 * @param {ShownActs} shown
 */
export function quoteOf({ replyTo }, { quote, missing }) {
  if (!replyTo) return null;
  const attributes = { type: "button", "data-action": "quote", title: "Go to this message" };
  if (!quote || quote.deleted) {
    const words = quote ? deletionOf(quote) : [missing ? "This message is no longer there" : "…"];
    return el("button", { ...attributes, class: "quote gone" }, el("span", { class: "elide" }, ...words));
  }
  const name = nameElement(quote.nickname, { class: `quote-name ${hueClass(quote)}` });
  const spoken = el("span", { class: "visually-hidden" }, "In reply to ");
  const text = el("span", { class: "elide", dir: "auto" }, lineOf(quote));
  return el("button", { ...attributes, class: `quote ${hueClass(quote)}` }, spoken, name, text);
}

/**
 * The reactions to a message as buttons; null without any.
 * @param {MessageEntry} item
 * @param {ShownActs} shown
 */
export function reactionsOf({ reactions, key }, { mine }) {
  if (!reactions.length) return null;
  const more = el(
    "button",
    { type: "button", class: "reaction add", "data-action": "react", "aria-label": "Add a reaction", title: "React" },
    icon("smile"),
  );
  return el("div", { class: "reactions" }, ...reactions.map((it) => pill(it, mine.has(it.emoji), key)), more);
}

/**
 * @param {Message["reactions"][number]} reaction
 * @param {boolean} mine
 * @param {string} key of the row
 */
function pill({ emoji, count, people }, mine, key) {
  const names = people.map(({ nickname }) => isolated(nickname));
  const others = count - people.length;
  const rest = others > 0 ? ` and ${others === 1 ? "1 other" : `${others} others`}` : "";
  const title = names.join(", ") + rest;
  const label = `${emoji} ${formatCount(count)}${mine ? ", yours too" : ""}: ${title}`;
  const data = { "data-action": "reaction", "data-emoji": emoji, "data-key": key };
  const attributes = { type: "button", class: "reaction", ...data };
  const state = { "aria-pressed": String(mine), "aria-label": label, title };
  return el("button", { ...attributes, ...state }, el("span", { class: "reaction-emoji" }, emoji), formatCount(count));
}

/** A message in one line, without marks. @param {Pick<Message, "content" | "body">} message */
export function lineOf({ content, body }) {
  return (body ? plainText(body) : content).slice(0, LINE_CHARS).replace(/\s+/gu, " ");
}

/** The line in place of a deleted message. @param {MessageEntry} item */
export function deletedLine({ shown }) {
  const gutter = el("div", { class: "gutter discs" }, icon("trash"));
  return el("div", { class: "line event deleted" }, gutter, el("p", {}, ...deletionOf(shown)));
}

/**
 * Who has taken a message back, or removed it.
 * @param {Pick<Message, "nickname" | "deleted" | "deleted_by">} message
 */
export function deletionOf({ nickname, deleted, deleted_by: by }) {
  if (deleted === "author") return [nameElement(nickname), " took a message back"];
  return [by ? nameElement(by) : "The host", " removed a message by ", nameElement(nickname)];
}
