// @ts-check
/** Where the page was loaded from: a host, or the folder of a proxy in front of it. */

/** The folder that the page is in; ends in a slash. */
const BASE = new URL(".", document.baseURI);

/** The folder's path: `/`, unless a proxy serves the chat under a path of its own. */
export const basePath = BASE.pathname;

/** Host and folder, as browsers show an address. */
export const hostAndPath = BASE.host + basePath.replace(/\/$/u, "");

/**
 * What others type to join. An address without a port keeps its scheme: ChatDesk takes a bare name to mean its own
 * default port.
 */
export const shareAddress = BASE.href.replace(/\/$/u, "").replace(/^http:\/\/(?=[^/]+:\d+(?:\/|$))/u, "");

/** Whether the connection to that address is encrypted. */
export const encrypted = BASE.protocol === "https:";

/**
 * The URL of a resource in the page's folder.
 * @param {string} name such as `stats`
 */
export function urlOf(name) {
  return new URL(name, BASE).href;
}

/** The URL of the chat's WebSocket. */
export function websocketUrl() {
  return urlOf("ws").replace(/^http/u, "ws");
}
