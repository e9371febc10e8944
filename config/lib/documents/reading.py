"""Reading YAML, JSON and NDJSON from anyone, at C speed and within bounds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any, Final

import orjson
from yaml import YAMLError
from yaml._yaml import CParser
from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.reader import ReaderError

from config.lib.documents.values import (
    MAX_BYTES,
    MAX_DEPTH,
    DocumentError,
    Value,
    check_key,
    checked_number,
    describe_forbidden,
    forbidden_character,
    resolve_plain,
)

_AWAITED: Final = object()  # Stands for the key that a mapping's next event will give.


def load_yaml(source: str | bytes, *, path: str | None = None, max_bytes: int = MAX_BYTES) -> Value:
    """The value of the one YAML document in `source` (bytes are UTF-8).

    Unquoted ``null``, ``~`` and nothing are None, ``true`` and ``false`` booleans, plain decimals
    numbers, all else text (``NO``, ``yes``, ``2025-11-06``, ``0x10``, ``1e3``). Raises
    `DocumentError` (which names `path`) for malformed YAML and for anchors, aliases, tags, merge
    keys, keys that are given twice or are no text, a second document, control characters, and
    what is too large or too deep.
    """
    try:
        text = _decoded(source, max_bytes)
        parser = CParser(text)
        try:
            return _compose(parser)
        except MarkedYAMLError as error:
            raise _yaml_error(error) from error
        except ReaderError as error:
            raise DocumentError(str(error.reason)) from error
        except YAMLError as error:
            raise DocumentError(str(error)) from error
        finally:
            parser.dispose()
    except DocumentError as error:
        error.path = path
        raise


def load_json(source: str | bytes, *, path: str | None = None, max_bytes: int = MAX_BYTES) -> Value:
    """The value of the JSON text in `source`, under the same bounds as `load_yaml`."""
    try:
        text = _decoded(source, max_bytes)
        try:
            # Strict and not recursive without end; a second reading then looks for double keys.
            value: Value = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise DocumentError(error.msg, line=error.lineno, column=error.colno) from error
        _check_json(value)
        try:
            return _JSON.decode(text)  # type: ignore[no-any-return]
        except ValueError as error:
            raise DocumentError(str(error)) from error
    except DocumentError as error:
        error.path = path
        raise


def read_ndjson(
    stream: IO[bytes], *, path: str | None = None, max_bytes: int = MAX_BYTES
) -> Iterator[tuple[int, Value | DocumentError]]:
    """Each line's number (from 1) with its value or what is wrong with it; empty lines are skipped.

    `max_bytes` is the bound of one line; the stream may be of any length.
    """
    number = 0
    while line := stream.readline(max_bytes + 2):
        number += 1
        if len(line) > max_bytes and not line.endswith(b"\n"):
            while (rest := stream.readline(max_bytes)) and not rest.endswith(b"\n"):
                pass
            yield number, DocumentError(_too_large(max_bytes), path=path, line=number)
        elif line.strip():
            try:
                yield number, load_json(line.rstrip(b"\r\n"), path=path, max_bytes=max_bytes)
            except DocumentError as error:
                error.line = number
                yield number, error


def _decoded(source: str | bytes, max_bytes: int) -> str:
    # A text has at least as many bytes as characters, so this never lets a larger one by.
    if len(source) > max_bytes:
        raise DocumentError(_too_large(max_bytes))
    if isinstance(source, bytes):
        try:
            text = source.decode("utf-8")
        except UnicodeDecodeError as error:
            line, column = _place(source[: error.start].decode("utf-8"), error.start)
            raise DocumentError("is not UTF-8: save it as UTF-8", line=line, column=column) from (
                error
            )
    else:
        text = source
    text = text.removeprefix("\ufeff")
    if found := forbidden_character(text):
        line, column = _place(text, found.start())
        raise DocumentError(describe_forbidden(found[0]), line=line, column=column)
    return text


def _too_large(max_bytes: int) -> str:
    return f"is larger than {max_bytes:,} bytes: split it, or check that it is the right file"


def _place(text: str, index: int) -> tuple[int, int]:
    before = text[:index]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _yaml_error(error: MarkedYAMLError) -> DocumentError:
    mark = error.problem_mark or error.context_mark
    reason = ", ".join(part for part in (error.context, error.problem) if part)
    if mark is None:
        return DocumentError(reason)
    return DocumentError(reason, line=mark.line + 1, column=mark.column + 1)


def _refused(event: Event, reason: str) -> DocumentError:
    mark = event.start_mark
    if mark is None:
        return DocumentError(reason)
    return DocumentError(reason, line=mark.line + 1, column=mark.column + 1)


def _compose(parser: CParser) -> Value:
    """Build the value from events with a stack of its own: depth is counted, never recursed."""
    next_event: Any = parser.get_event
    next_event()  # The stream's start.
    start = next_event()
    if type(start) is StreamEndEvent:
        raise DocumentError("is empty: it must hold one document")
    if type(start) is DocumentStartEvent and (start.version or start.tags):
        raise _refused(start, "has a directive (%YAML or %TAG): remove it")
    root: list[Value] = []
    container: Any = root
    key: Any = None
    stack: list[tuple[Any, Any]] = []
    while True:
        event = next_event()
        kind = type(event)
        if kind is MappingEndEvent or kind is SequenceEndEvent:
            container, key = stack.pop()
            continue
        if kind is DocumentEndEvent:
            break
        if kind is AliasEvent:
            raise _refused(event, f"uses the alias *{event.anchor}: write the value out")
        if event.anchor is not None:
            raise _refused(event, f"defines the anchor &{event.anchor}: write values out")
        if event.tag is not None:
            raise _refused(event, f"has the tag {event.tag}: remove it")
        value = _scalar(event) if kind is ScalarEvent else {} if kind is MappingStartEvent else []
        if container.__class__ is dict:
            if key is _AWAITED:
                key = _key(event, value, container)
                continue
            container[key] = value
            key = _AWAITED
        else:
            container.append(value)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            stack.append((container, key))
            if len(stack) > MAX_DEPTH:
                raise _refused(event, f"is nested more than {MAX_DEPTH} levels deep")
            container, key = value, _AWAITED
    after = next_event()
    if type(after) is not StreamEndEvent:
        raise _refused(after, "holds a second document: one document a file")
    return root[0]


def _scalar(event: ScalarEvent) -> Value:
    text = event.value
    if not event.style:
        try:
            return resolve_plain(text)
        except ValueError as error:
            raise _refused(event, str(error)) from error
    # Escapes can write what the check of the whole text has not seen.
    if event.style == '"' and (found := forbidden_character(text)):
        raise _refused(event, describe_forbidden(found[0]))
    return text


def _key(event: Event, value: Value, mapping: dict[str, Value]) -> str:
    if not isinstance(value, str):
        written = event.value if isinstance(event, ScalarEvent) else "a list or mapping"
        raise _refused(event, f"has a key that is not a text ({written}): put it in quotes")
    if value == "<<" and isinstance(event, ScalarEvent) and not event.style:
        raise _refused(event, "uses a merge key (<<): write the values out")
    if value in mapping:
        raise _refused(event, f"gives the key “{value}” twice")
    try:
        check_key(value)
    except ValueError as error:
        raise _refused(event, str(error)) from error
    return value


def _check_json(value: Value) -> None:
    """Depth and characters, without recursion; `value` is what orjson has read."""
    level: list[Value] = [value]
    for depth in range(MAX_DEPTH + 1):
        deeper: list[Value] = []
        for item in level:
            if isinstance(item, str) and (found := forbidden_character(item)):
                raise DocumentError(describe_forbidden(found[0]))
            if isinstance(item, list | dict):
                if depth == MAX_DEPTH:
                    raise DocumentError(f"is nested more than {MAX_DEPTH} levels deep")
                deeper.extend(item.values() if isinstance(item, dict) else item)
        if not deeper:
            return
        level = deeper


def _object(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    made = dict(pairs)
    if len(made) < len(pairs):
        ((twice, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"gives the key “{twice}” twice")
    for key in made:
        check_key(key)
        if found := forbidden_character(key):
            raise ValueError(describe_forbidden(found[0]))
    return made


def _number(text: str) -> int | float:
    if len(text) > 400:
        raise ValueError(f"the number {text[:20]}… is too long")
    return checked_number(float(text) if any(mark in text for mark in ".eE") else int(text))


_JSON: Final = json.JSONDecoder(object_pairs_hook=_object, parse_int=_number, parse_float=_number)
