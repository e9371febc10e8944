"""What the code promises about itself: who imports whom, how things are named, what is said."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel

from config.lib.imprecise import ImpreciseDateField
from deals.dossier import Record
from tests.deals.records import COVE_DEAL, Document, published

ROOT: Path = settings.BASE_DIR
APPS = ("countries", "minerals", "deals")
NOT_OURS = {
    *(".git", ".venv", ".uv", ".lodebook", ".mypy_cache", ".ruff_cache", ".pytest_cache"),
    *("__pycache__", "staticfiles", "screenshots", "test-results", ".hypothesis", "uv.lock"),
}


def files(*suffixes: str) -> list[Path]:
    """The files of the repository, or those with one of the suffixes."""
    return [
        path
        for path in sorted(ROOT.rglob("*"))
        if path.is_file()
        and not NOT_OURS & set(path.relative_to(ROOT).parts)
        and (not suffixes or path.suffix in suffixes)
    ]


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
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
            text = path.read_text(encoding="utf-8")
            wrong += [f"{name}: {module}" for module in above if module in text]

    assert wrong == []


# -- How things are named and called --------------------------------------------------------------

FRAMEWORK = {
    # Signatures of Django's admin, which passes these by place.
    *("save_model", "save_related", "get_form"),
}


def flags_by_place(path: Path) -> Iterator[str]:
    """Boolean parameters that a caller may pass without naming them."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None:
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
            text = path.read_text(encoding="utf-8")
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
        if word in path.read_text(encoding="utf-8")
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
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }

    assert long == {}


# -- Every field of a record is shown -------------------------------------------------------------

PROBE: Document = {
    "key": "zz-probe",
    "title": "Probetitle",
    "summary": "Probesummary.",
    "kind": "joint_venture",
    "also_kinds": ["offtake"],
    "status": "suspended",
    "stage": "permitting",
    "announced_on": "2019-01-02",
    "signed_on": "2019-03-04",
    "closed_on": "2019-05-06",
    "value": {
        "low": 111e6,
        "high": 222e6,
        "currency": "NOK",
        "basis": "total_investment",
        "note": "Valuenote",
    },
    "countries": [{"country": "NO", "role": "host"}, {"bloc": "msp", "role": "third_party"}],
    "minerals": ["tungsten"],
    "minerals_unspecified": True,
    "supply_chain_stages": ["recycling"],
    "event": "c51-washington-2025",
    "parties": [
        {
            "ref": "p1",
            "company": "tau-ken-samruk",
            "role": "claimant",
            "stake_percent": 12.5,
            "note": "Partynote",
        }
    ],
    "financing": [
        {
            "ref": "f1",
            "providers": ["export-import-bank-of-the-united-states"],
            "instrument": "convertible",
            "amount": 333e6,
            "currency": "SEK",
            "events": [{"ref": "e1", "status": "conditional"}],
        },
        {
            "ref": "f2",
            "providers": ["export-import-bank-of-the-united-states"],
            "instrument": "loan",
            "within": "f1",
            "note": "Linenote",
            "events": [
                {
                    "ref": "e1",
                    "status": "disbursed",
                    "happened_on": "2019-07-08",
                    "note": "Stepnote",
                    "source": "s1",
                }
            ],
        },
    ],
    "terms": ["Probeterm"],
    "milestones": [
        {
            "ref": "m1",
            "happened_on": "2019-09-10",
            "status": "expired",
            "stage": "commissioning",
            "note": "Milestonenote",
            "source": "s1",
        }
    ],
    "projects": [{"project": "northern-katpar", "note": "Projectnote"}],
    "links": [{"type": "supersedes", "deal": COVE_DEAL}],
    "sources": [
        {
            "ref": "s1",
            "url": "https://probe.example.org/page",
            "publisher": "Probepublisher",
            "title": "Probesourcetitle",
            "published_on": "2019-11-12",
            "retrieved_on": "2020-01-02",
            "language": "kk",
            "kind": "mirror",
            "origin": "Probeorigin",
        }
    ],
    "citations": [
        {
            "ref": "c1",
            "source": "s1",
            "fact": "volume",
            "item": "p1",
            "locator": "Probelocator",
            "quote": "Probequote",
            "stated": "Probestated",
        }
    ],
    "disputes": [
        {
            "ref": "d1",
            "fact": "location",
            "note": "Disputenote",
            "status": "resolved",
            "resolution": "Disputeresolution",
        }
    ],
    "confidence": "medium",
    "verified_on": "2020-03-04",
    "note": "Probecaveat",
}

SHOWN_AS: dict[str, str] = {
    "key": "zz-probe",
    "title": "Probetitle",
    "summary": "Probesummary.",
    "kind": "Joint venture",
    "also_kinds": "offtake",
    "status": "Suspended",
    "stage": "Permitting",
    "announced_on": "2 Jan 2019",
    "signed_on": "4 Mar 2019",
    "closed_on": "6 May 2019",
    "value.low": "111",
    "value.high": "222",
    "value.currency": "NOK",
    "value.basis": "total investment",
    "value.note": "Valuenote",
    "countries.country": "Norway",
    "countries.bloc": "Minerals Security Partnership",
    "countries.role": "Third party",
    "minerals": "Tungsten",
    "minerals_unspecified": "and others, not specified",
    "supply_chain_stages": "Recycling",
    "event": "C5+1",
    "parties.company": "Tau-Ken Samruk",
    "parties.role": "Claimant",
    "parties.stake_percent": "12.5",
    "parties.note": "Partynote",
    "financing.providers": "Export-Import Bank of the United States",
    "financing.instrument": "convertible",
    "financing.amount": "333",
    "financing.currency": "SEK",
    "financing.within": "part of the line of",
    "financing.note": "Linenote",
    "financing.events.status": "Disbursed",
    "financing.events.happened_on": "8 Jul 2019",
    "financing.events.note": "Stepnote",
    "financing.events.source": "Linenote source 1",
    "terms": "Probeterm",
    "milestones.happened_on": "10 Sep 2019",
    "milestones.status": "Expired",
    "milestones.stage": "commissioning",
    "milestones.note": "Milestonenote",
    "milestones.source": "Milestonenote. source 1",
    "projects.project": "Northern Katpar",
    "projects.note": "Projectnote",
    "links.type": "Replaced by this deal",
    "links.deal": "Cove",
    "sources.url": "https://probe.example.org/page",
    "sources.publisher": "Probepublisher",
    "sources.title": "Probesourcetitle",
    "sources.published_on": "12 Nov 2019",
    "sources.retrieved_on": "2 Jan 2020",
    "sources.language": "in kk",
    "sources.kind": "mirror",
    "sources.origin": "Probeorigin",
    "citations.source": "Probepublisher source 1",
    "citations.fact": "Volume",
    "citations.item": "Tau-Ken Samruk",
    "citations.locator": "Probelocator",
    "citations.quote": "Probequote",
    "citations.stated": "Probestated",
    "disputes.fact": "Place",
    "disputes.note": "Disputenote",
    "disputes.status": "Settled",
    "disputes.resolution": "Disputeresolution",
    "confidence": "Medium",
    "verified_on": "4 Mar 2020",
    "note": "Probecaveat",
}
"""Path in a record → how a reader finds it on the page of the deal."""

EXEMPT = {
    # Names of items within a record, for editors and other programs: the API has them.
    *(f"{items}.ref" for items in ("parties", "financing", "financing.events", "milestones")),
    *(f"{items}.ref" for items in ("sources", "citations", "disputes")),
}


def leaves(model: type[BaseModel], path: str = "") -> Iterator[str]:
    """The path of every plain field of a record."""
    for name, column in model.model_fields.items():
        here = f"{path}.{name}" if path else name
        inner = [kind for kind in kinds_in(column.annotation) if issubclass(kind, BaseModel)]
        if inner:
            yield from leaves(inner[0], here)
        else:
            yield here


def kinds_in(annotation: Any) -> Iterator[type]:
    """The classes within a type such as ``list[Place] | None``."""
    if isinstance(annotation, type):
        yield annotation
    for part in get_args(annotation):
        yield from kinds_in(part)


def values_at(document: Any, path: str) -> Iterator[object]:
    """What a document says at a path, in each item of a list."""
    name, _, rest = path.partition(".")
    for item in document if isinstance(document, list) else [document]:
        if name in item:
            if rest:
                yield from values_at(item[name], rest)
            else:
                yield item[name]


def test_every_field_of_a_record_has_a_probe() -> None:
    """A new field fails here until it says below how readers see it, or why they do not."""
    paths = set(leaves(Record))

    assert paths == SHOWN_AS.keys() | EXEMPT
    assert [path for path in paths if not list(values_at(PROBE, path))] == []


def test_every_field_of_a_record_stands_on_the_deals_page(db: None) -> None:
    published(PROBE)

    page = Client().get(reverse("deals:detail", args=["zz-probe"])).content.decode()

    body = page[page.index("<main") : page.index("</main>")]
    text = html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))
    links = " ".join(re.findall(r'(?:href|title|aria-label|id|content)="([^"]*)"', page))
    missing = [
        path
        for path, words in SHOWN_AS.items()
        if words not in text and words not in html.unescape(links)
    ]
    assert missing == []
