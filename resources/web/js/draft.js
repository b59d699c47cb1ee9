// @ts-check
/**
 * What is being written in one room and not sent yet: a message, perhaps as an answer, and other texts for messages
 * of one's own. It survives a reload of the page, and stays in its room while another one is shown.
 *
 * @typedef {import("./protocol.js").Mentioned} Mentioned
 * @typedef {{text: string, mentions: Mentioned[]}} Written `mentions`: whom the person means by names in the text
 * @typedef {Written & {sent: boolean}} Edit another text for a message; `sent`: the host has not confirmed it yet
 * @typedef {{epoch: string, mentions: Mentioned[], replyTo: number, editing: number,
 *   edits: ({seq: number} & Edit)[]}} StoredDraft what is stored beside the text of the message
 * @typedef {object} DraftStore
 * @property {() => {text: string, about: StoredDraft | null}} load
 * @property {(text: string, about: StoredDraft) => void} save
 */

/** Most edits of a room that are kept: nobody writes at more than a few. */
const MOST_EDITS = 20;

/**
 * Those of these people whom a text names.
 * @param {Mentioned[]} mentions
 * @param {string} text
 */
function namedIn(mentions, text) {
  return mentions.filter(({ name }) => text.includes(`@${name}`) || text.includes(`＠${name}`));
}

export class Draft {
  /** @type {Written} */
  #message;
  /** @type {Map<number, Edit>} by number of the message */
  #edits;
  #epoch;
  /** Edits that were on their way when the page was loaded: nobody knows what has become of them. */
  #interrupted;

  /** @param {DraftStore} store */
  constructor(store) {
    this.store = store;
    const { text, about } = store.load();
    this.#message = { text, mentions: about?.mentions ?? [] };
    this.#edits = new Map(about?.edits.map(({ seq, ...edit }) => [seq, edit]) ?? []);
    this.#epoch = about?.epoch ?? "";
    this.#interrupted = new Set([...this.#edits].filter(([, { sent }]) => sent).map(([seq]) => seq));
    /** The number of the message that is answered; 0 for none. */
    this.replyTo = about?.replyTo ?? 0;
    /** The number of the message that is edited; 0 for none. */
    this.editing = this.#edits.has(about?.editing ?? 0) ? (about?.editing ?? 0) : 0;
  }

  /** What stands in the field. */
  get text() {
    return this.#current.text;
  }

  /** Whether something is being written. */
  get isBegun() {
    return this.editing > 0 || this.#message.text.trim() !== "";
  }

  get #current() {
    return this.#edits.get(this.editing) ?? this.#message;
  }

  /** The person has written this. Who is not named any more is not meant either. @param {string} text */
  write(text) {
    const { mentions } = this.#current;
    this.#set({ text, mentions: text ? namedIn(mentions, text) : mentions });
  }

  /** The person means these by their names, which are about to be written. @param {Mentioned[]} people */
  mean(people) {
    const names = new Set(people.map(({ name }) => name));
    const others = this.#current.mentions.filter(({ name }) => !names.has(name));
    this.#set({ ...this.#current, mentions: [...others, ...people] });
  }

  /** Whom a text means that is sent now. @param {string} text */
  takeMentions(text) {
    const mentions = namedIn(this.#current.mentions, text);
    this.#set({ ...this.#current, mentions: [] });
    return mentions;
  }

  /** Answer a message; 0: write one that answers none. @param {number} seq */
  reply(seq) {
    this.replyTo = seq;
    this.#save();
  }

  /**
   * Edit a message, from what was written for it before, if anything.
   * @param {number} seq
   * @param {Written} message as it is
   */
  edit(seq, { text, mentions }) {
    const before = this.#edits.get(seq);
    this.#edits.set(seq, before && !before.sent ? before : { text, mentions, sent: false });
    for (const [oldest] of this.#edits) if (this.#edits.size > MOST_EDITS) this.#edits.delete(oldest);
    this.replyTo = 0;
    this.editing = seq;
    this.#save();
  }

  /** Edit no longer; what was written before stands in the field again. */
  cancelEdit() {
    this.#edits.delete(this.editing);
    this.editing = 0;
    this.#save();
  }

  /** The edit is sent, and kept until the host has confirmed it. @param {string} text */
  sendEdit(text) {
    this.#set({ ...this.#current, text });
    this.#edits.set(this.editing, { .../** @type {Edit} */ (this.#edits.get(this.editing)), sent: true });
    this.editing = 0;
    this.#save();
  }

  /**
   * The host has refused this text for a message: it stays, for when the message is edited again.
   * @param {number} seq
   * @param {string} text
   */
  keepEdit(seq, text) {
    const mentions = this.#edits.get(seq)?.mentions ?? [];
    this.#edits.set(seq, { text, mentions, sent: false });
    this.#save();
  }

  /**
   * Forget the edits that the host has confirmed, and edit again what was on its way when the page was loaded.
   * @param {(seq: number) => boolean} isPending
   * @param {(seq: number) => {content: string, deleted: string} | undefined} find the message as it is, if it is known
   */
  settle(isPending, find) {
    for (const [seq, { text, sent }] of this.#edits) {
      const message = find(seq);
      if (!sent || isPending(seq) || (this.#interrupted.has(seq) && !message)) continue;
      const arrived = !this.#interrupted.delete(seq) || message?.content === text || message?.deleted;
      if (arrived) this.#edits.delete(seq);
      else this.keepEdit(seq, text);
      if (!arrived && !this.editing) this.editing = seq;
      this.#save();
    }
  }

  /**
   * The room has this log. In another one numbers mean other messages: what was written for one becomes a message.
   * @param {string} epoch
   */
  follow(epoch) {
    if (epoch === this.#epoch) return;
    if (this.#epoch) this.loseMessage();
    if (this.#epoch) this.#edits.clear();
    this.#epoch = epoch;
    this.#save();
  }

  /** The message that is edited or answered is not there any more: what was written for it becomes a message. */
  loseMessage() {
    const { text, mentions } = this.#current;
    const edited = this.editing > 0;
    this.#edits.delete(this.editing);
    this.replyTo = this.editing = 0;
    if (edited && text) this.write([text, this.#message.text].filter(Boolean).join("\n"));
    if (edited) this.mean(namedIn(mentions, text));
    this.#save();
  }

  /** @param {Written} written */
  #set(written) {
    const edit = this.#edits.get(this.editing);
    if (edit) this.#edits.set(this.editing, { ...edit, ...written });
    else this.#message = written;
    this.#save();
  }

  #save() {
    const { replyTo, editing } = this;
    const edits = [...this.#edits].map(([seq, edit]) => ({ seq, ...edit }));
    const { text, mentions } = this.#message;
    this.store.save(text, { epoch: this.#epoch, mentions, replyTo, editing, edits });
  }
}
