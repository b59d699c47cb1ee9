"""Keeping order in the window, with a real server: the host acts on another client, and is acted on elsewhere."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.order import OrderController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.how_long import HowLongSheet
from chatdesk.desktop.dialogs.removed import RemovedSheet
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.toast import Toast
from chatdesk.desktop.widgets.people.people_list import PeopleList
from chatdesk.protocol.order_commands import Mute, Remove, SetRole
from tests.desktop.hosted_chat import HostedChat
from tests.waiting import until


def shown(part: QWidget) -> str:
    """The texts that can be seen."""
    return " ".join(label.text() for label in part.findChildren(Label) if label.isVisibleTo(part))


def menu_of(application: Application, conversation: Conversation, nickname: str) -> dict[str, object]:
    """What the menu of somebody in the list offers, with what it does."""
    people = conversation.screen.findChild(PeopleList)
    assert people
    model = people.model()
    places = (model.index(row, 0).data(Qt.ItemDataRole.UserRole) for row in range(model.rowCount()))
    person = next(it for it in places if it.nickname == nickname)
    people.menu_requested.emit(person, people.mapToGlobal(people.rect().center()))
    menu = next(menu for menu in application.window.findChildren(QMenu) if menu.isVisible())
    menu.hide()
    return {action.text().partition("\t")[0]: action.trigger for action in menu.actions() if action.text()}


async def test_the_host_bans_somebody_reads_it_in_the_trail_and_undoes_it(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    """Behaviour 26: the dialog asks why, until when, and shows whom the address would hit."""
    await until(lambda: conversation.client.order.may("lobby", "ban") and conversation.people.rowCount() == 2)
    acts = menu_of(application, conversation, "Priya")
    roles = ["Make a moderator", "Let them only read, as a guest"]
    assert list(acts)[-6:] == [*roles, "Rename…", "Mute…", "Remove…", "Ban…"]
    assert list(menu_of(application, conversation, "Priya")) == list(acts)
    acts["Ban…"]()  # type: ignore[operator]
    [sheet] = application.window.findChildren(HowLongSheet)
    await until(lambda: "1 other here uses it: Mara." in shown(sheet))
    assert "Reason, which Priya sees" in shown(sheet)
    QTest.keyClicks(sheet.focusWidget(), "Selling parts")
    QTest.keyClick(sheet.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: priya.order.kept_out)
    assert priya.order.kept_out
    assert (priya.order.kept_out.by, priya.order.kept_out.reason) == ("Mara", "Selling parts")
    toast = application.window.toast
    await until(lambda: toast.undoable)
    [undo] = [button for button in toast.findChildren(QPushButton) if button.accessibleName() == "Undo"]
    assert undo.text().startswith("Undo ")
    composer = conversation.screen.composer
    composer.sent.emit("/audit")
    assert application.board
    board = application.board.sheet
    await until(lambda: len(board.audit.rows) == 1 and len(board.in_force.rows) == 1)
    assert board.audit.rows[0].accessibleName().startswith("Mara banned Priya, until ")
    assert "Selling parts" in shown(board.audit.rows[0])
    undo.click()
    await until(lambda: len(board.audit.rows) == 2 and not board.in_force.rows)
    assert "Nobody is banned, removed or muted." in shown(board.in_force), "the board follows at once"
    board.dismiss()
    composer.sent.emit("/role @Priya king")
    await until(lambda: "Write /role @name moderator, member or guest." in shown(toast))
    composer.sent.emit("/banname *Spam*")
    await until(lambda: "Nobody new can be called" in shown(toast))
    composer.sent.emit("/bans")
    await until(lambda: len(board.in_force.rows) == 1)
    [row] = board.in_force.rows
    assert row.accessibleName().startswith("*Spam* is a name that nobody may have, by")
    assert row.button
    assert row.button.text() == "Allow"
    row.button.click()
    await until(lambda: "Nobody is banned, removed or muted." in shown(board.in_force))


async def test_who_is_muted_reads_until_when_and_who_is_removed_reads_why(hosted_chat: HostedChat) -> None:
    mara, kit = await hosted_chat.join(hosting=True), await hosted_chat.join("Kit")
    order = OrderController(hosted_chat.theme, kit, Toast(hosted_chat.theme, kit.screen))
    kit.order_changed.connect(order.refresh)
    kit.screen.resize(1000, 700)
    kit.screen.show()
    composer, answers = kit.screen.composer, list[object]()
    composer.edit.setPlainText("half a sentence")
    mara.client.order.ask(Mute("Kit", reason="too loud", minutes=5), answers.append)
    await until(lambda: "Mara has muted you until" in shown(composer))
    assert shown(composer).endswith("too loud")
    assert not composer.edit.isVisible()
    mara.client.order.ask(SetRole("Kit", "guest"), answers.append)
    await until(lambda: "You are a guest here" in shown(composer))
    mara.client.order.ask(Remove("Kit", reason="Come to the desk", minutes=60), answers.append)
    await until(lambda: kit.screen.findChildren(RemovedSheet))
    [sheet] = kit.screen.findChildren(RemovedSheet)
    assert "Mara removed you" in shown(sheet)
    assert "Come to the desk" in shown(sheet)
    assert "Ends " in shown(sheet)
    buttons = [button.text() for button in sheet.findChildren(QPushButton) if button.isVisible()]
    assert buttons == ["Copy my unsent message", "Leave"], "no way in before the end"
    assert not [it for it in kit.screen.banner.findChildren(QPushButton) if it.isVisible()]
    kit.screen.close()
