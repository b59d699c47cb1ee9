// @ts-check
/** Makes the page's objects and connects them: the only module that does. */

import { markStarted } from "./startup.js";
import { ChatScreen } from "./chat-screen.js";
import { ChatClient } from "./client.js";
import { guard } from "./guard.js";
import { touch } from "./dom.js";
import { drawIcons } from "./icons.js";
import { takeInvitation } from "./invitation-address.js";
import { InviteSheet } from "./invite-sheet.js";
import { JoinScreen, describeEncryption } from "./join-screen.js";
import { MessageAnnouncer } from "./message-announcer.js";
import { Outbox } from "./outbox.js";
import { setUpNotificationSettings } from "./notification-settings.js";
import { isolated, shortName } from "./nickname.js";
import { RemovedScreen } from "./removed-screen.js";
import { NICKNAME_REFUSALS, PASSWORD_REFUSALS } from "./protocol.js";
import { shouldReload } from "./page-version.js";
import { explainUnreachable } from "./room-status.js";
import { websocketUrl } from "./base-url.js";
import { SignIn, takeToken } from "./sign-in.js";
import { ChatState } from "./state.js";
import { hasAttention } from "./attention.js";
import * as storage from "./storage.js";
import { SystemNotifications } from "./system-notifications.js";
import { setUpThemeButtons, applyTheme } from "./theme.js";
import { WaitingScreen } from "./waiting-screen.js";
import { avoidOnScreenKeyboard } from "./on-screen-keyboard.js";

/** @typedef {import("./state.js").Change} Change */

const invitation = takeInvitation(); // before anything else reads the address
const signIn = new SignIn({ load: storage.loadSignIn, save: storage.saveSignIn });
takeLinkedToken();
for (const start of [describeEncryption, drawIcons, setUpThemeButtons, avoidOnScreenKeyboard]) guard(start);

const state = new ChatState(() => new Outbox(storage.outboxStore));
const announcer = new MessageAnnouncer();
/** A failure while something is drawn must not stop the client. */
const listener = {
  /** @param {Change[]} changes */
  changed: (changes) => guard(() => changed(changes)),
  joinRefused,
  waiting: () => guard(showWaiting),
  statusChanged: () => guard(() => chatScreen.status.show()),
  /** @param {import("./protocol.js").Message[]} received @param {import("./protocol.js").Message[]} missed */
  messagesReceived: (received, missed) => guard(() => announcer.add([...missed, ...received])),
};
const kind = touch.matches ? "phone" : "browser";
const { loadToken: tokenFor, loadReadPosition, saveReadPosition } = storage;
const person = { tokenFor, loadReadPosition, saveReadPosition, hasAttention };
const client = new ChatClient(websocketUrl(), state, { kind, person, listener, signIn });
const isKnown = (/** @type {string} */ nickname) => Boolean(tokenFor(nickname));
const joinScreen = new JoinScreen(storage.loadNickname(), { joined: join, isKnown, signIn, invitation });
const waitingScreen = new WaitingScreen({ changeName, comeByInvitation, leave: left });
const removedScreen = new RemovedScreen(() => comeAgain());
const chatScreen = new ChatScreen(client, { left, rejoined: () => client.join(state.nickname) });

const inviteSheet = new InviteSheet(client);
chatScreen.writing.inviteRequested = () => inviteSheet.open();

const notifications = new SystemNotifications(client, (room, seq) => chatScreen.goToMessage({ room, seq }));
guard(() => setUpNotificationSettings(notifications));

/** A link with a token has been opened, perhaps in a page that is open. */
function takeLinkedToken() {
  const token = takeToken();
  if (token) signIn.use(token);
  return token;
}

/** @param {string} nickname @param {string} [password] @param {string} [code] of an invitation */
function join(nickname, password, code = "") {
  client.invitation = code;
  client.join(nickname, password);
  storage.savePendingIdentity({ nickname, token: state.token });
}

/** @param {Change[]} changes */
function changed(changes) {
  if (changes.includes("room") && mayReload() && shouldReload(state.server.version)) return loadAgain();
  if (changes.includes("joined")) joined();
  else if (changes.includes("room") && state.joined) storage.saveIdentity(state); // under the present nickname
  chatScreen.redraw(changes);
  guard(() => notifications.refresh());
  if (changes.includes("queue") || changes.includes("invitations")) guard(() => inviteSheet.render());
}

/**
 * Whether the server that the page came from is there, and the messages that wait to be sent are stored: the browser's
 * storage may be full, or forbidden.
 */
function mayReload() {
  if (!client.connection.nodes.atHome) return false;
  return [...state.rooms.values()].every(({ outbox }) => !outbox.storageFailed || !outbox.entries.length);
}

/** Drafts and unsent messages are stored; the page joins by itself, as the same person. */
function loadAgain() {
  storage.saveIdentity(state);
  storage.saveJoined(true);
  location.reload();
}

function showWaiting() {
  storage.saveJoined(true); // a page that is loaded again asks again, and has the same place
  chatScreen.hide();
  const { waiting, connection } = client;
  if (!waiting) return;
  if (joinScreen.screen.hidden || waitingScreen.screen.hidden)
    joinScreen.appear(`, ${waiting.host ? isolated(shortName(waiting.host)) : "its host"} lets people in`);
  if (connection.phase === "open") waitingScreen.show(waiting);
  else waitingScreen.showLost();
}

/** Back to the form for a moment; the place in the queue is kept. */
function changeName() {
  storage.saveJoined(false);
  client.stopWaiting();
  waitingScreen.hide();
  joinScreen.show();
}

function comeByInvitation() {
  changeName();
  joinScreen.invitation.open();
}

/** The time is over: come in under the same name. */
function comeAgain() {
  removedScreen.hide();
  joinScreen.show();
  join(state.nickname || storage.loadNickname());
}

function joined() {
  waitingScreen.hide();
  removedScreen.hide();
  storage.saveIdentity(state);
  storage.saveJoined(true);
  joinScreen.hide();
  chatScreen.show();
  chatScreen.status.show();
  chatScreen.writing.presence.resume();
}

/** @param {import("./protocol.js").Refusal | null} refusal */
async function joinRefused(refusal) {
  storage.saveJoined(false);
  chatScreen.hide();
  waitingScreen.hide();
  if (refusal && client.order.keptOut) return keptOut(client.order.keptOut);
  const sentence = refusal?.content ?? (await explainUnreachable());
  joinScreen.show();
  if (refusal?.code === "unauthorized") joinScreen.tokenField.showError(sentence);
  else if (refusal && PASSWORD_REFUSALS.has(refusal.code)) joinScreen.askForPassword(refusal);
  else if (refusal?.code === "bad_invitation") joinScreen.invitation.showError(sentence);
  else if (NICKNAME_REFUSALS.has(refusal?.code ?? "")) joinScreen.showNameError(sentence);
  else joinScreen.showError(sentence);
}

/** @param {import("./order.js").KeptOut} why */
function keptOut(why) {
  joinScreen.hide();
  const { name, host } = state.server;
  const unsent = [...state.rooms.values()].flatMap(({ outbox }) => outbox.entries.map(({ content }) => content));
  const drafts = [...state.rooms.keys()].map((room) => chatScreen.drafts.of(room).text).filter(Boolean);
  removedScreen.show(why, { name: name || joinScreen.roomName, host }, [...unsent, ...drafts]);
}

function left() {
  storage.saveJoined(false);
  for (const { outbox } of state.rooms.values()) outbox.discardOwn();
  client.leave();
  waitingScreen.hide();
  joinScreen.show();
}

/**
 * Another tab has read further.
 * @param {string} place
 * @param {import("./read-position.js").StoredPosition | null} position
 */
function readElsewhere(place, position) {
  chatScreen.conversation.mergeReadPosition(place, position);
  guard(() => notifications.refresh());
}

/** The page or its network has changed, and the connection may be dead without a sign of it: find out. */
function checkConnection() {
  client.connection.checkAlive();
  if (client.isMember) listener.statusChanged();
}

window.addEventListener("hashchange", () => takeLinkedToken() && joinScreen.tokenField.fill());
window.addEventListener("online", checkConnection);
window.addEventListener("pageshow", checkConnection);
document.addEventListener("resume", checkConnection);
window.addEventListener("offline", () => {
  client.connection.suspectOffline();
  if (client.isMember) listener.statusChanged();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  checkConnection();
  client.sending.adoptStoredMessages();
});
storage.watchOtherTabs({
  messageRemoved: (id) => client.sending.forget(id),
  readPositionChanged: (place, position) => readElsewhere(place, position),
  themeChanged: applyTheme,
});

client.invitation = invitation;
if (storage.wasJoined() && storage.loadNickname()) client.join(storage.loadNickname());
else joinScreen.show();

markStarted();
