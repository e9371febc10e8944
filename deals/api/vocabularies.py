"""Every code list with its labels, definitions and origin."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.api import PublicView, refuse_other_parameters
from config.lib.codes import Vocabulary
from deals.api.shapes import Vocabularies, VocabularyShape
from deals.labels import vocabularies


class VocabularyViewSet(PublicView, viewsets.ViewSet):
    """The words that records are made of."""

    extra_parameters = ()
    lookup_field = "name"
    lookup_value_regex = "[a-z_]+"

    @extend_schema(summary="Code lists", responses=Vocabularies)
    def list(self, request: Request) -> Response:
        refuse_other_parameters(request.query_params, ())
        results = [_vocabulary(one) for one in vocabularies().values()]
        return Response({"count": len(results), "next": None, "previous": None, "results": results})

    @extend_schema(summary="One code list", responses=VocabularyShape)
    def retrieve(self, request: Request, name: str) -> Response:
        refuse_other_parameters(request.query_params, ())
        found = vocabularies().get(name)
        if found is None:
            raise Http404(f"There is no code list “{name}”.")
        return Response(_vocabulary(found))


def _vocabulary(vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "name": vocabulary.name,
        "title": vocabulary.title,
        "origin": vocabulary.origin,
        "codes": vocabulary.as_rows(),
    }
