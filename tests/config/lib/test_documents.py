"""The YAML and JSON reader and the YAML writer: what they read, what they refuse, and how fast."""

import io
import json
import math
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.lib.documents import (
    MAX_BYTES,
    MAX_KEY_LENGTH,
    DocumentError,
    Value,
    dump_yaml,
    load_json,
    load_yaml,
    read_ndjson,
)


def refusal(read: Callable[..., Value], source: str | bytes, **options: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(source, **options)
    return caught.value


# --- Reading YAML ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, word) for word in ("NO", "no", "yes", "on", "off", "y", "True", "NULL", "Null")),
        *((word, word) for word in ("2025-11-06", "2025-11", "12:30:00", "0x1f", "0o17", "007")),
        *(
            (word, word)
            for word in ("1_000", "1e3", "1.5e3", ".5", "5.", "+5", ".inf", ".nan", "=")
        ),
        ("null", None),
        ("~", None),
        ("''", ""),
        ("true", True),
        ("false", False),
        ("0", 0),
        ("-12", -12),
        ("1100000000", 1_100_000_000),
        ("12.5", 12.5),
        ("'12.5'", "12.5"),
        ("|\n  12", "12"),
        ("[NO, on, 70, '70', null]", ["NO", "on", 70, "70", None]),
        ("on: NO", {"on": "NO"}),
        ("a:\nb: ~", {"a": None, "b": None}),
        ("a: [{b: 1}, []]\nc: {}", {"a": [{"b": 1}, []], "c": {}}),
        ("# note\n--- # one document\na: 1\n", {"a": 1}),
        ("\ufeffname: Северный Катпар\n", {"name": "Северный Катпар"}),
        ('"\\u263a\\t\\r\\n"', "☺\t\r\n"),
        ("'<<': 1", {"<<": 1}),
        ("a: <<", {"a": "<<"}),
    ],
)
def test_reads_only_what_is_written(text: str, value: Value) -> None:
    for source in (text, text.encode()):
        read = load_yaml(source)
        assert read == value
        assert type(read) is type(value)


def test_numbers_and_booleans_keep_their_types() -> None:
    assert [type(item) for item in load_yaml("[1, 1.0, true, '1']")] == [int, float, bool, str]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "reason", "line", "column"),
    [
        ("", "empty", None, None),
        ("# only a comment", "empty", None, None),
        ("a: &x 1", "anchor &x", 1, 4),
        ("a: 1\nb: *x", "alias *x", 2, 4),
        ("a: !!python/object:os.system x", "tag tag:yaml.org,2002:python/object:os.system", 1, 4),
        ("a: !local x", "tag !local", 1, 4),
        ("! a", "tag !", 1, 1),
        ("!!map {}", "tag", 1, 1),
        ("%YAML 1.1\n---\na: 1", "directive", 1, 1),
        ("%TAG ! tag:x,2000:\n---\na: 1", "directive", 1, 1),
        ("a: 1\n<<: {b: 2}", "merge key", 2, 1),
        ("a: 1\nb: 2\na: 3", "“a” twice", 3, 1),
        ("{a: 1, 'a': 2}", "“a” twice", 1, 8),
        ("1: a", "not a text (1)", 1, 1),
        ("null: a", "not a text (null)", 1, 1),
        ("? [a]\n: b", "not a text (a list or mapping)", 1, 3),
        ("a: 1\n---\nb: 2", "second document", 2, 1),
        ("a: 1\n...\n---\n", "second document", 3, 1),
        ("a: \x07", "U+0007", 1, 4),
        ("ok: 1\na: 'x\x00'", "U+0000", 2, 6),
        ('a: "\\x00"', "U+0000", 1, 4),
        ('a: "\\x9b"', "U+009B", 1, 4),
        ("a: \ud800", "U+D800", 1, 4),
        ('"\\ud800"', "Unicode", 1, 4),
        ("a: \ufffe", "not allowed", None, None),
        ("a: [1, 2", "expected", 2, 1),
        ("a: b: c", "mapping values", 1, 5),
        ("a:\n\t- b", "cannot start any token", 2, 1),
        ("a: 9223372036854775808", "out of range", 1, 4),
        ("a: -9223372036854775809", "out of range", 1, 4),
        ("a: " + "1" * 399 + ".5", "too long", 1, 4),
        ("a: " + "1" * 390 + ".5", "out of range", 1, 4),
        ("a: " + "1" * 5000, "too long", 1, 4),
        ("k" * (MAX_KEY_LENGTH + 1) + ": 1", "longer than 100 characters", 1, 1),
    ],
)
def test_refuses_with_the_place(
    text: str, reason: str, line: int | None, column: int | None
) -> None:
    error = refusal(load_yaml, text, path="deals/x.yaml")
    assert reason in error.reason
    assert (error.line, error.column) == (line, column)
    assert str(error).startswith("deals/x.yaml")
    assert str(error).endswith(error.reason)


def test_refuses_what_is_no_utf8() -> None:
    error = refusal(load_yaml, b"a: 1\nb: \xff")
    assert "UTF-8" in error.reason
    assert (error.line, error.column) == (2, 4)
    refusal(load_yaml, "a: 1".encode("utf-16"))


@pytest.mark.parametrize(
    "source",
    [
        "x" * (MAX_BYTES + 1),
        b"[" * 10_000_000,
        bytes(range(256)) * 40_000,
        "é" * (MAX_BYTES + 1),
    ],
    ids=["text", "brackets", "junk", "letters"],
)
def test_refuses_what_is_too_large_at_once(source: str | bytes) -> None:
    for read in (load_yaml, load_json):
        assert "larger than 1,048,576 bytes" in refusal(read, source).reason
    assert "larger than 3 bytes" in refusal(load_yaml, "a: 1", max_bytes=3).reason


@pytest.mark.parametrize(
    "source",
    [
        "[" * 1_000_000,
        "[" * 21 + "]" * 21,
        "{a: " * 200_000,
        "- " * 400_000,
        "? " * 400_000,
        "".join(f"{' ' * depth}a:\n" for depth in range(1000)),
    ],
    ids=["brackets", "just over", "braces", "hyphens", "questions", "indents"],
)
def test_refuses_depth_quickly(source: str) -> None:
    began = time.perf_counter()
    reason = refusal(load_yaml, source).reason
    assert "20 levels" in reason or "not a text (a list or mapping)" in reason
    assert time.perf_counter() - began < 2


def test_reads_the_deepest_that_is_allowed() -> None:
    deepest = "[" * 20 + "]" * 20
    assert load_yaml(deepest) == load_json(deepest)
    assert load_yaml(dump_yaml(load_yaml(deepest))) == load_yaml(deepest)


def test_billion_laughs_are_not_expanded() -> None:
    lines = ["a0: &a0 [lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "anchor &a0" in refusal(load_yaml, "\n".join(lines)).reason


@pytest.mark.parametrize(
    "source",
    [
        "'" * 1_000_000,
        '"' + "\\" * 999_999,
        "a: " * 300_000,
        "[a," * 20 + "a," * 400_000,
        "&" * 1_000_000,
        ": " * 500_000,
        "a\n" * 500_000,
        "# " * 500_000,
        "|\n" + " \n" * 500_000,
        ",".join(["{" * 19] * 10_000),
        "--- " * 200_000,
        "%" * 1_000_000,
        "*a " * 300_000,
    ],
)
def test_junk_ends_quickly_and_plainly(source: str) -> None:
    began = time.perf_counter()
    try:
        load_yaml(source)
    except DocumentError as error:
        assert len(str(error)) < 500
    assert time.perf_counter() - began < 3


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab01-:,?[]{}#&*!|>'\"%@`~=<. \n\t\\é\u2028\x85", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = load_yaml(text)
    except DocumentError:
        return
    assert load_yaml(dump_yaml(value)) == value


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(source: bytes) -> None:
    for read in (load_yaml, load_json):
        try:
            json.dumps(read(source), allow_nan=False)
        except DocumentError as error:
            assert error.reason


# --- Reading JSON and NDJSON ---


def test_json_reads_plain_values() -> None:
    text = '{"a": [1, 2.5, -0.0, true, false, null, "NO"], "b": {"c": "Ä\\u2028"}, "d": 1e3}'
    assert load_json(text) == json.loads(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("{", "unexpected end"),
        ("[NaN]", "unexpected"),
        ("[Infinity]", "unexpected"),
        ("[1e999]", "infinity"),
        ("[9223372036854775808]", "out of range"),
        ("[" + "1" * 5000 + "]", "infinity"),
        ('{"a": 1, "b": {"a": 1, "a": 2}}', "“a” twice"),
        ('["\\u0000"]', "U+0000"),
        ('{"\\u0000": 1}', "U+0000"),
        ('["\\ud800"]', "surrogate"),
        ("[01]", "leading zero"),
        ("[1] [2]", "unexpected"),
        ("{'a': 1}", "unexpected"),
        ("[" * 21 + "]" * 21, "20 levels"),
        ("[" * 1000 + "]" * 1000, "20 levels"),
        ("[" * 500_000, ""),
        ('{"a":' * 100_000, ""),
        ('{"' + "k" * 101 + '": 1}', "longer than 100 characters"),
    ],
)
def test_json_refuses(text: str, reason: str) -> None:
    error = refusal(load_json, text, path="x.json")
    assert reason in error.reason
    assert str(error).startswith("x.json")


def test_ndjson_gives_every_line_its_value_or_error() -> None:
    lines = b'{"a": 1}\n\n{"a": 1, "a": 2}\r\n' + b"[" * 200 + b"\n\xff\n" + b'"last"'
    read = list(read_ndjson(io.BytesIO(lines), path="x.ndjson", max_bytes=100))
    values = {number: item for number, item in read if not isinstance(item, DocumentError)}
    errors = {number: str(item) for number, item in read if isinstance(item, DocumentError)}
    assert values == {1: {"a": 1}, 6: "last"}
    assert sorted(errors) == [3, 4, 5]
    assert errors[3].startswith("x.ndjson, line 3")
    assert "“a” twice" in errors[3]
    assert "larger than 100 bytes" in errors[4]
    assert "UTF-8" in errors[5]


def test_ndjson_line_of_just_the_allowed_length() -> None:
    line = b'"' + b"x" * 98 + b'"'
    for ending in (b"\n", b"\r\n", b""):
        assert [item for _, item in read_ndjson(io.BytesIO(line + ending), max_bytes=100)] == [
            "x" * 98
        ]
        ((_, error),) = read_ndjson(io.BytesIO(b" " + line + ending), max_bytes=100)
        assert isinstance(error, DocumentError)


# --- Writing ---


def test_a_record_reads_as_a_diff() -> None:
    record: Value = {
        "key": "kz-cove-tungsten",
        "title": "Cove: “Severniy Katpar”",
        "note": "Two readings.\nBoth are kept: 6 November, 12 March.\n",
        "announced_on": "2025-11-06",
        "value": {"low": 1_100_000_000.0, "currency": "USD", "note": None},
        "countries": ["NO", "KZ"],
        "parties": [{"company": "cove", "stake_percent": 70.0}, {"company": "x", "aliases": []}],
        "figures": [[12.5, 0.1], []],
        "years": "2025",
        "terms": ["first: line\nsecond", "- dash", "it's", 'say "hi"', "ends: ", "a #b", "a#b:c"],
        "is_open": True,
        "empty": "",
        "on": {},
    }
    assert dump_yaml(record) == (
        "key: kz-cove-tungsten\n"
        'title: "Cove: “Severniy Katpar”"\n'
        "note: |\n"
        "  Two readings.\n"
        "  Both are kept: 6 November, 12 March.\n"
        "announced_on: 2025-11-06\n"
        "value:\n"
        "  low: 1100000000\n"
        "  currency: USD\n"
        "  note: null\n"
        "countries:\n"
        '  - "NO"\n'
        "  - KZ\n"
        "parties:\n"
        "  - company: cove\n"
        "    stake_percent: 70\n"
        "  - company: x\n"
        "    aliases: []\n"
        "figures:\n"
        "  - - 12.5\n"
        "    - 0.1\n"
        "  - []\n"
        'years: "2025"\n'
        "terms:\n"
        "  - |-\n"
        "    first: line\n"
        "    second\n"
        '  - "- dash"\n'
        "  - it's\n"
        '  - say "hi"\n'
        '  - "ends: "\n'
        '  - "a #b"\n'
        "  - a#b:c\n"
        "is_open: true\n"
        'empty: ""\n'
        '"on": {}\n'
    )
    assert load_yaml(dump_yaml(record)) == record


AWKWARD = [
    *("NO", "on", "yes", "null", "~", "true", "False", "2025", "-1", "1e3", "12.5", ".5", "0x1f"),
    *("1_000", "12:30", "=", "<<", "-", "?", ":", "--- a", "...", "... a", "- a", "? a", ": a"),
    *(" a", "a ", "a:", "a: b", "a #b", "#a", "&a", "*a", "!a", "|", ">", "%a", "@a", "`a"),
    *("'", '"', "it's", "\\", "a\\n", 'a: "b"', 'it\'s: "x\\"', "[a]", "{a}", "a, b", ","),
    *("\n", "a\n", "a\n\n", "\na", "a\n\nb", " a\nb", "a\n  b\n", "a \nb", "a\n \nb", "a\nb "),
    *("a\r\nb", "a\tb", "\ta", "a\n\tb", "#a\nb", "---\na", "a\n...\nb\n", "|\n|"),
    *("Severniy Katpar", "Северный Катпар", "🙂", "🙂: 1", "\u2028", "a\u2029b", "\ufeffa"),
    *("\u00a0", "a\u00a0", "\ufffe", "\U0010ffff", "é" * 3000, "x " * 3000),
]


@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_come_back(text: str) -> None:
    nested: list[Value] = [[text], {"b": text, "c": 1}, text]
    records: list[Value] = [text, [text], {"a": text}, {"a": nested, "d": nested}]
    if len(text) <= MAX_KEY_LENGTH:
        records.append({"first": {text: {text: 1}}, text: [text]})
    for record in records:
        assert load_yaml(dump_yaml(record)) == record


permitted_texts = st.one_of(
    st.sampled_from(AWKWARD),
    st.text(alphabet="aN1 -:#'\"\\\n,[]{}.é", max_size=12),
    st.text(
        alphabet=st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\r\t"),
        max_size=30,
    ),
)
records = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(-1e15, 1e15)
    | permitted_texts,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            permitted_texts.filter(lambda key: len(key) <= MAX_KEY_LENGTH), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@settings(max_examples=500, deadline=None)
@given(records)
@example(5e-324)
@example(-0.0)
@example([[[]], {"a": {}}])
def test_every_record_comes_back(record: Value) -> None:
    text = dump_yaml(record)
    assert load_yaml(text) == record
    assert dump_yaml(load_yaml(text)) == text
    assert load_json(json.dumps(record)) == record


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (70.0, "70"),
        (12.5, "12.5"),
        (1_100_000_000, "1100000000"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (1e15, "1000000000000000"),
        (-0.5, "-0.5"),
    ],
)
def test_numbers_in_shortest_form(number: float, written: str) -> None:
    assert dump_yaml(number) == written + "\n"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"a": object()}, "holds a object"),
        ({"a": (1, 2)}, "holds a tuple"),
        ({1: "a"}, "not a text: 1"),
        ({"a": math.nan}, "out of range"),
        ([math.inf], "out of range"),
        (2**63, "out of range"),
        (1e30, "out of range"),
        ("\x00", "U+0000"),
        ({"a": "\ud800"}, "U+D800"),
        ({"k" * 101: 1}, "longer than 100"),
    ],
)
def test_writes_nothing_that_it_could_not_read(record: Any, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason.replace("+", r"\+")):
        dump_yaml(record)


def test_a_loop_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(DocumentError, match="20 levels"):
        dump_yaml(loop)


def test_speed_of_the_whole_data_set() -> None:
    """457 documents of 3 kB: read within 1.5 s, written within 5 ms each."""
    source = {"url": "https://example.org/" + "x" * 60, "title": "A headline, of usual length"}
    record: Value = {
        "key": "kz-cove-tungsten",
        "summary": "A sentence or two about a deal. " * 10,
        "parties": [{"company": "cove", "role": "operator", "stake_percent": 70}] * 6,
        "sources": [{"ref": "s1", **source, "published_on": "2025-11-06", "note": None}] * 10,
    }
    began = time.process_time()
    texts = [dump_yaml(record) for _ in range(457)]
    written = time.process_time()
    assert len(texts[0]) > 2500
    assert all(load_yaml(text) == record for text in texts)
    assert time.process_time() - written < 1.5
    assert (written - began) / 457 < 0.005
