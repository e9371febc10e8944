"""Citations of an edition: text, BibTeX, RIS and CSL-JSON that programs read."""

from __future__ import annotations

import datetime
import json
import re

import pytest
from django.test import Client

from deals.models import Deal
from deals.presenting.citation import Citation
from deals.publishing import withdraw
from tests.deals.pages import links_in
from tests.deals.records import COVE_DEAL, a_record, published

DAY = datetime.date(2026, 11, 21)
EDITION = f"/deals/{COVE_DEAL}/editions/1/"
CSL_FIELDS = {
    *("id", "type", "title", "author", "publisher", "issued", "version", "URL", "note"),
}
"""Those of the CSL-JSON schema that are used; their forms are checked below."""


def a_citation(*, title: str = "Two firms sign", on: datetime.date | None = None) -> Citation:
    url = "https://lodebook.example/deals/zz-deal/editions/2/"
    return Citation("zz-deal", 2, title, DAY, url, on)


def bibtex_fields(entry: str) -> dict[str, str]:
    """The fields of one entry, whose braces are checked to close."""
    match = re.fullmatch(r"@misc\{([\w-]+),\n(.*)\n\}\n", entry, re.DOTALL)
    assert match, entry
    fields = {}
    for line in match[2].splitlines():
        found = re.fullmatch(r"  (\w+) += \{(.*)\},", line)
        assert found, line
        plain = re.sub(r"\\[{}]", "", found[2])
        assert plain.count("{") == plain.count("}")
        fields[found[1]] = found[2]
    return fields


def test_text_names_edition_day_address_and_licence() -> None:
    assert a_citation().text == (
        "Lodebook, “Two firms sign”, edition 2, published 21 Nov 2026. "
        "https://lodebook.example/deals/zz-deal/editions/2/ (CC BY 4.0)"
    )


def test_a_past_day_of_the_world_is_named_in_every_form() -> None:
    citation = a_citation(on=datetime.date(2025, 12, 1))

    for written in (citation.text, citation.bibtex, citation.ris, citation.csl):
        assert "s the world stood on 1 Dec 2025" in written


def test_bibtex_keeps_what_tex_would_read_otherwise() -> None:
    fields = bibtex_fields(a_citation(title="50% of A&B_C {X} costs $1 #2 ~^ \\ – Türkiye").bibtex)

    assert fields["title"] == (
        r"{50\% of A\&B\_C \{X\} costs \$1 \#2 \textasciitilde{}\textasciicircum{} "
        r"\textbackslash{} – Türkiye}"
    )
    assert (fields["author"], fields["year"], fields["date"]) == (
        "{Lodebook}",
        "2026",
        "2026-11-21",
    )


def test_ris_is_tagged_lines_from_type_to_end() -> None:
    lines = a_citation(title="Two\nlines").ris.split("\r\n")

    assert lines[0] == "TY  - DATA"
    assert lines[-2:] == ["ER  - ", ""]
    assert "TI  - Two lines" in lines
    assert "DA  - 2026/11/21" in lines
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])


def test_csl_has_the_fields_of_its_schema() -> None:
    [item] = json.loads(a_citation().csl)

    assert set(item) == CSL_FIELDS
    assert item["type"] == "dataset"
    assert item["author"] == [{"literal": "Lodebook"}]
    assert item["issued"] == {"date-parts": [[2026, 11, 21]]}
    assert all(isinstance(item[name], str) for name in ("id", "title", "version", "URL"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ],
)
def test_the_page_leads_to_the_files(client: Client, ending: str, media_type: str) -> None:
    path = f"{EDITION}cite.{ending}"
    assert path in links_in(client.get(f"/deals/{COVE_DEAL}/"))
    response = client.get(path)

    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == (
        f'attachment; filename="lodebook-{COVE_DEAL}-1.{ending}"'
    )
    assert f"http://testserver{EDITION}" in response.content.decode()


@pytest.mark.django_db
def test_a_file_for_a_past_day_leads_back_to_that_day(client: Client) -> None:
    response = client.get(f"{EDITION}cite.ris", {"on": "2025-12-01"})

    assert f"UR  - http://testserver{EDITION}?on=2025-12-01\r\n" in response.content.decode()
    assert client.get(f"{EDITION}cite.ris", {"on": "never"}).status_code == 400


@pytest.mark.django_db
def test_what_cannot_be_read_cannot_be_cited(client: Client) -> None:
    published(a_record())
    withdraw(Deal.objects.get(key="zz-test-deal"), by=None, reason="It never was.")

    assert client.get("/deals/zz-test-deal/editions/1/cite.bib").status_code == 200
    assert client.get("/deals/zz-test-deal/editions/2/cite.bib").status_code == 410
    assert client.get("/deals/zz-test-deal/editions/9/cite.bib").status_code == 404
    assert client.get(f"{EDITION}cite.docx").status_code == 404
