// @ts-check
/**
 * Slash commands: what a message that begins with a slash does instead of being sent. The same rules as in
 * chatdesk/client/slash_commands.py; tests/writing_cases.json keeps both equal.
 *
 * @typedef {{content: string, action?: boolean}} Text a message; `action`: said by `/me`
 * @typedef {{name: string, argument: string}} Invoked a command that is not a message
 * @typedef {{sentence: string}} Refused a slash that does nothing; the text may be sent as it is
 * @typedef {{name: string, argument: string, help: string, needsArgument?: boolean, order?: boolean}} SlashCommand
 *   `order`: for those who keep order
 */

export const SHRUG = "¯\\_(ツ)_/¯";

/** For host and moderators alone. */
const keepsOrder = { needsArgument: true, order: true };

/** @type {SlashCommand[]} */
export const COMMANDS = [
  { name: "me", argument: "does something", help: "Say it in italics behind your name", needsArgument: true },
  { name: "nick", argument: "new name", help: "Change your name", needsArgument: true },
  { name: "away", argument: "why, if you like", help: "Show others that you are away" },
  { name: "busy", argument: "why, if you like", help: "Show others that you are busy" },
  { name: "back", argument: "", help: "Be here again, without a status" },
  { name: "topic", argument: "what this room is about", help: "Change the topic of this room" },
  { name: "open", argument: "", help: "Let everybody into this room, as its host" },
  { name: "lock", argument: "", help: "Let nobody new into this room; in the first one, into the chat" },
  { name: "unlock", argument: "", help: "Let everybody in again" },
  { name: "password", argument: "words, or nothing", help: "Ask for these words at the door, or for none" },
  { name: "invite", argument: "", help: "Make an invitation, as host or moderator" },
  { name: "msg", argument: "@name text", help: "Write to one person alone", needsArgument: true },
  { name: "hand", argument: "off, to lower it", help: "Raise your hand" },
  { name: "ask", argument: "question", help: "Ask without your name, if the room allows it" },
  { name: "slow", argument: "seconds, or off", help: "Let each person write once in so many seconds", order: true },
  { name: "hold", argument: "off, to end it", help: "See each message before others do", order: true },
  { name: "announce", argument: "off, to end it", help: "Let only the host and moderators write", order: true },
  { name: "shrug", argument: "text, if you like", help: `Send your text with ${SHRUG} behind it` },
  { name: "mute", argument: "@name minutes why", help: "Let somebody only read, for a while", ...keepsOrder },
  { name: "unmute", argument: "@name", help: "Let somebody speak again", ...keepsOrder },
  { name: "remove", argument: "@name why", help: "Send somebody out of the chat", ...keepsOrder },
  { name: "ban", argument: "@name why", help: "Keep somebody out until this evening", ...keepsOrder },
  { name: "banname", argument: "name, or *part* of names", help: "Let nobody have this name", ...keepsOrder },
  { name: "unban", argument: "@name", help: "Let somebody in again, or a name be had", ...keepsOrder },
  { name: "role", argument: "@name moderator, member or guest", help: "Give somebody a role", ...keepsOrder },
  { name: "rename", argument: "@name new name", help: "Give somebody another name", ...keepsOrder },
  { name: "bans", argument: "", help: "Show who is banned, removed or muted", order: true },
  { name: "audit", argument: "", help: "Show what host and moderators have done", order: true },
  { name: "help", argument: "", help: "Show these commands" },
];

/** A word after a slash. A path such as `/etc/hosts` is none, nor is a lone slash. */
const WORD = /^\/(\p{L}[\p{L}\p{N}_-]*)(?:\s+([^]*))?$/u;

/**
 * What a written message does. Two slashes at its beginning send one.
 * @param {string} content
 * @returns {Text | Invoked | Refused}
 */
export function parseMessage(content) {
  if (content.startsWith("//")) return { content: content.slice(1) };
  const [, word = "", rest = ""] = WORD.exec(content) ?? [];
  if (!word) return { content };
  const name = word.toLowerCase();
  const argument = rest.trim();
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) return { sentence: `There is no command /${word}. /help lists all of them.` };
  if (command.needsArgument && !argument) return { sentence: `Write /${name} ${command.argument}.` };
  if (name === "me") return { content: argument, action: true };
  if (name === "shrug") return { content: `${argument} ${SHRUG}`.trim() };
  return { name, argument };
}

/**
 * To whom `/msg` writes, by the longest of the known nicknames or else the first word, and what.
 * @param {string} argument
 * @param {Iterable<string>} nicknames
 * @returns {[to: string, text: string]}
 */
export function recipient(argument, nicknames) {
  const written = argument.replace(/^[@＠]/u, "");
  const known = [...nicknames].filter((name) => `${written} `.toLowerCase().startsWith(`${name} `.toLowerCase()));
  const name = known.sort((one, other) => other.length - one.length)[0] ?? written.split(" ", 1)[0];
  return [name, written.slice(name.length).trim()];
}
