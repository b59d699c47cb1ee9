"""What Windows shows in the program's properties."""

import ast

import windows


def test_the_version_resource_has_four_numbers_and_the_version() -> None:
    text = windows.version_resource("7.8.9")
    (call,) = ast.parse(text).body
    assert isinstance(call, ast.Expr)
    assert "filevers=(7, 8, 9, 0)" in text
    assert 'StringStruct("ProductVersion", "7.8.9")' in text
