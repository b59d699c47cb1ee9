// @ts-check
/** Where the page has come from: a host, or a folder of a proxy's that stands for it. */

/** The page's folder, which ends in a slash. */
const FOLDER = new URL(".", document.baseURI);

/** The folder's path: `/`, unless a proxy gives the chat a part of its own addresses. */
export const folder = FOLDER.pathname;

/** What others type to come here. */
export const address = FOLDER.host + folder.replace(/\/$/u, "");

/** Whether nobody on the way to `address` can read along. */
export const encrypted = FOLDER.protocol === "https:";

/**
 * The URL of something beside the page.
 * @param {string} name such as `stats`
 */
export function beside(name) {
  return new URL(name, FOLDER).href;
}

/** The URL of the chat's WebSocket. */
export function websocketUrl() {
  return beside("ws").replace(/^http/u, "ws");
}
