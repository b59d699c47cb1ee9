// @ts-check
/** What the slash commands of keeping order do, and the sentence for one that is written in a wrong way. */

import { minutesAndReason } from "./order-acts.js";
import { recipient } from "./slash-commands.js";

const ROLES = ["moderator", "member", "guest"];

/**
 * @param {import("./order-acts.js").OrderActs} acts
 * @param {import("./order-board.js").OrderBoard} board
 * @param {string} name of the command
 * @param {string} argument
 * @returns {boolean} whether it is a command of keeping order
 */
export function keepOrder(acts, board, name, argument) {
  if (name === "bans") board.openBans();
  else if (name === "audit") board.openAudit();
  else return actOnSomebody(acts, name, argument);
  return true;
}

/**
 * @param {import("./order-acts.js").OrderActs} acts
 * @param {string} name
 * @param {string} argument
 */
function actOnSomebody(acts, name, argument) {
  const { users } = acts.client.state.shown.people;
  const [nickname, rest] = recipient(argument, users.keys());
  const person = users.get(nickname) ?? { nickname };
  const bare = argument.replace(/^[@＠]/u, "");
  const { minutes, reason } = minutesAndReason(rest);
  /** @type {Record<string, () => void>} */
  const known = {
    mute: () => acts.mute(person, minutes, reason),
    unmute: () => acts.unmute(person),
    remove: () => acts.remove(person, rest),
    ban: () => acts.ban(person, rest),
    banname: () => acts.banName(bare),
    unban: () => acts.unban({ nickname: bare }),
    role: () => {
      const role = rest.toLowerCase();
      if (ROLES.includes(role)) acts.giveRole(person, role);
      else acts.say("Write /role @name moderator, member or guest.");
    },
    rename: () => (rest ? acts.rename(person, rest) : acts.say("Write /rename @name new name.")),
  };
  known[name]?.();
  return Object.hasOwn(known, name);
}
