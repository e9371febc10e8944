"""What the deal page refuses: each mistake is named with the way out, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from deals.models import (
    Citation,
    Company,
    Deal,
    DealLink,
    FinancingEvent,
    FinancingLine,
    Milestone,
    Source,
)
from tests.admin.articles import COVE, article, company, entered, least
from tests.admin.pages import ADD, add_rows, errors_on, form_of, send

pytestmark = pytest.mark.django_db

SOURCE = {"url": "https://example.org/a", "publisher": "Paper", "title": "A"}


def rows(prefix: str, *rows: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    return lambda data: add_rows(data, prefix, *rows)


def fields(**values: Any) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.update(values)


@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (fields(title=""), "This field is required"),
        (fields(key="Not A Key"), "slug"),
        (fields(key=COVE), "already exists"),
        (fields(announced_on="2025-13"), "“2025-13” is no day of the calendar"),
        (fields(signed_on="2026", closed_on="2025"), "cannot close before it is signed"),
        (fields(value_low="5"), "A value needs low and high"),
        (fields(value_currency="USD"), "A value needs low and high"),
        (
            fields(value_low="5", value_high="4", value_currency="USD", value_basis="loan"),
            "A value needs low and high",
        ),
        (fields(kind="loan", also_kinds=["loan"]), "main kind stands among the other kinds"),
        (fields(terms="one\ntwo\none"), "“one” stands twice"),
        (rows("sources", SOURCE, SOURCE), "“https://example.org/a” stands in two rows"),
        (rows("sources", SOURCE | {"url": "ftp://example.org/a"}), "is no web address"),
        (rows("sources", SOURCE | {"language": "English"}), "is no language code"),
        (
            rows("sources", SOURCE | {"ref": "s7"}, SOURCE | {"url": "https://b.org", "ref": "s7"}),
            "“s7” stands in two rows",
        ),
        (rows("sources", SOURCE | {"ref": "7"}), "“7” is no ref"),
        (rows("milestones", {"note": "News", "source_ref": "s9"}), "“s9” is the ref of no source"),
        (rows("citations", {"source_ref": "s1", "fact": "value"}), "There are: none yet"),
        (rows("citations", {"source_ref": "", "fact": "value"}), "This field is required"),
        (rows("financing_events", {"line_ref": "f3", "status": "closed"}), "“f3” is the ref of no"),
        (
            rows("deal_countries", {"country": "KZ", "role": "host"}, {"country": "KZ",
                 "role": "partner"}),
            "stands in two rows",
        ),
        (rows("deal_countries", {"role": "host"}), "Choose either a country or a bloc"),
        (
            rows("disputes", {"fact": "value", "note": "?", "status": "resolved"}),
            "A resolved dispute needs a reason",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_named(
    as_editor: Client, mistake: Callable[[dict[str, Any]], None], words: str
) -> None:
    data = least(as_editor)
    mistake(data)
    response = send(as_editor, ADD, data)
    assert response.status_code == 200
    assert words in errors_on(response)
    assert not Deal.objects.filter(key="zz-test").exists()
    kept = form_of(response)
    for name, value in data.items():
        if "FORMS" not in name and value not in ("", [""]) and "csrf" not in name:
            # "ref" of a new row may be given out meanwhile; whatever was typed stays.
            assert kept.get(name) == (value if isinstance(value, list) else [value]), name


def test_a_stake_above_a_hundred_is_named(as_editor: Client) -> None:
    data = least(as_editor)
    party = {"company": company("tau-ken-samruk"), "role": "partner"}
    add_rows(data, "parties", party | {"stake_percent": "101"})
    assert "between 0 and 100" in errors_on(send(as_editor, ADD, data))
    add_rows(data, "parties", party | {"stake_percent": "7"}, party)
    assert "stands in two rows" in errors_on(send(as_editor, ADD, data))


def test_money_must_be_whole(as_editor: Client) -> None:
    data = least(as_editor)
    line: dict[str, Any] = {"providers": [company("tau-ken-samruk")], "instrument": "loan"}
    for wrong in ({"amount": "5"}, {"amount": "-5", "currency": "USD"}, {"currency": "USD"}):
        add_rows(data, "financing_lines", line | {"amount": "", "currency": ""} | wrong)
        assert "An amount lies above 0" in errors_on(send(as_editor, ADD, data))
    add_rows(data, "financing_lines", line | {"amount": "", "currency": "", "within_ref": "f1"})
    assert "f1 would lie within itself" in errors_on(send(as_editor, ADD, data))
    circle = [line | {"within_ref": "f2", "amount": ""}, line | {"within_ref": "f1", "amount": ""}]
    add_rows(data, "financing_lines", *circle)
    assert "would lie within itself" in errors_on(send(as_editor, ADD, data))


def test_all_mistakes_are_told_at_once(as_editor: Client) -> None:
    data = least(as_editor, title="", announced_on="soon")
    add_rows(data, "milestones", {"note": "", "happened_on": "2026", "source_ref": "s4"})
    told = errors_on(send(as_editor, ADD, data))
    assert "“soon” is no date" in told
    assert "“s4” is the ref of no source" in told
    assert told.count("This field is required") == 2


def test_each_mistake_is_listed_at_the_top_with_a_link(as_editor: Client) -> None:
    data = least(as_editor, signed_on="2026-13")
    add_rows(data, "milestones", {"note": "News", "source_ref": "s4"})
    text = send(as_editor, ADD, data).content.decode()
    assert '<li><a href="#id_signed_on">Signed on</a>: “2026-13” is no day' in text
    assert '<li><a href="#id_milestones-0-source_ref">Milestone m1, Source</a>: “s4”' in text


def change_address(deal: Deal) -> str:
    return f"/admin/deals/deal/{deal.pk}/change/"


def row_of(data: dict[str, Any], prefix: str, pk: int) -> str:
    """The prefix of the row that holds the record ``pk``."""
    for name, value in data.items():
        if name.startswith(f"{prefix}-") and name.endswith("-id") and value == [str(pk)]:
            return name.removesuffix("-id")
    raise AssertionError(f"{prefix} has no row {pk}")


def test_a_source_that_is_named_cannot_go_alone(as_editor: Client) -> None:
    deal = entered(as_editor, article(as_editor))
    data: dict[str, Any] = form_of(as_editor.get(change_address(deal)))
    source = Source.objects.get(deal=deal, ref="s2")
    data[f"{row_of(data, 'sources', source.pk)}-DELETE"] = "on"
    response = send(as_editor, change_address(deal), data)
    assert "“s2” is the ref of no source that stays on this page" in errors_on(response)
    assert Source.objects.filter(pk=source.pk).exists()


def test_a_source_goes_with_its_citations(as_editor: Client) -> None:
    deal = entered(as_editor, article(as_editor))
    Milestone.objects.filter(deal=deal).update(source=None)
    FinancingEvent.objects.filter(line__deal=deal).update(source=None)
    data: dict[str, Any] = form_of(as_editor.get(change_address(deal)))
    source = Source.objects.get(deal=deal, ref="s2")
    data[f"{row_of(data, 'sources', source.pk)}-DELETE"] = "on"
    add_rows(data, "sources", SOURCE | {"url": "https://example.org/new"})
    response = send(as_editor, change_address(deal), data)
    assert response.status_code == 302, errors_on(response)
    assert list(Citation.objects.filter(deal=deal).values_list("ref", flat=True)) == ["c1"]
    refs = Source.objects.filter(deal=deal).values_list("ref", flat=True)
    assert list(refs) == ["s1", "s3"]


def test_a_line_goes_with_its_steps(as_editor: Client) -> None:
    deal = entered(as_editor, article(as_editor))
    data: dict[str, Any] = form_of(as_editor.get(change_address(deal)))
    line = FinancingLine.objects.get(deal=deal, ref="f2")
    data[f"{row_of(data, 'financing_lines', line.pk)}-DELETE"] = "on"
    response = send(as_editor, change_address(deal), data)
    assert response.status_code == 302, errors_on(response)
    assert FinancingLine.objects.get(deal=deal).ref == "f1"
    assert FinancingEvent.objects.filter(line__deal=deal).count() == 2


def test_refs_of_the_published_edition_are_not_given_again(as_editor: Client) -> None:
    deal = Deal.objects.get(key=COVE)
    Citation.objects.get(deal=deal, ref="c24").delete()
    data: dict[str, Any] = form_of(as_editor.get(change_address(deal)))
    add_rows(data, "citations", {"source_ref": "s1", "fact": "dates"})
    response = send(as_editor, change_address(deal), data)
    assert response.status_code == 302, errors_on(response)
    assert Citation.objects.filter(deal=deal, ref="c25", fact="dates").exists()


def test_a_save_over_somebody_elses_is_refused_once(as_editor: Client) -> None:
    deal = Deal.objects.get(key=COVE)
    data: dict[str, Any] = form_of(as_editor.get(change_address(deal)))
    deal.title = "Saved meanwhile"
    deal.save()
    data["title"] = "Mine"
    response = send(as_editor, change_address(deal), data)
    assert "saved by someone else" in errors_on(response)
    deal.refresh_from_db()
    assert deal.title == "Saved meanwhile"
    again = send(as_editor, change_address(deal), form_of(response))
    assert again.status_code == 302, errors_on(again)
    deal.refresh_from_db()
    assert deal.title == "Mine"


def test_what_only_the_database_refuses_is_told_and_kept(as_editor: Client) -> None:
    deal = Deal.objects.get(key=COVE)
    data: dict[str, Any] = form_of(as_editor.get(change_address(deal)))
    data["title"] = "Mine"

    def refuse(self: DealLink, *args: Any, **kwargs: Any) -> None:
        connection.cursor().execute("INSERT INTO deals_deallink (deal_id) VALUES (NULL)")

    add_rows(
        data, "links", {"type": "follows", "target": str(Deal.objects.exclude(pk=deal.pk)[0].pk)}
    )
    with patch.object(DealLink, "save", refuse):
        response = send(as_editor, change_address(deal), data)
    assert response.status_code == 200
    assert "Nothing was saved" in errors_on(response)
    assert form_of(response)["title"] == ["Mine"]
    deal.refresh_from_db()
    assert deal.title != "Mine"


def test_a_circle_of_parts_is_refused(as_editor: Client) -> None:
    one, other = Deal.objects.order_by("key")[:2]
    DealLink.objects.filter(deal__in=[one, other]).delete()
    DealLink.objects.create(deal=other, target=one, type="part_of")
    data: dict[str, Any] = form_of(as_editor.get(change_address(one)))
    add_rows(data, "links", {"type": "part_of", "target": str(other.pk)})
    assert "that would be a circle" in errors_on(send(as_editor, change_address(one), data))


def test_an_editor_adds_a_company_but_changes_none(as_editor: Client) -> None:
    assert as_editor.get("/admin/deals/company/add/").status_code == 200
    known = Company.objects.all()[0]
    address = f"/admin/deals/company/{known.pk}/change/"
    assert as_editor.post(address, {"name": "Other"}).status_code == 403


def test_a_stranger_and_a_guest_see_nothing(db: None, signed_in: Callable[[User], Client]) -> None:
    for client in (Client(), signed_in(User.objects.create_user("guest"))):
        response = client.get(ADD)
        assert response.status_code == 302
        assert response.headers["Location"].startswith("/admin/login/")
