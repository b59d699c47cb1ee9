"""The page and an untrustworthy host: it refuses invalid events, and says what is wrong."""

import json
import re
from collections.abc import Iterator
from itertools import cycle
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.e2e.hostile_host_page import LEFT_SENTENCE, JoinHostileHost
from tests.hostile_host import AT, LIMITS, SERVER, Visit, history, message, user
from tests.hostile_scripts import SCRIPTS, TURNING, WRONG, presence, wrong

Event = dict[str, Any]


# Every event, field by field


BODY = [
    {"type": "paragraph", "content": ["a", {"type": "link", "url": "https://example.com", "content": ["b"]}]},
    {"type": "table", "align": [""], "head": [["a"]], "rows": []},
    {"type": "code", "text": "a", "language": "py", "spans": [[1, "string"]]},
]
HONEST: dict[str, Event] = {
    "welcome": {
        **{"type": "welcome", "protocol": 1, "epoch": "one", "nickname": "Kit", "token": "t", "room": "lobby"},
        **{"user_count": 2, "limits": LIMITS, "server": SERVER, "me": "k", "ref": "r"},
    },
    "system": {"type": "system", "content": "Welcome to the chat!", "timestamp": AT, "code": "odd", "room": "lobby"},
    "users": {
        **{"type": "users", "room": "lobby", "user_count": 1, "more": True, "ref": "r"},
        "users": [user("Kit", host=True, author="k")],
    },
    "exited": {"type": "exited", "room": "elsewhere", "ref": "r"},
    "message": message(7, "Hello", id="x", author="m", change=9, body=BODY),
    "updated": {
        **{"type": "updated", "room": "lobby", "seq": 2, "change": 12},
        "message": message(2, "Better", author="m", change=12, edited=AT),
    },
    "history": history(message(1, author="m", change=5), message(2), ref="r", change=7),
    "presence": presence(["Ana"], ["Ben"]),
    "user_joined": {**user("Ana"), "type": "user_joined", "timestamp": AT, "user_count": 1, "room": "lobby"},
    "user_left": {"type": "user_left", "nickname": "Ana", "timestamp": AT, "user_count": 1, "room": "lobby"},
    "typing": {"type": "typing", "nickname": "Ana", "active": True, "room": "lobby", "author": "a"},
    "search": {
        **{"type": "search", "room": "lobby", "query": "a", "more": True, "note": "n", "prepared": 5},
        "hits": [{"message": message(9), "parts": ["a", "b"]}, {"message": message(8), "parts": []}],
    },
    "storage": {"type": "storage", "problem": "full", "content": "The disk is full."},
    "reach": {"type": "reach", "nonce": "0" * 32, "addresses": ["10.0.0.1"]},
    "error": {"type": "error", "code": "odd", "content": "No.", "ref": "x", "retry_after": 2.5},
}
VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 2**31 + 7, 2**53 - 1, 2**53, 2**53 + 1, 10**30, "", "7", "__proto__"),
    *([], [None], [7], {}, {"__proto__": {"type": "message"}}, "x" * 300, "x" * 70_000, "x" * 2_001),
)
READ = """async ([honest, changed]) => {
    const { decode, InvalidEvent } = await import('/js/validation.js');
    const { ChatState } = await import('/js/state.js');
    const { Outbox } = await import('/js/outbox.js');
    const store = { tab: 'this', load: () => [], save: () => true, remove() {} };
    const tryIt = frame => {
        const state = new ChatState(() => new Outbox(store));
        try {
            for (const it of ['welcome', 'history']) state.apply(decode(JSON.stringify(honest[it])), 0);
            const event = decode(frame);
            if (event) state.apply(event, 0);
            return event ? 'read' : 'unknown';
        } catch (error) {
            return error instanceof InvalidEvent ? error.message : `raises ${error}`;
        }
    };
    return changed.map(tryIt);
}"""


def changed(event: Any, depth: int = 0) -> Iterator[Any]:
    """The event with each of its fields removed, and with each unexpected value."""
    places = range(min(len(event), 1)) if isinstance(event, list) else list(event)
    for place in places:
        values = [*VALUES, *(changed(event[place], depth + 1) if isinstance(event[place], list | dict) else ())]
        for value in values:
            copy = event.copy()
            copy[place] = value
            yield copy
        if isinstance(event, dict) and depth + 1:
            yield {name: value for name, value in event.items() if name != place}


def test_every_event_is_either_decoded_or_refused(modules: Page, join_hostile_host: JoinHostileHost) -> None:
    events = [it for kind in HONEST.values() for it in changed(kind) if it.get("type") in list(HONEST)]
    verdicts = modules.evaluate(READ, [HONEST, [json.dumps(event) for event in (*HONEST.values(), *events)]])
    assert verdicts[: len(HONEST)] == ["read"] * len(HONEST)
    assert [it for it in verdicts if it.startswith("raises")] == []
    assert {"a text that is too long to be shown", "people without a name", "times that are none"} < set(verdicts)
    readable = [event for event, it in zip(events, verdicts[len(HONEST) :], strict=True) if it == "read"]
    drawn = [event for event in readable if event["type"] not in ("welcome", "reach")]
    assert len(drawn) > 200

    def say_it(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        visit.say(*drawn, {"type": "system", "content": "That was all.", "timestamp": AT})
        visit.stay()

    expect(join_hostile_host(say_it).find(".event").last).to_have_text("That was all.")


def test_a_frame_that_is_no_event_is_named(modules: Page) -> None:
    frames = ["{", "[" * 100_000, "[]", "null", "7", '"welcome"', '{"type":7}', '{"nickname":"Kit"}']
    read_and_a_long_one = f"([honest, frames]) => ({READ})([honest, [...frames, 'x'.repeat(17_000_000)]])"
    verdicts = modules.evaluate(read_and_a_long_one, [HONEST, frames])
    no_json, no_event = "what is no JSON", "what is no event"
    assert verdicts == [no_json, no_json, *[no_event] * 6, "more at once than ChatDesk reads"]
    unknown = ['{"type":"constructor"}', '{"type":"__proto__"}', '{"type":"reaction","seq":[]}']
    assert modules.evaluate(READ, [HONEST, unknown]) == ["unknown"] * 3


def test_in_the_room_the_banner_says_what_the_host_does_wrong(join_hostile_host: JoinHostileHost) -> None:
    """Each time that the person joins again, the host does the next thing wrong."""
    sentences = {
        "users of a word": "users events that are wrong",
        "a page with gaps": "a history with gaps",
        "no JSON": "what is no JSON",
        "binary": "what is no text",
    }
    next_wrong = cycle(sentences)
    chat = join_hostile_host(lambda visit: wrong(visit, next(next_wrong)))
    banner = chat.find("#banner")
    for sends in [*sentences.values(), "users events that are wrong"]:
        expect(banner.locator(".sentence")).to_have_text(f"This host sends {sends}: {LEFT_SENTENCE}")
        expect(chat.page.get_by_role("status")).to_contain_text(f"This host sends {sends}: {LEFT_SENTENCE}")
        expect(chat.message("message 1")).to_be_visible()
        banner.get_by_role("button", name="Join again").click()


def test_before_a_join_the_join_screen_says_it(join_hostile_host: JoinHostileHost) -> None:
    def welcome(visit: Visit) -> None:
        visit.hear("join")
        visit.say(WRONG["welcome without limits"])
        visit.stay()

    chat = join_hostile_host(welcome)
    expect(chat.find("#join-error")).to_have_text(f"This host sends welcome events that are wrong: {LEFT_SENTENCE}")
    expect(chat.find("#join-button")).to_be_enabled()


def test_a_second_welcome_changes_no_name_and_doubles_no_person(join_hostile_host: JoinHostileHost) -> None:
    def again(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        visit.say(visit.welcome(), presence(["Ana"], count=2), presence(["Ana"], count=2))
        visit.hear("typing")
        visit.say(visit.welcome(nickname="Ana"))
        visit.stay()

    chat = join_hostile_host(again)
    expect(chat.find(".person")).to_have_count(2)
    expect(chat.find(".event")).to_have_text("Ana joined")
    chat.find("#message").press_sequentially("x")
    expect(chat.find("#banner")).to_contain_text("a second welcome, to somebody else or to another room")
    assert chat.page.title() == "Workshop"


def test_events_of_no_room_or_of_another_room_are_ignored(join_hostile_host: JoinHostileHost) -> None:
    def early(visit: Visit) -> None:
        page = history(message(5))
        visit.say(message(9), page, presence(["Early"]), {"type": "typing", "nickname": "Early", "active": True})
        visit.enter(said=(message(1),))
        visit.say({**message(2), "room": "elsewhere"}, {**presence(["Far"]), "room": "elsewhere"}, message(2, "Here"))
        visit.stay()

    chat = join_hostile_host(early)
    expect(chat.message("Here")).to_be_visible()
    chat.expect_texts("message 1", "Here")
    assert chat.find(".person-name").all_text_contents() == ["Kityou"]


# Names


def test_names_neither_reorder_nor_break_the_text_around_them(join_hostile_host: JoinHostileHost) -> None:
    chat = join_hostile_host(SCRIPTS["turning-names"])
    expect(chat.find("#typing")).to_contain_text("typing")
    expect(chat.find(".event")).to_be_visible()
    texts = chat.page.evaluate(
        """() => [document.title, ...[...document.querySelectorAll('body *')].flatMap(it => [
            ...['title', 'aria-label', 'placeholder'].map(name => it.getAttribute(name) ?? ''),
            it.childElementCount || it.closest('.text, script') ? '' : it.textContent,
        ])]"""
    )
    isolated = re.compile("\u2068[^\u2066-\u2069]*\u2069")
    turning = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\n]")
    assert [text for text in texts if turning.search(isolated.sub("", text).strip())] == []
    assert any("deep" in text for text in texts)
    assert any("out" in text for text in texts)
    stacked = chat.page.evaluate(
        "import('/js/clean-text.js').then(m => m.oneLine('Z' + '\u0301'.repeat(90) + 'o', 50))"
    )
    assert len(stacked) == 6, "four marks on one letter, as Burmese writes them"
    assert len(TURNING) > 5


# Answers over HTTP, and what the browser stores


def test_the_connection_test_says_when_the_hosts_answer_is_invalid(modules: Page) -> None:
    page = modules.context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for answer in ("[]", "{}", '{"reached":"all","skew":0}', '{"reached":[7],"skew":null}', "<p>"):
        _answer_always(page, "**/reach/**", answer)
        page.goto(modules.url.rstrip("/") + "/check")
        expect(page.locator("#verdict"), answer).to_have_text("The host answers, but not as a ChatDesk does.")
    assert errors == []
    page.close()


def _answer_always(page: Page, path: str, body: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="application/json")

    page.unroute_all()
    page.route(path, answer)


def test_the_join_screen_says_when_the_hosts_answer_is_invalid(modules: Page) -> None:
    page = modules.context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for answer in ("[]", '{"name":7,"host":[],"users":"many"}', "no JSON"):
        _answer_always(page, "**/stats", answer)
        page.goto(modules.url)
        expect(page.locator("#join-open"), answer).to_have_text("The host answers, but not as a ChatDesk does.")
        expect(page.locator("#nickname"), answer).to_be_editable()
    assert errors == []
    page.close()


KEPT = ("null", "7", '"text"', "[]", "{}", "{", '{"nickname":7,"token":[]}', '{"epoch":1,"seq":"9","time":1e300}')
PLACE = '["0123456789abcdef","lobby","kit"]'
NAMES = (
    "identity",
    "identity.kit",
    "attempt",
    "joined",
    "tab",
    "open",
    "text.kit",
    f"read.{PLACE}",
    "draft.x",
    "theme",
)


def test_the_browsers_storage_may_hold_anything(join_hostile_host: JoinHostileHost) -> None:
    def room(visit: Visit) -> None:
        visit.enter(said=(message(1),))
        visit.stay()

    chat = join_hostile_host(room)
    expect(chat.message("message 1")).to_be_visible()
    for kept in KEPT:
        chat.page.evaluate(
            """([names, kept]) => [localStorage, sessionStorage].forEach(area => {
                area.clear();
                names.forEach(name => area.setItem(`chatdesk.${name}`, kept));
            })""",
            [list(NAMES), kept],
        )
        chat.page.reload()
        chat.find("#nickname").fill("Kit")
        chat.find("#join-button").click()
        expect(chat.message("message 1"), kept).to_be_visible()
        expect(chat.find(".own-message"), kept).to_have_count(0)


def test_no_host_fills_the_browsers_storage(modules: Page) -> None:
    kept = modules.evaluate(
        """async () => {
            const storage = await import('/js/storage.js');
            for (let index = 0; index < 500; index += 1) {
                storage.saveIdentity({ nickname: `Kit ${index}`, token: `t${index}` });
                storage.saveReadPosition(`place ${index}`, { epoch: 'e', seq: 1, time: 0, divider: null });
            }
            const names = Object.keys(localStorage);
            const found = [storage.loadToken('Kit 499'), storage.loadReadPosition('place 499')?.seq, names.length];
            localStorage.clear();
            sessionStorage.clear();
            return found;
        }"""
    )
    assert kept[:2] == ["t499", 1]
    assert kept[2] <= 402
