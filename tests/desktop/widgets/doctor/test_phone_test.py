"""The address of the test page, as code and text, side by side or stacked."""

import pytest
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.qr_code import MIN_SIDE, QrCode
from chatdesk.desktop.widgets.doctor.phone_test import PhoneTest
from tests.desktop.inspection import clipped, texts

LONG = "http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:18080/check"


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize(("width", "beside"), [(490, True), (240, False)])
def test_the_page_is_shown_as_code_and_as_address(
    qtbot: QtBot, theme: Theme, scale: float, width: int, beside: bool
) -> None:
    theme.set_scale(scale)
    phone = PhoneTest(theme)
    qtbot.addWidget(phone)
    phone.set_url(LONG)
    width = theme.px(width)
    phone.fit_to_width(width)
    phone.show()
    phone.resize(width, phone.heightForWidth(width))
    code = phone.findChild(QrCode)
    assert code is not None
    assert code.accessibleName() == f"QR code of {LONG}"
    assert LONG.removeprefix("http://") in texts(phone)
    qtbot.waitUntil(lambda: clipped(phone) == [])
    qtbot.waitUntil(lambda: (code.y() < MIN_SIDE // 2) is beside)
    assert code.width() == MIN_SIDE
