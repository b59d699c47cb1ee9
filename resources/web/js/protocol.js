// @ts-check
/**
 * The protocol as the page uses it: types of events and commands, limits, and close codes.
 *
 * @typedef {import("./validation.js").Events} Events
 * @typedef {import("./validation.js").Event} Event
 * @typedef {Events["waiting" | "queue" | "invited" | "invitations" | "entry"]} AdmissionEvent
 * @typedef {Events["held" | "decided" | "hands" | "called" | "asked" | "wait"]} PaceEvent
 * @typedef {import("./validation.js").Message} Message
 * @typedef {Pick<import("./validation.js").User, "nickname" | "client" | "host" | "author"> &
 *   {status?: string, status_text?: string, role?: string, muted?: boolean, verified?: boolean}} User who has just
 *   come has no status yet
 * @typedef {{code: string, content: string, ref?: string, retry_after?: number, by?: string, room?: string,
 *   reason?: string, until?: string}} Refusal `retry_after`: the same
 *   command may be accepted after so many seconds, and not earlier
 *
 * @typedef {{epoch: string, seq: number, change?: number}} StreamPosition how far a room was received: up to this
 *   message and this change, of this log
 *
 * @typedef {object} Join
 * @property {"join"} type
 * @property {string} nickname
 * @property {string} room
 * @property {string} client
 * @property {string[]} capabilities
 * @property {string} [token]
 * @property {string} [invitation] the code of one
 * @property {string} [password]
 * @property {StreamPosition} [resume]
 * @property {string} [id]
 *
 * @typedef {{type: "enter", room: string, resume?: StreamPosition, password?: string, id?: string}} Enter
 * @typedef {{before?: number, after?: number, around?: number, at?: string}} HistorySpan
 * @typedef {{type: "history", room?: string, limit: number, id?: string} & HistorySpan} History
 * @typedef {{type: "search", room?: string, query: string, limit: number, before?: number, id?: string}} Search
 * @typedef {{type: "users", room?: string, query?: string, after?: string, id?: string}} Users
 * @typedef {{type: "message", room?: string, content: string, id: string, reply_to?: number,
 *   action?: boolean, mentions?: Mentioned[], to?: string}} SendMessage
 * @typedef {{name: string, author: string}} Mentioned
 * @typedef {{type: "react", room?: string, seq: number, emoji: string, active: boolean, id?: string}} React
 * @typedef {React | ({type: "edit", content: string, mentions?: Mentioned[]} | {type: "delete"} |
 *   {type: "pin", active: boolean}) & {room?: string, seq: number, id?: string}} Act
 * @typedef {{type: "own_reactions", room?: string, first: number, last: number, id?: string}} AskOwnReactions
 * @typedef {{type: "reactions", room?: string, seq: number, emoji: string, skip: number, id?: string}} AskReactors
 * @typedef {{type: "messages", room?: string, seqs: number[], id?: string}} AskMessages
 * @typedef {{type: "pins", room?: string, before?: number, id?: string}} AskPins
 * @typedef {{type: "nick", nickname: string, id?: string}} Nick
 * @typedef {{type: "status", status?: string, text?: string, idle?: boolean, id?: string}} SetStatus
 * @typedef {{type: "rooms", after?: string, query?: string, id?: string}} ListRooms
 * @typedef {{type: "create", room?: string, topic?: string, to?: string, id?: string}} CreateRoom
 * @typedef {"all" | "mentions" | "nothing"} Level what of a room the person is told of
 * @typedef {({type: "topic", topic: string} | {type: "archive", active: boolean} | {type: "newcomers", see: string} |
 *   {type: "open"} | {type: "delete_room"} | {type: "level", level: Level}) & {room: string, id?: string}} RoomSetting
 * @typedef {{type: "read", room?: string, seq: number, back?: boolean, id?: string}} MarkRead
 * @typedef {{type: "receipts", room?: string, seqs: number[], id?: string}} AskReceipts
 * @typedef {{type: "readers", room?: string, seq: number, skip: number, id?: string}} AskReaders
 * @typedef {Enter | History | Search | Users | SendMessage | MarkRead | Act | AskOwnReactions | AskReactors |
 *   AskMessages | AskPins | AskReceipts | AskReaders} RequestedInRoom
 * @typedef {Join | RequestedInRoom | ListRooms | CreateRoom | RoomSetting} Requested commands that are answered
 * @typedef {{type: "typing", active: boolean, room: string}} Typing
 * @typedef {{type: "exit", room: string}} Exit
 * @typedef {{type: "queue" | "invitations"} | {type: "accept", who?: string} |
 *   {type: "decline", who: string, reason: string} | {type: "approval", active: boolean} |
 *   {type: "revoke_invitation", invitation: string} |
 *   {type: "invite", uses: number, seconds: number, nickname?: string, room?: string, role?: string,
 *   address?: string}} Admit
 * @typedef {{type: "entry", room?: string, password?: string, locked?: boolean}} SetEntry without a room, of the chat
 * @typedef {{type: "give_receipts" | "allow_receipts", active: boolean}} SetReceipts
 * @typedef {{type: "private_messages", allow: string}} AllowPrivate
 * @typedef {{type: "ping"} | {type: "leave"} | {type: "refresh", token: string} |
 *   {type: "prove", identities: string[], nonce: string}} OnConnection
 * @typedef {(OnConnection | Typing | Exit | Nick | SetStatus | SetReceipts | AllowPrivate | Admit | SetEntry) &
 *   {id: string}} Signal
 * @typedef {{whom: string, room?: string, reason?: string}} OnSomebody
 * @typedef {({type: "role", role: string} | {type: "remove", minutes?: number} | {type: "unban"} |
 *   {type: "ban", minutes?: number, address?: boolean} | {type: "mute", minutes?: number} | {type: "unmute"} |
 *   {type: "rename", nickname: string} | {type: "neighbours"}) & OnSomebody | {type: "bans"} |
 *   {type: "ban_name", nickname: string} |
 *   {type: "audit", before?: number}} OrderCommand
 * @typedef {{type: "pace", room: string, slow?: number, announce?: boolean, hold?: boolean, nameless?: boolean} |
 *   {type: "approve" | "refuse" | "withdraw", held: number} | {type: "hand", active: boolean, room: string} |
 *   {type: "hands", room: string} | {type: "call" | "lower", author: string, room: string} |
 *   {type: "ask", content: string, room: string}} PaceCommand
 * @typedef {((Requested | OrderCommand | PaceCommand) & {id: string}) | Signal} Command
 */

/** The longest page of history, in messages: the most that a host sends at once. */
export const HISTORY_PAGE = 200;
/** The longest name to search people for, in characters, as hosts accept it. */
export const NAME_QUERY_CHARS = 64;
/** Somebody counts as typing for this long after the last `typing` event, in ms: longer than the interval below. */
export const TYPING_EXPIRES = 5000;
/** The shortest time between two `typing` commands, in ms. */
export const TYPING_INTERVAL = 3000;

/** Codes of refused joins that another nickname solves. */
export const NICKNAME_REFUSALS = new Set(["bad_nickname", "nickname_taken"]);

/** Codes of refusals that a password solves. */
export const PASSWORD_REFUSALS = new Set(["password_required", "bad_password"]);

/**
 * Codes of temporary refusals, and when to send the command again if the host does not say, in ms: its rate limit
 * refills within a second; its disk may need longer.
 */
export const RETRY_DELAYS = new Map([
  ["rate_limited", 1000],
  ["storage", 3000],
]);

const NORMAL_CLOSURE = 1000;
/** The host has closed the chat on purpose. */
export const GOING_AWAY = 1001;
const INVALID_TEXT = 1007;
const POLICY_VIOLATION = 1008;
const MESSAGE_TOO_BIG = 1009;
/** What the page signed in with is no longer valid. */
export const EXPIRED = 4501;
/** The host asks for a token that is valid. */
export const UNAUTHORIZED = 4502;
/** Never on the wire: the page has ended the connection because the host sent something invalid. */
export const INVALID_EVENT = 0;
/** The host is full or overloaded: reconnect, but not at once. */
export const TRY_AGAIN_LATER = 1013;

/**
 * Whether the page may reconnect by itself after this close code. 4500 to 4999 are final by agreement.
 * @param {number} code
 */
export function mayReconnect(code) {
  return (
    ![NORMAL_CLOSURE, INVALID_TEXT, POLICY_VIOLATION, MESSAGE_TOO_BIG, INVALID_EVENT].includes(code) &&
    !(code >= 4500 && code <= 4999)
  );
}

/**
 * Whether the event answers a `ping`. An older host refuses it as an unknown type, which shows as well that it is
 * there.
 * @param {Event} event
 * @returns {event is Events["pong"] | Events["error"]}
 */
export function isPong(event) {
  return event.type === "pong" || (event.type === "error" && event.code === "unknown_type" && event.ref === "ping");
}
