"""Names that nobody can have, because they pass for the chat itself, for a role in it, or for everybody."""

import re
from collections.abc import Sequence
from functools import cache
from unicodedata import category

from chatdesk.protocol.looks import looks, shape

# One line for each group of languages, whose people would take the words for a role.
_ROLES = """
system server host chatdesk admin administrator moderator operator
administrador administradora moderador moderadora anfitrión servidor anfitriã anfitrião
administrateur modérateur modératrice hôte système serveur amministratore moderatore
gastgeber gastgeberin moderatorin beheerder sistem sistema sunucu yönetici διαχειριστής
администратор админ модератор система сервер адміністратор
管理员 管理員 管理者 主持人 系统 系統 システム モデレーター ホスト 관리자 운영자 시스템
مدير المدير مشرف المشرف النظام מנהל מערכת ผู้ดูแล ระบบ व्यवस्थापक
"""
ROLES = tuple(_ROLES.split())
"""Also with digits and signs around them, as in ``Admin 2`` and ``[host]``."""

_ADDRESSES = """
room everyone everybody all here channel anonymous withoutaname
alle tous todos tutti wszyscy все 所有人 大家 みんな 全員 모두 الجميع כולם
"""
ADDRESSES = tuple(_ADDRESSES.split())
"""Only as a whole, without spaces: ``Room 7`` is one among others. The last is that of questions without a name."""

TITLES = ("mod", "bot", "root", "owner", "staff", "support", "official", "verified", "vip", "op")
"""Only in brackets: on its own, each is somebody's name or login."""

_BRACKETED = re.compile(r"[(\[{<«（【「]([^)\]}>»）】」]*)")
_NO_ASCII_LETTER = re.compile("[^A-Za-z]+")
_AS_I, _AS_L = str.maketrans("013457@$!", "oieastasi"), str.maketrans("013457@$!", "oleastasi")
"""Digits and signs that people read as letters where a word suggests it; 1 is i or l."""


def is_reserved(name: str) -> bool:
    """Return whether nobody can have this name, or one alike: the whole of it, or a role in brackets after it."""
    bracketed = _BRACKETED.findall(name)
    if name.isascii() and not bracketed and _is_far_from_all(name):
        return False
    return _is_alike(name, bracketed)


def _is_alike(name: str, bracketed: Sequence[str]) -> bool:
    if not looks(name.replace(" ", "")).isdisjoint(_looks_of(ADDRESSES)):
        return True
    return _is_one(_looks_of(ROLES), name, *bracketed) or _is_one(_looks_of(TITLES), *bracketed)


def _is_far_from_all(name: str) -> bool:
    """Return whether an ASCII name cannot be taken for any of the words: a tenth of the work, enough for most names."""
    readings = {name, shape(name), name.translate(_AS_L)}
    return _skeletons().isdisjoint(map(_skeleton, readings))


def _skeleton(text: str) -> str:
    """The ASCII letters of a text in which all that ``looks`` takes for each other, and i and l, are the same."""
    return _NO_ASCII_LETTER.sub("", text).lower().replace("i", "l").replace("m", "rn").replace("w", "vv")


@cache
def _skeletons() -> frozenset[str]:
    words = _looks_of(ROLES) | _looks_of(ADDRESSES) | _looks_of(TITLES)
    return frozenset(_skeleton(word) for word in words if word.isascii())


def _is_one(reserved: frozenset[str], *texts: str) -> bool:
    readings = {
        reading for text in texts for reading in (text, shape(text), text.translate(_AS_I), text.translate(_AS_L))
    }
    return any(not looks(_letters(reading)).isdisjoint(reserved) for reading in readings)


def _letters(text: str) -> str:
    if text.isascii():
        return _NO_ASCII_LETTER.sub("", text)
    return "".join(char for char in text if category(char)[0] in "LM")


@cache
def _looks_of(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(look for word in words for look in looks(word) | looks(word.title()))
