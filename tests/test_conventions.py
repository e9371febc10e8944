"""What the code promises about itself: who imports whom, how things are named, what is said."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from config.lib.imprecise import ImpreciseDateField

ROOT: Path = settings.BASE_DIR
APPS = ("countries", "minerals", "deals")
NOT_OURS = {
    *(".git", ".venv", ".uv", ".lodebook", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
    *("__pycache__", "staticfiles", "screenshots", "test-results", ".hypothesis", "uv.lock"),
}


def files(*suffixes: str) -> list[Path]:
    """The files of the repository, or those with one of the suffixes."""
    return [path for path in _all_files() if not suffixes or path.suffix in suffixes]


@cache
def _all_files() -> list[Path]:
    found = []
    for folder, folders, names in ROOT.walk():
        folders[:] = [name for name in folders if name not in NOT_OURS]
        found += [folder / name for name in names if name not in NOT_OURS]
    return sorted(path for path in found if path.is_file())


@cache
def text_of(path: Path) -> str:
    """What a file says. Raises UnicodeDecodeError where it is no text."""
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# -- Who imports whom -----------------------------------------------------------------------------

# A module may import from the packages on the right, by the longest name on the left that is its.
MAY_IMPORT = {
    "config": ("config",),
    "config/lib": ("config.lib",),
    "config/urls.py": ("config", *APPS),
    "config/api.py": ("config", *APPS),
    "countries": ("config.lib", "countries"),
    "minerals": ("config.lib", "countries", "minerals"),
    "deals": ("config.lib", *APPS),
}


def imports_of(path: Path) -> Iterator[str]:
    """Modules of ours that a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(text_of(path))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports by a relative path"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        yield from (name for name in names if name.split(".")[0] in {"config", "tests", *APPS})


def test_imports_run_one_way() -> None:
    wrong = []
    for path in files(".py"):
        name = name_of(path)
        owners = [owner for owner in MAY_IMPORT if name == owner or name.startswith(f"{owner}/")]
        if not owners:
            continue
        allowed = MAY_IMPORT[max(owners, key=len)]
        wrong += [
            f"{name} imports {module}"
            for module in imports_of(path)
            if not any(f"{module}.".startswith(f"{package}.") for package in allowed)
        ]

    assert wrong == []


def test_models_know_nothing_of_views_and_the_api() -> None:
    above = ("rest_framework", "deals.views", "deals.api", "deals.admin", "deals.filters")
    wrong = []
    for path in files(".py"):
        name = name_of(path)
        if name.startswith("deals/models/") or name.endswith("/models.py"):
            text = text_of(path)
            wrong += [f"{name}: {module}" for module in above if module in text]

    assert wrong == []


# -- How things are named and called --------------------------------------------------------------

FRAMEWORK = {
    # Signatures of Django's admin, which passes these by place.
    *("save_model", "save_related", "get_form"),
}


def flags_by_place(path: Path) -> Iterator[str]:
    """Boolean parameters that a caller may pass without naming them."""
    for node in ast.walk(ast.parse(text_of(path))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        by_place = [*node.args.posonlyargs, *node.args.args]
        missing = [None] * (len(by_place) - len(node.args.defaults))
        for argument, default in zip(by_place, [*missing, *node.args.defaults], strict=True):
            is_flag = isinstance(default, ast.Constant) and isinstance(default.value, bool)
            is_flag |= (
                isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool"
            )
            # A value that is looked at is no switch.
            if is_flag and node.name not in FRAMEWORK and argument.arg != "value":
                yield f"{node.name}({argument.arg})"


def test_booleans_are_passed_by_name() -> None:
    found = {
        f"{name_of(path)}: {flag}"
        for path in files(".py")
        if name_of(path).split("/")[0] in {"config", *APPS} and "migrations" not in path.parts
        for flag in flags_by_place(path)
    }

    assert found == set()


OUR_MODELS = [
    model
    for app in APPS
    for model in apps.get_app_config(app).get_models()
    if not model._meta.proxy and not model.__name__.endswith("Audit")
]


def our_fields() -> Iterator[tuple[str, Any]]:
    for model in OUR_MODELS:
        for column in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            yield f"{model.__name__}.{column.name}", column


PERIODS = {"since", "until"}
"""Names of the ends of a period, beside those in ``_on``."""


def test_names_of_columns_end_in_their_unit() -> None:
    wrong = []
    for name, column in our_fields():
        own = column.name
        match column:
            case models.DateTimeField():
                right = own.endswith("_at")
            case models.DateField() | ImpreciseDateField():
                right = own.endswith("_on") or own in PERIODS or own == "covered_until"
            case models.BooleanField():
                right = own.startswith(("is_", "can_", "counts_")) or own == "minerals_unspecified"
            case models.DecimalField() if "percent" in column.help_text.lower():
                right = own.endswith("percent")
            case models.DecimalField() if "US dollars" in column.help_text:
                right = "usd" in own.split("_")
            case _:
                right = not own.endswith(("_on", "_at", "_percent"))
        if not right:
            wrong.append(name)

    assert wrong == []


def test_every_column_says_what_it_holds() -> None:
    silent = [
        name
        for name, column in our_fields()
        if not column.primary_key and not column.help_text and not column.auto_created
    ]
    unfinished = [
        name
        for name, column in our_fields()
        if column.help_text and not str(column.help_text).endswith(".")
    ]

    assert silent == []
    assert unfinished == []


def test_every_module_class_and_public_function_says_what_it_is() -> None:
    """Modules and classes always; functions where name and types do not say it are reviewed."""
    silent = []
    for path in files(".py"):
        name = name_of(path)
        if "migrations" in path.parts or path.name in {"__init__.py", "manage.py"}:
            continue
        if ast.get_docstring(ast.parse(text_of(path))) is None:
            silent.append(name)

    assert silent == []


# -- What no file holds ---------------------------------------------------------------------------

# In parts, so that this file does not hold them itself.
FORBIDDEN = {
    "the host of a package registry": "|".join(
        rf"\b{host}\.{domain}\b"
        for host, domain in (
            *(("py" + "pi", "org"), ("test\\.py" + "pi", "org"), ("python" + "hosted", "org")),
            *(("np" + "mjs", "(?:org|com)"), ("yarn" + "pkg", "com"), ("crates", "i" + "o")),
            *(("ruby" + "gems", "org"), ("proxy\\.go" + "lang", "org")),
        )
    ),
    "a path of one machine": r"(?<![\w.])/(?:ro" + "ot|ho" + r"me|wo" + r"rk)/\w",
    "an unfinished thought": "TO" + "DO|FIX" + "ME|XX" + "X:",
    "an unexplained exception from types": r"#\s*type:\s*ignore\s*(?:$|[^\[\s])",
    "an unexplained exception from lint": r"#\s*no" + r"qa\s*(?:$|[^:\s])",
    "a conflict of merging": "^(?:<{7}|>{7}) ",
}
EXPECTED_HITS = {
    # Sentences of other people's programs.
    "an unfinished thought": {"config/static/vendor"},
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.MULTILINE)
    found = []
    looked_at = 0
    for path in files():
        name = name_of(path)
        if any(name.startswith(folder) for folder in EXPECTED_HITS.get(what, ())):
            continue
        try:
            text = text_of(path)
        except UnicodeDecodeError:
            continue
        looked_at += 1
        found += [f"{name}: {match[0]}" for match in pattern.finditer(text)]

    assert found == []
    assert looked_at > 600


def test_no_test_sleeps_or_is_skipped() -> None:
    """What needs a browser or LibreOffice alone skips where there is none; it says the way out."""
    may_skip = ("tests/browser/conftest.py", "tests/deals/test_spreadsheets.py")
    words = ("time.sle" + "ep(", "mark.sk" + "ip", "pytest.sk" + "ip", "mark.xf" + "ail")
    found = [
        f"{name_of(path)}: {word}"
        for path in files(".py")
        if name_of(path).startswith("tests/") and name_of(path) not in may_skip
        for word in words
        if word in text_of(path)
    ]

    assert found == []


def test_files_stay_readable() -> None:
    """Split by 500 lines; migrations and vendored files are written by programs."""
    long = {
        name_of(path): lines
        for path in files(".py", ".html")
        if name_of(path).split("/")[0] in {"config", *APPS}
        and "migrations" not in path.parts
        and "vendor" not in path.parts
        and (lines := len(text_of(path).splitlines())) > 500
    }

    assert long == {}
