"""Code lists in the API."""

from __future__ import annotations

import pytest

from deals.api.shapes import Vocabularies, VocabularyShape
from deals.codes import Status
from deals.labels import vocabularies
from tests.api.answers import ask_in_shape, names_refused, refused

pytestmark = pytest.mark.django_db


def test_every_code_list_with_its_definitions_and_origin() -> None:
    answer = ask_in_shape(Vocabularies, "vocabularies/")
    assert [one["name"] for one in answer["results"]] == list(vocabularies())
    for one in answer["results"]:
        assert one["title"]
        assert one["origin"]
        assert all(code["label"] and code["definition"] for code in one["codes"])


def test_one_code_list() -> None:
    answer = ask_in_shape(VocabularyShape, "vocabularies/status/")
    assert [code["code"] for code in answer["codes"]] == Status.values


def test_refusals() -> None:
    assert "nope" in refused("vocabularies/nope/", status=404)["detail"]
    assert names_refused("vocabularies/", page=1).keys() == {"page"}
    assert names_refused("vocabularies/status/", lang="kk").keys() == {"lang"}
