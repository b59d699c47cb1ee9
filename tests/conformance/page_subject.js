// The page's own client as the subject of a scenario, in a real browser: sockets that end at the scenario, and the
// clock of the test. `page_subject.py` evaluates this script in an empty page of the server, and calls `subject`.

(async () => {
  const { ChatClient } = await import("/js/client.js");
  const { Outbox } = await import("/js/outbox.js");
  const { ChatState } = await import("/js/state.js");
  const { UnreadTracker } = await import("/js/unread-tracker.js");
  const storage = await import("/js/storage.js");

  /** A connection of the client that ends at the scenario. */
  class Socket extends EventTarget {
    constructor() {
      super();
      this.sent = [];
      this.opened = false;
      subject.sockets.push(this);
    }

    send(frame) {
      this.sent.push(JSON.parse(frame));
    }

    close() {}
  }
  window.WebSocket = Socket;

  class Subject {
    /** A browser that has nothing stored. */
    begin() {
      localStorage.clear();
      sessionStorage.clear();
      this.start();
    }

    /** The page is loaded. */
    start() {
      this.client?.connection.close();
      this.sockets = [];
      this.refusal = null;
      this.news = [];
      this.jumped = null;
      this.noticed = new Set();
      this.looking = true;
      document.hasFocus = () => this.looking;
      this.state = new ChatState(new Outbox(storage.outboxStore));
      this.unread = new UnreadTracker();
      this.client = new ChatClient("ws://host/ws", this.state, {
        kind: "browser",
        tokenFor: storage.loadToken,
        listener: {
          changed: (changes) => this.changed(changes),
          joinRefused: (refusal) => (this.refusal = refusal ?? { content: "The host does not answer." }),
          statusChanged: () => {},
          messagesReceived: (messages) => this.news.push(...messages.map((it) => it.content)),
        },
      });
      this.client.join("Kit");
    }

    changed(changes) {
      if (changes.includes("joined")) storage.saveIdentity(this.state);
      if (changes.includes("jumped")) this.jumped = this.state.target.seq || null;
      if (this.state.joined) this.unread.update(this.state);
    }

    get socket() {
      return this.sockets.at(-1);
    }

    /** Whether the client tries to connect; then it succeeds. */
    open() {
      if (!this.socket || this.socket.opened) return false;
      this.socket.opened = true;
      this.socket.dispatchEvent(new Event("open"));
      return true;
    }

    lose(code) {
      this.socket.dispatchEvent(new CloseEvent("close", { code }));
    }

    receive(event) {
      this.socket.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(event) }));
    }

    act(act, value) {
      const { client } = this;
      const { historyLoader } = client;
      const acts = {
        write: () => (this.unread.position.markAllRead(this.state.transcript.newestSeq, Date.now()), client.send(value)),
        send_again: () => client.resend(this.unsent(value)),
        discard: () => client.discard(this.unsent(value)),
        type: () => client.setTyping(value),
        seen: () => this.looking && this.unread.position.markRead(value, Date.now()),
        look_away: () => (this.looking = false),
        look_back: () => (this.looking = true),
        load_older: () => historyLoader.loadOlder(),
        load_newer: () => historyLoader.loadNewer(),
        go_to: () => historyLoader.goTo(value),
        go_to_moment: () => historyLoader.goToMoment(Date.parse(value)),
        go_to_latest: () => historyLoader.goToLatest(),
        search: () => historyLoader.search(value),
        search_more: () => historyLoader.searchOlder(),
        leave: () => client.leave(),
      };
      acts[act]();
      this.changed([]);
    }

    /** The id of the own message with this text, which is not stored yet. */
    unsent(text) {
      return this.state.outbox.entries.find((it) => it.content === text).id;
    }

    /** The commands sent since the last call, on sockets that were open. */
    takeSent() {
      const sent = this.sockets.filter((it) => it.opened).flatMap((it) => it.sent);
      for (const socket of this.sockets) socket.sent = [];
      return sent;
    }

    see() {
      const { client, state } = this;
      const { transcript, people } = state;
      const { divider } = this.unread.position;
      return {
        ...this.connectionState(),
        ...this.takeNews(),
        nickname: state.nickname,
        storage: state.trouble,
        messages: [
          ...transcript.entries.filter((it) => it.kind === "message").map((it) => this.stored(it)),
          ...state.outbox.entries.map((it) => this.waiting(it)),
        ],
        has_older: transcript.hasOlder,
        has_newer: transcript.detached,
        unread: this.unread.position.unread(transcript.newestSeq),
        divider: divider && { after: divider.after, count: divider.upTo - divider.after },
        people: [...people.users.values()].map((it) => this.person(it)).sort(byPlace),
        user_count: people.count,
        typing: [...people.typing.keys()],
        search: searchState(state.search),
        host_closed: client.lostSince > 0 && client.hostClosed,
      };
    }

    connectionState() {
      const { client, state } = this;
      const ended = this.refusal !== null || client.connection.phase === "closed";
      const status = ended ? "ended" : state.joined ? "online" : client.isMember ? "lost" : "connecting";
      return { status, ended_by: this.refusal?.content ?? client.endReason, resumed: state.resumed };
    }

    stored({ content, nickname, seq, edited }) {
      const own = nickname === this.state.nickname;
      return { text: content, nickname, own, seq, state: "sent", edited: Boolean(edited) };
    }

    waiting({ content, reason }) {
      const { nickname } = this.state;
      return { text: content, nickname, own: true, state: reason ? "refused" : "pending", reason, edited: false };
    }

    person({ nickname, host, client }) {
      return { nickname, host, client, me: nickname === this.state.nickname };
    }

    /** What has been said since the last look. */
    takeNews() {
      const notices = this.state.transcript.entries.filter((it) => it.kind === "system" && !this.noticed.has(it.key));
      for (const { key } of notices) this.noticed.add(key);
      const news = { notices: notices.map((it) => it.content), announced: this.news, jumped: this.jumped };
      this.news = [];
      this.jumped = null;
      return news;
    }
  }

  function searchState({ query, hits, more, busy, refusal, note }) {
    const found = hits.map(({ message }) => ({ text: message.content, seq: message.seq }));
    return { query, hits: found, more, busy, error: refusal, note };
  }

  /** The host first, then by nickname. */
  function byPlace(one, other) {
    return Number(other.host) - Number(one.host) || (one.nickname < other.nickname ? -1 : 1);
  }

  window.subject = new Subject();
})();
