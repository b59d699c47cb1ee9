// The page's own client as the subject of a scenario, in a real browser: sockets that end at the scenario, and the
// clock of the test. `page_subject.py` evaluates this script in an empty page of the server, and calls `subject`.

(async () => {
  const { ChatClient } = await import("/js/client.js");
  const { Outbox } = await import("/js/outbox.js");
  const { plainText } = await import("/js/markup-rules.js");
  const { ChatState } = await import("/js/state.js");
  const { PASSWORD_REFUSALS } = await import("/js/protocol.js");
  const { SignIn } = await import("/js/sign-in.js");
  const { OwnPresence } = await import("/js/own-presence.js");
  const storage = await import("/js/storage.js");

  /** A connection of the client that ends at the scenario. */
  class Socket extends EventTarget {
    constructor(url) {
      super();
      this.url = url;
      this.sent = [];
      this.opened = false;
      subject.sockets.push(this);
    }

    send(frame) {
      const command = JSON.parse(frame);
      this.sent.push(command);
      if (command.type === "ping") queueMicrotask(() => this.deliver({ type: "pong", ref: command.id }));
    }

    deliver(event) {
      this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(event) }));
    }

    close() {}
  }
  window.WebSocket = Socket;

  /** A channel, as timers stand still with the clock. */
  const { port1: here, port2: there } = new MessageChannel();

  function nextTask() {
    return new Promise((done) => {
      there.onmessage = done;
      here.postMessage(null);
    });
  }

  class Subject {
    /** Make these calls one after the other, each in a task of its own as in a browser; the result is the last one's. */
    async perform(calls) {
      let result = null;
      for (const [method, values] of JSON.parse(calls)) {
        result = this[method](...values);
        await nextTask();
      }
      return JSON.stringify(result ?? null);
    }

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
      this.state = new ChatState(() => new Outbox(storage.outboxStore));
      this.client = new ChatClient("ws://192.168.4.20:8080/ws", this.state, {
        kind: "browser",
        signIn: new SignIn({ load: storage.loadSignIn, save: storage.saveSignIn }),
        person: {
          tokenFor: storage.loadToken,
          loadReadPosition: storage.loadReadPosition,
          saveReadPosition: storage.saveReadPosition,
          hasAttention: () => this.looking,
        },
        listener: {
          changed: (changes) => this.changed(changes),
          joinRefused: (refusal) => (this.refusal = refusal ?? { content: "The host does not answer." }),
          statusChanged: () => {},
          waiting: () => {},
          messagesReceived: (received) => this.news.push(...received.map((it) => it.content)),
        },
      });
      this.presence = new OwnPresence(this.client);
      this.client.join("Kit");
    }

    changed(changes) {
      if (changes.includes("joined")) storage.saveIdentity(this.state);
      if (changes.includes("jumped")) this.jumped = this.state.shown.target.seq || null;
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
      this.socket.deliver(event);
    }

    act(act, value, room) {
      const { client, state } = this;
      if (state.shown.name !== room) client.rooms.show(room);
      const acts = {
        write: () => client.sending.send(value.text ?? value, { mentions: value.mentions ?? [] }),
        write_privately: () => client.sending.sendPrivately({ nickname: value.to, author: value.author }, value.text),
        answer: () => client.sending.send(value.text, { replyTo: value.seq }),
        edit: () => client.acts.edit(value.seq, value.text, value.mentions),
        delete: () => client.acts.delete(value),
        react: () => client.acts.react(value.seq, value.emoji, value.active ?? true),
        mark_unread: () => client.markUnread(value),
        show_readers: () => client.receipts.showReaders(value),
        more_readers: () => client.receipts.loadMoreReaders(),
        hide_readers: () => client.receipts.hideReaders(),
        give_receipts: () => client.receipts.give(value),
        allow_receipts: () => client.receipts.allow(value),
        pin: () => client.acts.pin(value.seq, value.active ?? true),
        show_pins: () => client.acts.showPins(),
        show_reactors: () => (value ? client.acts.showReactors(value.seq, value.emoji) : client.acts.hideReactors()),
        more_reactors: () => client.acts.moreReactors(),
        send_again: () => client.sending.resend(this.unsent(value)),
        discard: () => client.sending.discard(this.unsent(value)),
        type: () => client.sending.setTyping(value),
        seen: () => client.markRead(value, Date.now()),
        look_away: () => (this.looking = false),
        look_back: () => (this.looking = true),
        load_older: () => client.history.loadOlder(),
        load_newer: () => client.history.loadNewer(),
        go_to: () => client.history.goTo(value),
        go_to_moment: () => client.history.goToMoment(Date.parse(value)),
        go_to_latest: () => client.history.goToLatest(),
        search: () => client.search(value),
        search_more: () => client.searchOlder(value === true ? undefined : value),
        show_people: () => client.showPeople(value),
        more_people: () => client.loadMorePeople(),
        find_people: () => client.findPeople(value),
        enter: () => client.rooms.enter(value),
        exit: () => client.rooms.exit(value),
        create_room: () => client.rooms.create(value.name, value.topic),
        open_private: () => client.rooms.openPrivate(value),
        set_topic: () => client.rooms.setTopic(room, value),
        archive: () => client.rooms.archive(room, value),
        delete_room: () => client.rooms.delete(room),
        open_to_everybody: () => client.rooms.openToEverybody(room),
        set_newcomers: () => client.rooms.setNewcomers(room, value),
        set_level: () => client.rooms.setLevel(room, value),
        mark_all_read: () => client.rooms.markAllRead(),
        find_rooms: () => client.rooms.find(value),
        be: () => this.presence.set(value),
        put_away: () => client.notifications.dismiss(value),
        more_rooms: () => client.rooms.loadMore(),
        show: () => {},
        join_with: () => {
          this.refusal = null;
          client.invitation = value.invitation ?? "";
          client.join("Kit", value.password);
        },
        enter_with: () => client.rooms.show(value.room, value.password),
        set_entry: () => client.rooms.setEntry(room, value),
        leave: () => client.leave(),
        accept: () => client.admission.accept(value),
        decline: () => client.admission.decline(value.author, value.reason),
        set_approval: () => client.admission.setApproval(value),
        invite: () => client.admission.invite(value),
        revoke_invitation: () => client.admission.revoke(value),
        set_pace: () => client.pace.set(room, value),
        raise_hand: () => client.pace.raise(value),
        call: () => client.pace.call(room, value),
        lower: () => client.pace.lower(room, value),
        approve: () => client.pace.decide(value, true),
        refuse: () => client.pace.decide(value, false),
        ask: () => void client.pace.ask(value),
      };
      acts[act]();
      client.readPositions.update();
      client.notifications.refresh();
    }

    /** The id of the own message with this text, which is not stored yet. */
    unsent(text) {
      return this.state.shown.outbox.entries.find((it) => it.content === text).id;
    }

    /** The commands sent since the last call, on sockets that were open. */
    takeSent() {
      const sent = this.sockets.filter((it) => it.opened).flatMap((it) => it.sent);
      for (const socket of this.sockets) socket.sent = [];
      return sent;
    }

    see(name) {
      const room = this.state.rooms.get(name);
      return {
        ...this.connectionState(),
        ...this.takeNews(),
        ...this.messageState(room),
        ...this.peopleState(room),
        presence: presenceState(room.transcript.entries.at(-1)),
        search: searchState(this.state.search),
        pinned: room.acts.pinned.map(({ content }) => content),
        reactors: reactorsState(room.acts.reactors.shown),
        receipts: this.state.givesReceipts,
        readers: readersState(this.client.receipts.readers),
        ...this.roomsState(),
        ...this.admissionState(),
        ...this.paceState(name),
        notifications: this.notifications(),
      };
    }

    notifications() {
      this.client.notifications.refresh();
      return this.client.notifications.shown;
    }

    admissionState() {
      const { queue, invitations, invited } = this.client.admission;
      return {
        queue: queue && queue.people.map((it) => it.nickname),
        approval: queue?.approval ?? false,
        invitations: invitations.map(({ id, uses, used }) => ({ id, uses, used })),
        invited: invited?.code ?? null,
      };
    }

    paceState(name) {
      const { pace } = this.client;
      const { hands, count, place, calledBy } = pace.of(name);
      return {
        held: pace.waiting.map(({ content }) => content),
        hands: hands.map(({ nickname }) => nickname),
        hand_count: count,
        hand_place: place,
        called_by: calledBy,
        may_write_in: pace.wait(name, performance.now()),
      };
    }

    roomsState() {
      const { list, summaries } = this.state;
      const row = ({ partner, ...rest }) => ({ ...rest, private: Boolean(partner) });
      const found = list.foundSummaries(this.state.rooms).map(row);
      const rooms = summaries.map(row);
      return { rooms, found_rooms: found, more_rooms: list.hasMore, attention: this.state.unread };
    }

    connectionState() {
      const { client, state } = this;
      const waits = client.waiting && client.connection.phase === "open";
      const ended = this.refusal !== null || client.connection.phase === "closed";
      const status = ended ? "ended" : state.joined ? "online" : client.isMember ? "lost" : waits ? "waiting" : "connecting";
      return {
        status,
        ended_by: this.refusal?.content ?? client.endReason,
        resumed: state.home.resumed,
        host_closed: client.lostSince > 0 && client.hostClosed,
        server: this.socket?.url ?? null,
        place: waits ? client.waiting.position : null,
        nickname: state.nickname,
        storage: state.trouble,
      };
    }

    messageState({ transcript, outbox, unread, readPosition }) {
      const stored = transcript.entries.filter((it) => it.kind === "message");
      const { divider, newCount } = readPosition;
      return {
        messages: [...stored.map((it) => this.stored(it)), ...outbox.entries.map((it) => this.waiting(it))],
        has_older: transcript.hasOlder,
        has_newer: transcript.detached,
        unread,
        divider: divider && { after: divider.after, count: newCount },
      };
    }

    peopleState({ people, peopleSearch: { found } }) {
      const persons = (users) => users.map((it) => this.person(it));
      return {
        people: persons([...people.users.values()]).sort(byPlace),
        all_people: people.complete,
        user_count: people.count,
        found_people: found && {
          query: found.query,
          people: persons(found.people),
          all: found.complete,
          busy: found.busy,
        },
        typing: [...people.typing.keys()],
      };
    }

    stored(entry) {
      const { content, nickname, seq, edited, deleted, deletedBy, pinned, verified, replyTo } = entry;
      const own = this.state.own.isMine(entry);
      const mine = this.client.acts.ownReactions(entry);
      const reactions = entry.reactions.map(({ emoji, count }) => [emoji, count, mine.has(emoji)]);
      const quote = replyTo ? this.quote(replyTo) : null;
      const words = entry.body && plainText(entry.body);
      const readers = this.client.receipts.count(entry);
      const may_edit = this.client.acts.mayEdit(entry);
      const acts = { may_edit, deleted: deleted || null, deleted_by: deletedBy, pinned, reactions, quote, words, readers };
      return { text: content, nickname, own, seq, verified, state: "sent", edited: Boolean(edited), ...acts };
    }

    quote(seq) {
      const quoted = this.client.acts.quote(seq);
      const missing = this.client.acts.isMissing(seq);
      return { text: quoted?.content ?? "", deleted: quoted?.deleted || null, missing };
    }

    waiting({ content, reason, waits = "" }) {
      const { nickname } = this.state;
      return { text: content, nickname, own: true, state: reason ? "refused" : "pending", reason, waits, edited: false };
    }

    person(user) {
      const { nickname, host, client, role = "", verified = false } = user;
      return { nickname, host, client, role, verified, me: this.state.own.isMine(user) };
    }

    /** What the person is asked for: to join, or since the last look to enter a room. */
    askedFor() {
      const { asking } = this.state;
      this.state.asking = null;
      if (asking) return `password of ${asking.room}`;
      return this.refusal && PASSWORD_REFUSALS.has(this.refusal.code) ? "password" : "";
    }

    /** What has been said since the last look. */
    takeNews() {
      const entries = [...this.state.rooms.values()].flatMap(({ transcript }) => transcript.entries);
      const notices = entries.filter((it) => it.kind === "system" && !this.noticed.has(it));
      for (const notice of notices) this.noticed.add(notice);
      const news = {
        notices: notices.map((it) => it.content),
        announced: this.news,
        jumped: this.jumped,
        asked_for: this.askedFor(),
      };
      this.news = [];
      this.jumped = null;
      return news;
    }
  }

  function presenceState(last) {
    if (last?.kind !== "presence") return null;
    const names = (joined) => last.changes.filter((it) => it.joined === joined).map((it) => it.nickname);
    const renamed = last.renamed.map(({ old, nickname }) => [old, nickname]);
    return { joined: names(true), left: names(false), renamed };
  }

  function readersState(shown) {
    if (!shown) return null;
    const { seq, readers, count, people, more } = shown;
    return { seq, names: readers.map(({ nickname }) => nickname), count, people, more };
  }

  function reactorsState(shown) {
    if (!shown) return null;
    const { people, count, complete, busy } = shown;
    return { people: people.map(({ nickname }) => nickname), count, all: complete, busy };
  }

  function searchState({ query, hits, more, moreIn, further, busy, refusal, note }) {
    const found = hits.map(({ message }) => ({ text: message.content, seq: message.seq }));
    return { query, hits: found, more, more_in: [...moreIn].sort(), further, busy, error: refusal, note };
  }

  /** The host first, then by nickname. */
  function byPlace(one, other) {
    return Number(other.host) - Number(one.host) || (one.nickname < other.nickname ? -1 : 1);
  }

  window.subject = new Subject();
})();
