"""One's own part in the pace of a room, in a real chat: a hand, questions, and a room that is slow."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.controllers.order import OrderController
from chatdesk.desktop.controllers.pace import PaceController, clock
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.ask import AskSheet
from chatdesk.desktop.widgets.chat.hand_bar import place_words
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.toast import Toast
from chatdesk.protocol.order_commands import SetRole
from chatdesk.protocol.pace_commands import Call, Pace
from tests.desktop.hosted_chat import HostedChat
from tests.waiting import until


def shown(part: QWidget) -> str:
    """The texts that can be seen."""
    return " ".join(label.text() for label in part.findChildren(Label) if label.isVisibleTo(part))


def sheet_of(conversation: Conversation) -> AskSheet:
    [sheet] = [sheet for sheet in conversation.screen.findChildren(AskSheet) if not sheet.isHidden()]
    return sheet


async def test_a_hand_a_question_and_a_slow_room(hosted_chat: HostedChat) -> None:
    mara, kit = await hosted_chat.join(hosting=True), await hosted_chat.join("Kit")
    PaceController(hosted_chat.theme, kit)
    order = OrderController(hosted_chat.theme, kit, Toast(hosted_chat.theme, kit.screen))
    for changed in (kit.order_changed, kit.rooms_changed):
        changed.connect(order.refresh)
    kit.screen.resize(1000, 700)
    kit.screen.show()
    composer, bar, pace = kit.screen.composer, kit.screen.hand_bar, mara.client.order.pace
    pace.send(Pace(nameless=True, room="lobby"))
    await until(lambda: composer.hand_button.isVisible() and kit.client.state.shown_info.nameless)
    composer.hand_button.click()
    sheet_of(kit).hand_button.click()
    await until(lambda: "Your hand is up. You are next" in shown(bar))
    pace.send(Call("", "lobby"))
    await until(lambda: "calls you" in shown(bar))
    bar.button.click()
    await until(lambda: not bar.isVisible())

    composer.hand_button.click()
    sheet = sheet_of(kit)
    sheet.ask_button.click()
    assert "Write your question." in shown(sheet)
    sheet.edit.setPlainText("Why?\nReally")
    QTest.keyClick(sheet.toggle, Qt.Key.Key_Space)
    assert "Nobody sees your name" not in shown(sheet)
    QTest.keyClick(sheet.toggle, Qt.Key.Key_Space)
    assert "Mara’s computer knows it while you send" in shown(sheet)
    sheet.ask_button.click()
    messages = mara.client.state.home.transcript.messages
    await until(lambda: messages and not kit.screen.findChildren(AskSheet))
    [asked] = messages
    assert (asked.nickname, asked.nameless, asked.content) == ("Without a name", True, "Why?\nReally")
    composer.hand_button.click()
    again = sheet_of(kit)
    again.edit.setPlainText("And?")
    again.ask_button.click()
    await until(lambda: "You have just asked something" in shown(again))
    again.dismiss()

    pace.send(Pace(slow=70, room="lobby"))
    composer.sent.emit("Hello")
    await until(lambda: "Slow mode: you can write again in 1:" in shown(kit.screen))
    composer.edit.setPlainText("More")
    QTest.keyClick(composer.edit, Qt.Key.Key_Return)
    assert composer.edit.text == "More", "what waits is not lost"
    pace.send(Pace(slow=0, announce=True, room="lobby"))
    await until(lambda: "Only the host and moderators write here" in shown(composer))
    assert "Slow mode" not in shown(kit.screen)
    assert composer.hand_button.isVisible(), "a hand can be raised where nobody else writes"
    kit.screen.close()


async def test_who_becomes_a_moderator_sees_what_waits_already(hosted_chat: HostedChat) -> None:
    mara, kit, ana = (
        await hosted_chat.join(hosting=True),
        await hosted_chat.join("Kit"),
        await hosted_chat.join_as("Ana"),
    )
    mara.client.order.pace.send(Pace(hold=True, room="lobby"))
    await until(lambda: ana.state.shown_info.hold)
    ana.send("May I?")
    await until(lambda: list(mara.client.order.pace.waiting))
    mara.client.order.ask(SetRole("Kit", "moderator"), lambda _answer: None)
    await until(lambda: [message.content for _, message in kit.client.order.pace.waiting] == ["May I?"])
    mara.client.order.ask(SetRole("Kit", "member"), lambda _answer: None)
    await until(lambda: not list(kit.client.order.pace.waiting))


def test_places_and_times_in_words() -> None:
    assert [place_words(place).removeprefix("Your hand is up. ") for place in (1, 2, 3)] == [
        "You are next",
        "One before you",
        "2 before you",
    ]
    assert [clock(seconds) for seconds in (1, 59, 60, 605)] == ["1 s", "59 s", "1:00", "10:05"]
