"""A program whose window still changes while it ends because the display is gone."""

import asyncio
from functools import partial

from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from chatdesk.desktop.loop import cancel_and_finish, new_event_loop
from chatdesk.desktop.qt_messages import QtMessages
from tests.waiting import until


async def _main(messages: QtMessages) -> None:
    task = asyncio.current_task()
    assert task
    messages.display_lost = partial(cancel_and_finish, task)
    window = QLineEdit("Before")
    window.show()
    await until(window.windowHandle().isExposed)
    print("open", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        window.setText("After")
        for shown in (window, QLabel("Another")):
            shown.setWindowTitle("After – ChatDesk")  # beyond Latin-1, for which libX11 asks the display
            shown.hide()
            shown.show()
            shown.resize(300, 200)
            await asyncio.sleep(0.01)
        print("goodbye", flush=True)


if __name__ == "__main__":
    with QtMessages() as messages:
        app = QApplication([])
        with asyncio.Runner(loop_factory=lambda: new_event_loop(app)) as runner:
            runner.run(_main(messages))
