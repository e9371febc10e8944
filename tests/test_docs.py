"""The documents say what is true: files exist, commands exist, addresses answer."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.http import QueryDict
from django.test import Client

from config.settings import __doc__ as settings_table
from deals.filters import DealFilterSet
from tests.environment import VARIABLES

ROOT: Path = settings.BASE_DIR
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += [ROOT / "fixtures" / "README.md", ROOT / "config" / "static" / "flags" / "README.md"]
README, CONTRIBUTING = (path.read_text() for path in DOCUMENTS[:2])
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINKED = re.compile(r"\]\(([^)\s]+)\)")
INLINE = re.compile(r"`([^`\n]+)`")
APPS = ("config", "countries", "minerals", "deals")


def commands_in(text: str) -> list[list[str]]:
    """The command lines of all shell blocks, as words and without comments."""
    return [
        shlex.split(line, comments=True)
        for language, block in FENCED.findall(text)
        if language == "sh"
        for line in block.replace("\\\n", " ").splitlines()
        if line.strip()
    ]


def addresses_in(text: str) -> list[str]:
    """Paths of the site that stand between backticks, without those that are only patterns."""
    return [
        found
        for found in INLINE.findall(FENCED.sub("", text))
        if re.match(r"/(?!tmp/)[a-z0-9./_-]*(\?\S*)?$", found)
    ]


def anchors_of(text: str) -> set[str]:
    """What a link may point at within a document: its headings as GitHub names them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    """To a file of the repository and, where it is a document, to one of its headings."""
    for link in LINKED.findall(document.read_text()):
        target = urlsplit(link)
        if target.scheme:
            assert target.scheme == "https", link
            continue
        file = document.parent / target.path if target.path else document
        assert file.is_file(), f"{document.name} links to {link}"
        if target.fragment:
            assert target.fragment in anchors_of(file.read_text()), link


def test_the_picture_is_small() -> None:
    """Everyone who looks at the project downloads it."""
    (picture,) = re.findall(r"^!\[[^\]]+\]\(([^)]+)\)$", README, re.MULTILINE)
    assert (ROOT / picture).stat().st_size < 200_000


def test_running_and_testing_come_first() -> None:
    """They are all that a newcomer needs."""
    assert commands_in(README)[:2] == [["./dev", "run"], ["./dev", "test"]]


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_named_commands_exist(text: str) -> None:
    """Of `./dev`, and of Django through `./dev manage` and `manage.py`."""
    known = {"help", *re.findall(r"^  (\w+) ", run_dev("help"), re.MULTILINE)}
    assert set(re.findall(r"\./dev (\w+)", text)) <= known
    named = set(re.findall(r"(?:\./dev manage|manage\.py) (\w+)", text))
    assert named and named <= {"help", *get_commands()}


def test_every_command_is_documented() -> None:
    """Each that Lodebook adds to Django's."""
    ours = {name for name, app in get_commands().items() if app in APPS}
    assert ours
    named = {word for code in INLINE.findall(README + CONTRIBUTING) for word in code.split()}
    assert ours - named == set()


def test_named_files_exist() -> None:
    """Every path between backticks in CONTRIBUTING.md, and whatever stands in a link there."""
    folders = (*APPS, "fixtures", "tests")
    for code in INLINE.findall(FENCED.sub("", CONTRIBUTING)):
        if code.startswith(tuple(f"{folder}/" for folder in folders)) and "<" not in code:
            assert (ROOT / code).exists(), f"CONTRIBUTING.md names {code}"


def test_named_functions_exist() -> None:
    """What a how-to calls by name is still called so."""
    code = "\n".join(
        path.read_text() for app in ("config", "deals") for path in (ROOT / app).rglob("*.py")
    )
    for name in re.findall(r"`(\w+)\(", CONTRIBUTING):
        assert f"def {name}(" in code, f"CONTRIBUTING.md names {name}()"


@pytest.mark.django_db
@pytest.mark.parametrize("address", addresses_in(README))
def test_addresses_answer(client: Client, address: str) -> None:
    """What the tour shows is there, and a reader is not sent on."""
    answer = client.get(address, headers={"host": "localhost"})
    sign_in = address == "/admin/"
    assert answer.status_code == (302 if sign_in else 200)


@pytest.mark.django_db
def test_examples_of_filters_are_understood() -> None:
    """A page would answer 200 to a wrong value, too. All but the one that says so find deals."""
    examples = re.findall(r"^\| `/deals/\?(\S+)` \| (.+) \|$", README, re.MULTILINE)
    assert len(examples) >= 8
    for query, words in examples:
        filterset = DealFilterSet(QueryDict(query))
        assert [*filterset.problems(), *filterset.unknown_parameters()] == [], query
        assert filterset.qs.exists() != ("none on record" in words), query


@pytest.mark.django_db
def test_the_example_of_the_api_answers_what_it_asks_for(client: Client) -> None:
    """The one for curl, and the columns that the one for pandas prints."""
    (curl,) = (words for words in commands_in(README) if words[0] == "curl")
    target = urlsplit(curl[-1])
    answer = client.get(f"{target.path}?{target.query}", headers={"host": "localhost"})
    assert answer.status_code == 200
    asked = re.search(r"fields=([\w,]+)", target.query)
    assert asked is not None
    for row in json.loads(answer.content)["results"]:
        assert list(row) == asked[1].split(",")

    (program,) = (block for language, block in FENCED.findall(README) if language == "python")
    (query,) = re.findall(r"get\(address, (\{.*?\})\)", program)
    whole = client.get(target.path, json.loads(query), headers={"host": "localhost"}).json()
    (printed,) = re.findall(r"deals\[\[(.+?)\]\]", program)
    for column in json.loads(f"[{printed}]"):
        value = whole["results"][0]
        for key in column.split("."):
            assert key in value, column
            value = value[key]


def test_settings_say_the_same_in_the_code_and_in_the_readme() -> None:
    """All of them, in both tables."""
    rows = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
    expected = VARIABLES | {"DATABASE_URL"}
    assert set(rows.findall(README)) == expected
    assert set(rows.findall(settings_table or "")) == expected


def run_dev(*arguments: str) -> str:
    """What `./dev` prints."""
    return subprocess.run(
        ["./dev", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
