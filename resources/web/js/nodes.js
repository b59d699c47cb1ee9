// @ts-check
/**
 * Where the page goes on when it loses a server of a chat that has several: at one of those that this one has named.
 *
 * A server could be anybody's, and must not lead its guests to where they would not go by themselves: from an encrypted
 * address only to encrypted ones, and to the person's own computer or network only from there.
 */

/** Most addresses of other servers: the page needs one that works. */
const MOST_NODES = 8;
/**
 * This computer. Systems connect to themselves where they are to connect to 0.0.0.0; an IPv6 address that stands for
 * one of IPv4, which no server names, counts as one of this computer.
 */
const LOOPBACK = /^(?:(?:.*\.)?localhost|(?:127|0)(?:\.\d+){3}|\[(?:::|0:).*)$/u;
/** Addresses in networks that are nobody else's, and names that only these know. */
const NEAR =
  /^(?:10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|169\.254(?:\.\d+){2}|\[f[cde].*|.*\.local|[^.:]+)$/u;

export class Nodes {
  /** @type {string[]} */
  #named = [];
  /** @type {string[]} */
  #untried = [];
  #known = true;

  /** @param {string} url of the WebSocket of the server that the page came from */
  constructor(url) {
    this.given = url;
    /** Where to connect next, or where the page is connected. */
    this.url = url;
    /** How many addresses there are. */
    this.count = 1;
  }

  /** Whether nobody has answered yet at this address, which another server has named, as this chat. */
  get unproven() {
    return !this.#known;
  }

  /** Whether this is the server that the page came from. */
  get atHome() {
    return this.url === this.given;
  }

  /** The server at `url`, which is one of this chat, names others. @param {string[]} pages their addresses */
  hear(pages) {
    this.#known = true;
    this.#untried = [];
    const urls = new Set(pages.slice(0, MOST_NODES).map((page) => websocketOf(page)));
    this.#named = [...urls].filter((url) => url && leadsNoFurther(this.given, url));
    this.count = new Set([...this.#named, this.given, this.url]).size;
  }

  /** Turn to the next address: to each of the others, and then to this one again. */
  goOn() {
    if (!this.#untried.length) {
      const others = this.#named.filter((url) => url !== this.url && url !== this.given);
      this.#untried = [...new Set([this.url, this.given]), ...shuffled(others)];
    }
    this.url = this.#untried.pop() ?? this.given;
    this.#known = this.atHome;
  }

  /** There is no server of this chat at this address: it is not tried again. */
  forget() {
    this.#named = this.#named.filter((url) => url !== this.url);
  }
}

/**
 * The WebSocket of the page at this address; empty if it is none, or spells its host as no server does.
 * @param {string} page
 */
function websocketOf(page) {
  try {
    const { protocol, host, pathname, username } = new URL(page);
    if ((protocol !== "http:" && protocol !== "https:") || username) return "";
    if (!page.toLowerCase().includes(`//${host}`)) return "";
    return `${protocol === "https:" ? "wss" : "ws"}://${host}${pathname.replace(/\/$/u, "")}/ws`;
  } catch {
    return "";
  }
}

/**
 * Whether a server may name another one: it is as secret, and no nearer to the person.
 * @param {string} given
 * @param {string} url
 */
function leadsNoFurther(given, url) {
  const isAsSecret = url.startsWith("wss:") || given.startsWith("ws:");
  return isAsSecret && nearness(url) <= nearness(given);
}

/**
 * 2 for this computer, 1 for a network that is nobody else's, 0 for any other place; however that is spelt. A name in
 * the DNS can stand for any address, and is another place all the same: nobody can tell before.
 * @param {string} url
 */
function nearness(url) {
  const hostname = new URL(url).hostname.replace(/\.$/u, "");
  if (LOOPBACK.test(hostname)) return 2;
  return NEAR.test(hostname) ? 1 : 0;
}

/** @param {string[]} urls */
function shuffled(urls) {
  return urls.map((url) => ({ url, at: Math.random() })).sort((one, other) => one.at - other.at).map(({ url }) => url);
}
