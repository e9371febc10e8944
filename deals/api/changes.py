"""The change feed: every publication, refreshed name, withdrawal and removal, in order."""

from __future__ import annotations

import re
from typing import Any, Final

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from config.lib.api import PublicView, refuse_other_parameters
from config.lib.paging import MAX_PAGE_SIZE, read_paging
from config.lib.problems import InvalidParameters, ParameterProblem
from deals.api.deals import edition_url
from deals.api.shapes import Changes
from deals.codes import Cause
from deals.models import Edition

_WHOLE_NUMBER = re.compile(r"[0-9]{1,15}")
_TAKEN: Final = frozenset({"since", "page_size"})


class ChangesView(PublicView):
    """Editions by their order of publication, which has no gaps and never changes."""

    extra_parameters = _TAKEN

    @extend_schema(
        operation_id="changes_list",
        summary="Changes",
        description=(
            "What was published after the change with the number `since`, oldest first. Keep "
            "`latest`, or the `seq` of the last one read, and ask with it next time: nothing is "
            "left out and nothing given twice."
        ),
        parameters=[
            OpenApiParameter("since", int, default=0, description="Number of the last one known."),
            OpenApiParameter(
                "page_size", int, description=f"Changes in one answer, at most {MAX_PAGE_SIZE}."
            ),
        ],
        responses=Changes,
    )
    def get(self, request: Request) -> Response:
        refuse_other_parameters(request.query_params, _TAKEN)
        since = _since(request.query_params)
        _, size = read_paging(request.query_params)
        editions = Edition.objects.filter(seq__gt=since)
        count = editions.count()
        rows = list(
            editions.order_by("seq").only(
                "seq", "key", "title", "number", "cause", "reason", "published_at"
            )[:size]
        )
        last = rows[-1].seq if rows else since
        return Response(
            {
                "count": count,
                "next": self._next(request, last) if count > len(rows) else None,
                "previous": None,
                "latest": last,
                "results": [_change(request, edition) for edition in rows],
            }
        )

    def _next(self, request: Request, last: int) -> str:
        query = request.query_params.copy()
        query["since"] = str(last)
        return f"{request.build_absolute_uri(request.path)}?{query.urlencode()}"


def _since(query: QueryDict) -> int:
    text = query.get("since", "") or "0"
    if _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    raise InvalidParameters(
        [
            ParameterProblem(
                parameter="since",
                value=text,
                nearest="0",
                detail="Give the number of the last change you know, or 0 for all.",
            )
        ]
    )


def _change(request: Request, edition: Edition) -> dict[str, Any]:
    is_readable = edition.cause not in Cause.hidden()
    return {
        "seq": edition.seq,
        "key": edition.key,
        "title": edition.title,
        "edition": edition.number,
        "cause": edition.cause,
        "reason": edition.reason,
        "published_at": edition.published_at,
        "url": edition_url(request, edition) if is_readable else None,
    }
