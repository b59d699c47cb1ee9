// @ts-check
/** The page is put together here, and nowhere else. */

import { begun } from "./begun.js";
import { ChatScreen } from "./chat.js";
import { ChatClient } from "./client.js";
import { detail } from "./detail.js";
import { touch } from "./dom.js";
import { drawIcons } from "./icons.js";
import { JoinScreen, describeWay } from "./join.js";
import { News } from "./news.js";
import { Outbox } from "./outbox.js";
import { NAME_REFUSALS } from "./protocol.js";
import { whyUnreachable } from "./room.js";
import { websocketUrl } from "./site.js";
import { ChatState } from "./state.js";
import * as storage from "./storage.js";
import { offerThemes, wear } from "./theme.js";
import { followKeyboard } from "./viewport.js";

/** @typedef {import("./state.js").Change} Change */

for (const start of [describeWay, drawIcons, offerThemes, followKeyboard]) detail(start);

const state = new ChatState(new Outbox(storage.drafts));
const news = new News();
/** What fails while something is shown does not keep the client from its work. */
const listener = {
  /** @param {Change[]} changes */
  changed: (changes) => detail(() => changed(changes)),
  refused,
  statusChanged: () => detail(() => chatScreen.status.show()),
  /** @param {import("./protocol.js").Message[]} messages */
  heard: (messages) => detail(() => news.hear(messages)),
};
const kind = touch.matches ? "phone" : "browser";
const client = new ChatClient(websocketUrl(), state, { kind, token: storage.token, listener });
const joinScreen = new JoinScreen(storage.nickname(), join);
const chatScreen = new ChatScreen(client, { left, rejoined: () => client.join(state.nickname) });

/** @param {string} nickname */
function join(nickname) {
  client.join(nickname);
  storage.keepAttempt({ nickname, token: state.token });
}

/** @param {Change[]} changes */
function changed(changes) {
  if (changes.includes("arrived")) arrived();
  chatScreen.redraw(changes);
}

function arrived() {
  storage.keepIdentity(state);
  storage.keepJoined(true);
  joinScreen.hide();
  chatScreen.show();
  chatScreen.status.show();
}

/** @param {import("./protocol.js").Refusal | null} refusal */
async function refused(refusal) {
  storage.keepJoined(false);
  chatScreen.hide();
  const sentence = refusal?.content ?? (await whyUnreachable());
  joinScreen.show();
  if (NAME_REFUSALS.has(refusal?.code ?? "")) joinScreen.refuseName(sentence);
  else joinScreen.complain(sentence);
}

function left() {
  storage.keepJoined(false);
  state.outbox.clear();
  client.leave();
  joinScreen.show();
}

/** Something has happened to this page or to its network: the connection may be dead, and look as well as ever. */
function probe() {
  client.connection.probe();
  if (client.joined) listener.statusChanged();
}

window.addEventListener("online", probe);
window.addEventListener("pageshow", probe);
document.addEventListener("resume", probe);
window.addEventListener("offline", () => {
  client.connection.doubt();
  if (client.joined) listener.statusChanged();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "visible") return;
  probe();
  client.takeOver();
});
storage.followOtherTabs({
  dropped: (id) => client.forget(id),
  marked: (place, mark) => chatScreen.conversation.adopt(place, mark),
  themed: wear,
});

if (storage.wasJoined() && storage.nickname()) client.join(storage.nickname());
else joinScreen.show();

begun();
