"""Codes that existing clients rely on do not change their meaning."""

import pytest

from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError, may_reconnect


@pytest.mark.parametrize("code", [1001, 1006, 1011, 1012, 1013, 4000, 4499])
def test_after_these_codes_a_client_comes_back_by_itself(code: int) -> None:
    assert may_reconnect(code)


@pytest.mark.parametrize("code", [1000, 1007, 1008, 1009, 4500, 4999])
def test_after_these_codes_a_client_does_not_come_back_by_itself(code: int) -> None:
    assert not may_reconnect(code)


@pytest.mark.parametrize("code", [CloseCode.NEVER_JOINED, CloseCode.EXPIRED])
def test_a_client_that_has_not_joined_or_may_not_stay_does_not_reconnect(code: CloseCode) -> None:
    assert not may_reconnect(code)


def test_the_words_of_errors_are_the_documented_ones() -> None:
    assert {str(code) for code in ErrorCode} == {
        "bad_json",
        "bad_message",
        "unknown_type",
        "not_joined",
        "already_joined",
        "bad_nickname",
        "nickname_taken",
        "bad_room",
        "too_many_rooms",
        "room_exists",
        "room_deleted",
        "archived",
        "empty_message",
        "message_too_long",
        "id_reused",
        "rate_limited",
        "not_found",
        "deleted",
        "too_late",
        "bad_emoji",
        "too_many_reactions",
        "too_many_pins",
        "storage",
        "forbidden",
        "password_required",
        "bad_password",
        "locked",
        "removed",
        "banned",
        "muted",
        "waiting",
        "expired",
        "unauthorized",
        "too_many_errors",
        "not_supported",
        "wrong_address",
        "declined",
        "queue_full",
        "bad_invitation",
        "slow_mode",
        "announce_only",
        "held",
        "too_many_invitations",
    }


def test_a_protocol_error_carries_code_sentence_and_reference() -> None:
    error = ProtocolError(ErrorCode.EMPTY_MESSAGE, "The message is empty.", "m1")
    assert (error.code, error.content, error.ref, str(error)) == (
        "empty_message",
        "The message is empty.",
        "m1",
        "The message is empty.",
    )
