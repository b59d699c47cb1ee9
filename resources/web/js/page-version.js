// @ts-check
/** A page that is older than its server, which may say what this page cannot read. */

import { loadOutdatedVersion, saveOutdatedVersion } from "./storage.js";

/** The version of the server that the page came from; empty if it does not say. */
const PAGE_VERSION = document.documentElement.dataset.version ?? "";

/**
 * Whether the page should be loaded again, because the server has another version. Only once: if the same page comes
 * back, as from the cache of a proxy, it is used as it is.
 * @param {string} serverVersion
 */
export function shouldReload(serverVersion) {
  if (!PAGE_VERSION || !serverVersion || serverVersion === PAGE_VERSION) return false;
  return loadOutdatedVersion() !== PAGE_VERSION && saveOutdatedVersion(PAGE_VERSION);
}
