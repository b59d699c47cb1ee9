"""The application's stylesheet, for what Qt itself draws. Our own widgets paint themselves."""

from typing import Protocol

MENU_ICON = 18
"""Pixels of a menu entry's icon, at 100 percent text."""


class Palette(Protocol):
    """What the stylesheet needs from the theme."""

    def css(self, role: str) -> str:
        """Return the colour of a role."""

    def px(self, size: float) -> int:
        """Return a size scaled with the text, in pixels."""


def stylesheet(theme: Palette) -> str:
    """Return the rules for fields, scroll bars, menus, tooltips and the file dialog."""
    css, px = theme.css, theme.px
    return f"""
    {_fields(theme)}
    QAbstractScrollArea {{ background: transparent; border: none; }}
    QPlainTextEdit[ground="paper"] {{
        background: {css("surface-raised")}; color: {css("text")};
        border: 1px solid {css("border-strong")}; border-radius: 8px; padding: 9px 11px;
        selection-background-color: {css("selection")}; selection-color: {css("selection-text")};
    }}
    QPlainTextEdit[ground="paper"]:focus {{ border: 2px solid {css("focus")}; padding: 8px 10px; }}
    QFileDialog QAbstractItemView {{
        background: {css("surface-raised")}; border: 1px solid {css("border")}; border-radius: 8px;
    }}
    QFileDialog QHeaderView {{ border: none; }}
    QHeaderView::section {{
        background: {css("surface-raised")}; color: {css("text-muted")};
        border: none; border-bottom: 1px solid {css("border")}; padding: 4px 8px;
    }}
    QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; border: none; }}
    QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; border: none; }}
    QScrollBar::handle {{ background: transparent; border-radius: 3px; margin: 3px; }}
    QScrollBar::handle:vertical {{ min-height: 32px; }}
    QScrollBar::handle:horizontal {{ min-width: 32px; }}
    QScrollBar::handle:hover {{ background: {css("border-strong")}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}

    QMenu {{
        background: {css("surface-raised")}; color: {css("text")};
        border: 1px solid {css("border")}; border-radius: 10px; padding: 4px; icon-size: {px(MENU_ICON)}px;
    }}
    QMenu::item {{ padding: {px(7)}px 12px {px(7)}px 10px; border-radius: 6px; min-width: 140px; }}
    QMenu::icon {{ padding-left: 10px; }}
    QMenu::item:selected {{ background: {css("raised-hover")}; }}
    QMenu::item:default {{ color: {css("danger")}; }}
    QMenu::item:disabled {{ color: {css("text-muted")}; }}
    QMenu::separator {{ height: 1px; background: {css("border")}; margin: 4px 0; }}
    QToolTip {{
        background: {css("tooltip")}; color: {css("tooltip-text")};
        border: none; border-radius: 6px; padding: 4px 8px;
    }}
    """


def _fields(theme: Palette) -> str:
    css = theme.css
    return f"""
    QLineEdit {{
        background: {css("surface-raised")}; color: {css("text")};
        border: 1px solid {css("border-strong")}; border-radius: 8px;
        padding: 1px 11px;
        selection-background-color: {css("selection")}; selection-color: {css("selection-text")};
        placeholder-text-color: {css("text-muted")};
    }}
    QLineEdit:focus {{ border: 2px solid {css("focus")}; padding: 0 10px; }}
    QLineEdit[wrong="true"] {{ border: 2px solid {css("danger")}; padding: 0 10px; }}
    QLineEdit:disabled {{ color: {css("text-disabled")}; border-color: {css("border")}; }}

    QLineEdit[ground="hero"] {{
        background: transparent; color: {css("hero-text")}; border-color: {css("hero-muted")};
        placeholder-text-color: {css("hero-muted")};
    }}
    QLineEdit[ground="hero"]:focus {{ border-color: {css("hero-focus")}; }}
    QLineEdit[ground="hero"][wrong="true"] {{ border-color: {css("hero-text")}; }}
    QLineEdit[ground="hero"]:disabled {{ color: {css("hero-muted")}; border-color: {css("hero-line")}; }}

    QLineEdit[ground="bare"] {{ background: transparent; border: none; padding: 0; }}
    """
