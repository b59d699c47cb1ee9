// @ts-check
/** The invitation in the page's address: `#invite=k7f-m2x-4rw`. No server sees it, and no history keeps it. */

const INVITATION = /^#invite=(.{1,64})$/u;

/** Take the code out of the address, at once: empty if there is none. */
export function takeInvitation() {
  const [, code = ""] = INVITATION.exec(location.hash) ?? [];
  if (!code) return "";
  history.replaceState(history.state, "", location.pathname + location.search);
  try {
    return decodeURIComponent(code);
  } catch {
    return code; // which opens nothing, and the host says so
  }
}
