/* For browsers of every age, and so in the words of the oldest: says so where the page cannot work, or has not begun. */
(function () {
  "use strict";
  var NEEDED = "It needs Safari 15.4 (iOS 15.4), Firefox 102, Chrome 99 or a browser as new as these.";
  var OLD = "This browser is too old for ChatDesk. " + NEEDED + " An update of this device may bring one.";
  var STUCK = "ChatDesk could not start here. Load this page again. If that does not help, use another browser. " + NEEDED;
  var MISSING =
    "A part of this page has not arrived, and so ChatDesk could not start. Load the page again. If that does not " +
    "help, tell the host: something on the way, such as a proxy, keeps it back: ";
  var PLAIN = "The looks of this page have not arrived. Load it again to have them.";
  var PAUSE = 1000;
  var body = document.body;
  /** Whether the script has arrived, and cannot work here. */
  var hasFailed = false;

  function isTooOld() {
    var dialog = window.HTMLDialogElement;
    return !(
      "noModule" in document.createElement("script") &&
      dialog &&
      typeof dialog.prototype.close === "function" &&
      typeof Array.prototype.at === "function" &&
      typeof Object.hasOwn === "function" &&
      typeof window.structuredClone === "function" &&
      typeof window.ResizeObserver === "function"
    );
  }

  /** The host asks which of its addresses are reached from here: a browser may be too old and reach them all. */
  function callHost() {
    var origins = (body.getAttribute("data-origins") || "").split(" ");
    var path = "/reach/" + body.getAttribute("data-nonce") + "?at=" + new Date().getTime();
    for (var index = 0; index < origins.length; index += 1) {
      if (origins[index] && typeof window.fetch === "function") fetch(origins[index] + path, { mode: "no-cors", credentials: "omit" });
    }
  }

  /** @param {string} sentence */
  function notice(sentence) {
    var words = document.createElement("p");
    words.className = "notice";
    words.setAttribute("role", "alert");
    words.appendChild(document.createTextNode(sentence));
    return words;
  }

  /** Say a sentence in place of the page. @param {string} sentence */
  function say(sentence) {
    while (body.firstChild) body.removeChild(body.firstChild);
    body.appendChild(notice(sentence));
  }

  /**
   * Ask once more for what has not arrived, by another address: for this one the browser may remember the failure.
   * @param {Element} element
   * @param {"src" | "href"} attribute
   * @param {(() => void) | null} arrived
   * @param {() => void} missing
   */
  function askAgain(element, attribute, arrived, missing) {
    var again = document.createElement(element.tagName);
    if (element instanceof HTMLLinkElement) again.setAttribute("rel", element.rel);
    again.onload = arrived;
    again.onerror = missing;
    setTimeout(function () {
      again.setAttribute(attribute, element.getAttribute(attribute) + "?again");
      document.head.appendChild(again);
    }, PAUSE);
  }

  /** @param {string} selector of what the markup has */
  function part(selector) {
    return /** @type {Element} */ (document.querySelector(selector));
  }

  function askForScript() {
    var script = part("script[src$='page.js'], script[src$='check.js']");
    function missing() {
      say(MISSING + script.getAttribute("src") + ".");
    }
    function arrived() {
      if (body.hasAttribute("data-started")) return;
      if (hasFailed) say(STUCK);
      else missing();
    }
    askAgain(script, "src", arrived, missing);
  }

  function askForStyles() {
    askAgain(part("link[rel='stylesheet']"), "href", null, function () {
      body.insertBefore(notice(PLAIN), body.firstChild);
    });
  }

  /** Whether a variable of theirs is known; browsers do not agree what a link knows of styles that did not come. */
  function hasStyles() {
    return Boolean(getComputedStyle(document.documentElement).getPropertyValue("--type-ui"));
  }

  /**
   * A script that has neither begun nor failed has not arrived: browsers do not agree when they tell so. Nor has one
   * that cannot be read: it is a half, or a page to log in at in its place.
   */
  function followParts() {
    window.addEventListener("error", function (event) {
      hasFailed = hasFailed || !(event.error instanceof SyntaxError);
    });
    window.addEventListener("load", function () {
      if (!hasStyles()) askForStyles();
      if (body.hasAttribute("data-started")) return;
      if (hasFailed) say(STUCK);
      else askForScript();
    });
  }

  if (isTooOld()) {
    say(body.hasAttribute("data-nonce") ? "This device reaches the host. " + OLD : OLD);
    callHost();
  } else {
    followParts();
  }
})();
