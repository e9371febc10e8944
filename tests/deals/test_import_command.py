"""`manage.py import_deals`: all of it or nothing, and every problem named at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection

from config.lib.documents import dump_yaml
from deals.models import Deal, DealLink, Edition, ReviewState
from deals.publishing import keys_with_unpublished_edits, withdraw
from deals.renaming import rename_key
from tests.deals.records import (
    COVE_DEAL,
    DFC,
    Document,
    a_line,
    a_record,
    a_reviewer,
    a_source,
    a_value,
    an_event,
    published,
    written,
)

pytestmark = pytest.mark.django_db


def import_deals(*paths: object, **options: Any) -> str:
    """What the command prints."""
    out = io.StringIO()
    call_command("import_deals", *map(str, paths), verbosity=0, stdout=out, **options)
    return out.getvalue()


def refused(*paths: object, **options: Any) -> list[str]:
    """The problems that it prints while it refuses."""
    errors = io.StringIO()
    with pytest.raises(CommandError, match="^Nothing was imported: "):
        import_deals(*paths, stderr=errors, **options)
    return errors.getvalue().splitlines()


def rows() -> dict[str, int]:
    """The number of rows in every table, the audit's too."""
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    assert counts["deals_edition"] > 400
    return counts


def contents() -> tuple[dict[str, int], object, object]:
    return (
        rows(),
        list(Deal.objects.values_list().order_by("pk")),
        list(Edition.objects.values_list("pk", "period", "counts_toward_total").order_by("pk")),
    )


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Writes a document to a file of its own name in a folder, and returns the file."""

    def save(document: Document, *, name: str = "") -> Path:
        file = tmp_path / (name or f"{document['key']}.yaml")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dump_yaml(document), encoding="utf-8")
        return file

    return save


# -- It works -------------------------------------------------------------------------------------


def test_a_new_deal_becomes_a_draft(save: Callable[..., Path]) -> None:
    said = import_deals(save(a_record()))

    assert said == "1 new, 0 changed, 0 unchanged; left as drafts\n"
    deal = Deal.objects.get(key="zz-test-deal")
    assert deal.review_state == ReviewState.DRAFT
    assert not deal.editions.exists()


def test_a_reviewer_publishes_at_once(save: Callable[..., Path]) -> None:
    said = import_deals(save(a_record()), publish=True, by=a_reviewer().username)

    edition = Edition.objects.current().get(key="zz-test-deal")
    assert said == "1 new, 0 changed, 0 unchanged; published: 1\n"
    assert edition.number == 1
    assert edition.published_by and edition.published_by.username == "rosa"
    assert edition.deal.review_state == ReviewState.APPROVED


def test_the_deals_of_an_import_may_link_to_one_another_in_any_order(
    save: Callable[..., Path], tmp_path: Path
) -> None:
    save(a_record(key="zz-a", links=[{"type": "part_of", "deal": "zz-b"}]))
    save(a_record(key="zz-b", links=[{"type": "follows", "deal": "zz-a"}]), name="sub/zz-b.yml")

    import_deals(tmp_path, publish=True, by=a_reviewer().username)

    assert DealLink.objects.filter(deal__key__startswith="zz-").count() == 2


def test_a_part_and_its_whole_can_change_places(
    save: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the two are written in different batches."""
    monkeypatch.setattr("deals.importing.WRITE_BATCH", 1)
    written(a_record(key="zz-a"), a_record(key="zz-b"))
    import_deals(
        save(a_record(key="zz-b", links=[{"type": "part_of", "deal": "zz-a"}])),
        replace_drafts=True,
    )

    save(a_record(key="zz-a", links=[{"type": "part_of", "deal": "zz-b"}]))
    save(a_record(key="zz-b"))
    import_deals(tmp_path, replace_drafts=True)

    assert [str(link.target.key) for link in DealLink.objects.filter(deal__key="zz-a")] == ["zz-b"]


def test_what_says_the_same_as_the_current_edition_changes_nothing() -> None:
    before = contents()

    said = import_deals("fixtures/deals", publish=True, by=a_reviewer().username)

    assert said.startswith("0 new, 0 changed, 457 unchanged;")
    after = contents()
    assert after[1:] == before[1:]
    assert {table for table in before[0] if after[0][table] != before[0][table]} == {"auth_user"}


def test_a_published_change_is_a_new_edition_of_that_deal_alone(
    save: Callable[..., Path],
) -> None:
    reviewer = a_reviewer()
    import_deals(save(a_record()), publish=True, by=reviewer.username)
    others = Edition.objects.exclude(key="zz-test-deal").count()

    said = import_deals(save(a_record(title="Another title")), publish=True, by=reviewer.username)

    assert said == "0 new, 1 changed, 0 unchanged; published: 1\n"
    assert [edition.number for edition in Edition.objects.filter(key="zz-test-deal")] == [2, 1]
    assert Edition.objects.exclude(key="zz-test-deal").count() == others


def test_lines_of_json_come_through_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b"\n".join(orjson.dumps(a_record(key=key)) for key in ("zz-a", "zz-b"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines)))

    assert import_deals("-").startswith("2 new")


def test_detail_documents_of_the_api_are_imported(tmp_path: Path) -> None:
    edition = Edition.objects.current().select_related("document").get(key=COVE_DEAL)
    file = tmp_path / "cove.json"
    file.write_text(edition.document.detail_text, encoding="utf-8")

    assert import_deals(file).startswith("0 new, 0 changed, 1 unchanged")


def test_a_dry_run_says_what_would_be_and_writes_nothing(save: Callable[..., Path]) -> None:
    file = save(a_record())
    reviewer = a_reviewer()
    before = contents()

    said = import_deals(file, dry_run=True, publish=True, by=reviewer.username)

    assert said == "1 new, 0 changed, 0 unchanged; would be published: 1\n"
    assert contents() == before


# -- Conflicts with colleagues' work --------------------------------------------------------------


def test_unpublished_edits_are_not_overwritten_unless_that_is_wanted(
    save: Callable[..., Path],
) -> None:
    published(a_record())
    Deal.objects.filter(key="zz-test-deal").update(summary="A colleague is at work here.")
    file = save(a_record(title="From a file"))
    before = contents()

    (problem,) = refused(file)

    assert problem.startswith(f"{file}: the deal “zz-test-deal” has unpublished edits")
    assert "--replace-drafts" in problem
    assert contents() == before
    assert import_deals(file, replace_drafts=True).startswith("0 new, 1 changed")
    assert Deal.objects.get(key="zz-test-deal").summary == a_record()["summary"]


def test_a_draft_that_was_never_published_is_a_conflict_too(save: Callable[..., Path]) -> None:
    written(a_record())

    (problem,) = refused(save(a_record(title="From a file")))

    assert "unpublished edits" in problem


def test_spaces_and_line_breaks_from_a_form_are_no_edits(save: Callable[..., Path]) -> None:
    (edition,) = published(a_record(summary="One.\nTwo."))
    Deal.objects.filter(pk=edition.deal_id).update(
        summary="One.\r\nTwo. ", title="A deal for tests "
    )

    assert keys_with_unpublished_edits([Deal.objects.get(pk=edition.deal_id)]) == set()
    assert import_deals(save(a_record(title="New"))).startswith("0 new, 1 changed")


def test_a_withdrawn_deal_is_published_again_by_an_import(save: Callable[..., Path]) -> None:
    (edition,) = published(a_record())
    withdraw(edition.deal, by=None, reason="Not yet")

    import_deals(save(a_record()), publish=True, by=a_reviewer().username)

    assert Edition.objects.current().get(key="zz-test-deal").number == 3


def test_a_former_key_is_refused_and_the_present_one_named(save: Callable[..., Path]) -> None:
    (edition,) = published(a_record())
    rename_key(edition.deal, "zz-renamed", by=None)

    (problem,) = refused(save(a_record()))

    assert "was renamed: use “zz-renamed”" in problem


# -- Who may publish ------------------------------------------------------------------------------


def test_publishing_needs_a_person(save: Callable[..., Path]) -> None:
    with pytest.raises(CommandError, match="--publish needs --by USER"):
        import_deals(save(a_record()), publish=True)


def test_publishing_needs_a_person_who_exists(save: Callable[..., Path]) -> None:
    with pytest.raises(CommandError, match="no user “nobody”"):
        import_deals(save(a_record()), publish=True, by="nobody")


def test_publishing_needs_a_person_who_may(save: Callable[..., Path]) -> None:
    get_user_model()._default_manager.create_user("edda", is_staff=True)

    with pytest.raises(CommandError, match="“edda” may not publish"):
        import_deals(save(a_record()), publish=True, by="edda")


def test_a_person_without_publishing_is_a_mistake(save: Callable[..., Path]) -> None:
    with pytest.raises(CommandError, match="add --publish"):
        import_deals(save(a_record()), by=a_reviewer().username)


# -- A folder of broken documents -----------------------------------------------------------------

ROLE = {"role": "lender", "company": DFC}
BROKEN: dict[str, tuple[Document | bytes, str]] = {
    "bad-code.yaml": (a_record(key="bad-code", kind="offtak"), "kind: “offtak” is no known code"),
    "bad-date.yaml": (a_record(key="bad-date", signed_on="2025-13"), "signed_on: “2025-13”"),
    "plain-date.yaml": (
        dump_yaml(a_record(key="plain-date")).replace("“", "").encode()
        + b"closed_on: 6 Nov 2025\n",
        "closed_on: “6 Nov 2025” is no date",
    ),
    "negative.yaml": (
        a_record(key="negative", financing=[a_line(usd=-900_000_000)]),
        "financing[0].amount: -900000000 is not above 0",
    ),
    "low-above-high.yaml": (
        a_record(key="low-above-high", value=a_value(low=7, high=5)),
        "value: low 7 is above high 5",
    ),
    "stake.yaml": (
        a_record(key="stake", parties=[{"ref": "p1", "stake_percent": 120, **ROLE}]),
        "parties[0].stake_percent: 120 is not between 0 and 100",
    ),
    "no-source.yaml": (a_record(key="no-source", sources=[]), "sources: a published deal needs"),
    "no-host.yaml": (
        a_record(key="no-host", countries=[{"country": "NO", "role": "partner"}]),
        "countries: a published deal needs a host",
    ),
    "unknown-source.yaml": (
        a_record(key="unknown-source", milestones=[{"ref": "m1", "note": "x", "source": "s7"}]),
        "milestones[0].source: “s7” is the ref of no source",
    ),
    "unknown-company.yaml": (
        a_record(
            key="unknown-company",
            parties=[{"ref": "p1", "company": "tau-ken-samruc", "role": "seller"}],
        ),
        "parties[0].company: “tau-ken-samruc” is no known company: did you mean “tau-ken-samruk”?",
    ),
    "unknown-country.yaml": (
        a_record(key="unknown-country", countries=[{"country": "UK", "role": "host"}]),
        "countries[0].country: “UK” is no known country",
    ),
    "unknown-link.yaml": (
        a_record(key="unknown-link", links=[{"type": "follows", "deal": COVE_DEAL[:-1]}]),
        f"did you mean “{COVE_DEAL}”?",
    ),
    "unknown-key.yaml": (
        a_record(key="unknown-key", value_usd=5),
        "value_usd: is no key of a record",
    ),
    "within-circle.yaml": (
        a_record(
            key="within-circle",
            financing=[a_line(ref="f1", within="f2"), a_line(ref="f2", within="f1")],
        ),
        "financing[0].within: the lines lie within each other in a circle",
    ),
    "no-events.yaml": (
        a_record(key="no-events", financing=[a_line() | {"events": []}]),
        "financing[0].events: needs at least one entry",
    ),
    "twice-ref.yaml": (
        a_record(key="twice-ref", sources=[a_source(), a_source(url="https://example.org/2")]),
        "sources.ref: “s1” stands 2 times",
    ),
    "circle-1.yaml": (
        a_record(key="circle-1", links=[{"type": "part_of", "deal": "circle-2"}]),
        "links: “circle-1” would be part of itself, in a circle",
    ),
    "circle-2.yaml": (
        a_record(key="circle-2", links=[{"type": "part_of", "deal": "circle-1"}]),
        "links: “circle-2” would be part of itself, in a circle",
    ),
    "yes.yaml": (
        dump_yaml(a_record(key="yes")).encode() + b"minerals_unspecified: yes\n",
        "minerals_unspecified: “yes” is wrong: it must be true or false",
    ),
    "text-number.json": (
        orjson.dumps(a_record(key="text-number", value=a_value(low="5"))),
        "value.low: “5” is wrong: it must be a number",
    ),
    "same-key-a.yaml": (a_record(key="same-key"), ""),
    "same-key-b.yaml": (a_record(key="same-key"), "key: “same-key” stands in "),
    "double-key.yaml": (b"key: a\nkey: b\n", "gives the key “key” twice"),
    "not-utf-8.yaml": ("title: Müller\n".encode("latin-1"), "is not UTF-8"),
    "empty.yaml": (b"", "is empty"),
    "null.yaml": (b"null\n", "a record is a mapping"),
    "list.yaml": (b"- key: a\n", "a record is a mapping"),
    "nul.yaml": (b"title: a\x00b\n", "contains the control character U+0000"),
    "deep.yaml": (b"[" * 5000 + b"]" * 5000, "is nested more than"),
    "deep.json": (b"[" * 500 + b"]" * 500, "is nested more than"),
    "junk.yaml": (b"\xf0\x9f\x92\xa3" * (10 * 1024 * 1024 // 4), "is larger than 1,048,576 bytes"),
    "junk.json": (b"{" * (10 * 1024 * 1024), "is larger than 1,048,576 bytes"),
    "bomb.yaml": (
        b"a: &a [x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"%c: &%c [%s]\n" % (key, key, b", ".join([b"*%c" % (key - 1)] * 9))
            for key in b"bcdefghi"
        ),
        "defines the anchor &a",
    ),
    "alias.yaml": (b"title: *lost\n", "uses the alias *lost"),
    "tag.yaml": (b"title: !!python/object/apply:os.system [ls]\n", "has the tag"),
    "merge.yaml": (b"<<: {a: 1}\n", "uses a merge key"),
    "two.yaml": (b"key: a\n---\nkey: b\n", "holds a second document"),
    "syntax.yaml": (b"key: [a\n", "line 2"),
    "huge-number.json": (b'{"key": 1e999}', "number"),
    "lines.ndjson": (b'{"key": 5}\n\nnonsense\n', "line 3"),
}


@pytest.fixture
def broken_folder(tmp_path: Path) -> Path:
    """Every broken document, and a good one among them."""
    for name, (document, _) in BROKEN.items():
        content = document if isinstance(document, bytes) else dump_yaml(document).encode()
        (tmp_path / name).write_bytes(content)
    (tmp_path / "good.yaml").write_text(dump_yaml(a_record(key="zz-good")), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("options", [{}, {"dry_run": True}, {"publish": True, "by": "rosa"}])
def test_each_problem_of_a_folder_is_named_and_nothing_changes(
    broken_folder: Path, options: Any
) -> None:
    a_reviewer()
    before = contents()

    problems = refused(broken_folder, **options)

    assert contents() == before
    assert not Deal.objects.filter(key="zz-good").exists()
    for name, (_, words) in BROKEN.items():
        of_document = [line for line in problems if line.startswith(str(broken_folder / name))]
        if words:
            assert any(words in line for line in of_document), (name, of_document)
        else:
            assert of_document == [], name
        assert all(len(line) < 600 for line in of_document)
    assert not [line for line in problems if "good.yaml" in line]


def test_a_circle_through_the_database_is_found(save: Callable[..., Path]) -> None:
    written(a_record(key="zz-a"), a_record(key="zz-b", links=[{"type": "part_of", "deal": "zz-a"}]))
    file = save(a_record(key="zz-a", links=[{"type": "part_of", "deal": "zz-b"}]))

    (problem,) = refused(file, replace_drafts=True)

    assert problem == f"{file}: links: “zz-a” would be part of itself, in a circle"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "missing.yaml"
    (tmp_path / "empty").mkdir()
    loop = tmp_path / "loop.ndjson"
    loop.symlink_to(loop)

    problems = refused(missing, tmp_path / "empty", loop)

    assert problems[0] == f"{missing}: there is no such file or folder"
    assert "has no .yaml, .yml, .json, .ndjson file" in problems[1]
    assert problems[2].startswith(f"{loop}: ")


def test_a_financing_event_of_one_line_is_not_anothers(save: Callable[..., Path]) -> None:
    """Refs of events are stable within their line alone."""
    lines = [a_line(ref=ref, events=[an_event(status="closed", ref="e1")]) for ref in ("f1", "f2")]

    assert import_deals(save(a_record(financing=lines))).startswith("1 new")
