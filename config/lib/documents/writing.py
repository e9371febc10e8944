"""Writing a document as YAML that people review as a diff.

Block style, keys in the order given, one line a value: a text of any length stays on its line,
so that a changed word changes one line and nothing is wrapped anew. A text with line breaks is a
literal block. Quotes stand where our reader, or a YAML 1.1 reader of someone else's, would take
the bare text for a number, true, false or null (``"NO"``, ``"2025"``), and where syntax needs them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from config.lib.documents.values import (
    MAX_DEPTH,
    DocumentError,
    Value,
    check_key,
    checked_number,
    describe_forbidden,
    forbidden_character,
)

# What a bare text must not be: each alternative is one thing YAML would read otherwise.
_NEEDS_QUOTES = re.compile(
    r"""
    [\s\-?:,\[\]{}\#&*!|>'"%@`=~]    # starts with a space or an indicator
    | \.\.\. | <<                    # starts like a document's end or a merge key
    | .*(?: :(?:\s|\Z) | \s\# | \s\Z )   # looks like a key, a comment; or ends in a space
    | (?:y|yes|n|no|on|off|true|false|null)\Z
    | [+.]?[0-9][0-9_.,:]*(?:e[+-]?[0-9]+)?\Z  # decimal, octal, sexagesimal, with exponent
    | [+]?0(?:x[0-9a-f_]+|o[0-7_]+|b[01_]+)\Z
    | [+]?\.(?:inf|nan)\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What can stand in a line without an escape: libyaml's printable characters but tab, the byte
# order mark and Unicode's own line breaks.
_PRINTABLE: Final = (
    r"\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
)
_UNPRINTABLE = re.compile(f"[^{_PRINTABLE}]")
_UNPRINTABLE_IN_BLOCK = re.compile(rf"[^\n{_PRINTABLE}]")
# Editors strip such spaces, and leading ones or several last line breaks need indicators.
_SPACE_AT_LINE_END = re.compile(r"[ ]\n|[ ]\Z|\n\n\Z|\A[ \n]")
_ESCAPED: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_INDENT: Final = "  "


def dump_yaml(record: Value) -> str:
    """`record` as one YAML document that `load_yaml` reads back as an equal value.

    Floats without a fraction are written as integers (70.0 as 70). Raises `DocumentError` for
    what the reader would refuse: other types, control characters, numbers out of range, keys that
    are no text, too many levels.
    """
    return "\n".join(_block(record, indent="", depth=0)) + "\n"


def _block(value: Value, *, indent: str, depth: int) -> Iterator[str]:
    """The lines of `value` where a line of its own starts; the first one without its indent."""
    first = True
    _check_depth(value, depth)
    if isinstance(value, dict) and value:
        for key, item in value.items():
            start = f"{'' if first else indent}{_key(key)}:"
            first = False
            _check_depth(item, depth + 1)
            if isinstance(item, dict | list) and item:
                yield start
                lines = _block(item, indent=indent + _INDENT, depth=depth + 1)
                yield f"{indent}{_INDENT}{next(lines)}"
                yield from lines
            else:
                yield f"{start} {_scalar(item, indent)}"
    elif isinstance(value, list) and value:
        for item in value:
            lines = _block(item, indent=indent + _INDENT, depth=depth + 1)
            yield f"{'' if first else indent}- {next(lines)}"
            first = False
            yield from lines
    else:
        # A list's item stands one level in already, and a literal block's lines stand there too.
        yield _scalar(value, indent[: -len(_INDENT)] if indent else "")


def _check_depth(value: Value, depth: int) -> None:
    if depth >= MAX_DEPTH and isinstance(value, dict | list):
        raise DocumentError(f"is nested more than {MAX_DEPTH} levels deep")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise DocumentError(f"has a key that is not a text: {key!r:.60}")
    try:
        check_key(key)
    except ValueError as error:
        raise DocumentError(str(error)) from error
    return _inline(key)


def _scalar(value: Value, indent: str) -> str:
    """`value` behind a key or a hyphen that stands at `indent`; several lines for a block."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case str():
            if "\n" in value and _can_be_block(value):
                sign = "|" if value.endswith("\n") else "|-"
                lines = value.removesuffix("\n").split("\n")
                return "\n".join((sign, *(f"{indent}{_INDENT}{x}" if x else "" for x in lines)))
            return _inline(value)
        case dict():
            return "{}"
        case list():
            return "[]"
    raise DocumentError(f"holds a {type(value).__name__}, which no document can: {value!r:.60}")


def _number(value: int | float) -> str:
    try:
        checked_number(value)
    except ValueError as error:
        raise DocumentError(str(error)) from error
    if isinstance(value, int):
        return int.__repr__(value)
    if value.is_integer():
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _inline(text: str) -> str:
    if not text:
        return '""'
    unprintable = _UNPRINTABLE.search(text)
    if unprintable is None:
        if _NEEDS_QUOTES.match(text) is None:
            return text
        if '"' not in text and "\\" not in text:
            return f'"{text}"'
        return "'" + text.replace("'", "''") + "'"
    if found := forbidden_character(text):
        raise DocumentError(describe_forbidden(found[0]))
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPED:
        return _ESCAPED[character]
    if _UNPRINTABLE.match(character) is None:
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _can_be_block(text: str) -> bool:
    return _UNPRINTABLE_IN_BLOCK.search(text) is None and _SPACE_AT_LINE_END.search(text) is None
