/* For browsers of every age, and so in the words of the oldest: says so where the page cannot work, or has not begun. */
(function () {
  "use strict";
  var NEEDED = "It needs Safari 15.4 (iOS 15.4), Firefox 102, Chrome 99 or a browser as new as these.";
  var OLD = "This browser is too old for ChatDesk. " + NEEDED + " An update of this device may bring one.";
  var STUCK = "ChatDesk could not start here. Load this page again. If that does not help, use another browser. " + NEEDED;
  var body = document.body;

  function isTooOld() {
    var dialog = window.HTMLDialogElement;
    return !(
      "noModule" in document.createElement("script") &&
      dialog &&
      dialog.prototype.close &&
      Array.prototype.at &&
      Object.hasOwn &&
      window.structuredClone &&
      window.ResizeObserver
    );
  }

  /** The host asks which of its addresses are reached from here: a browser may be too old and reach them all. */
  function callHost() {
    var origins = (body.getAttribute("data-origins") || "").split(" ");
    var path = "/reach/" + body.getAttribute("data-nonce") + "?at=" + new Date().getTime();
    for (var index = 0; index < origins.length; index += 1) {
      if (origins[index] && window.fetch) fetch(origins[index] + path, { mode: "no-cors", credentials: "omit" });
    }
  }

  function say(sentence) {
    var words = document.createElement("p");
    words.className = "notice";
    words.setAttribute("role", "alert");
    words.appendChild(document.createTextNode(sentence));
    while (body.firstChild) body.removeChild(body.firstChild);
    body.appendChild(words);
  }

  if (isTooOld()) {
    say(body.hasAttribute("data-nonce") ? "This device reaches the host. " + OLD : OLD);
    callHost();
  } else {
    window.addEventListener("load", function () {
      if (!body.hasAttribute("data-begun")) say(STUCK);
    });
  }
})();
