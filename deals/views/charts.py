"""Charts as files, and as pages for other sites to frame.

The same parameters as the list of deals, checked as strictly as those of an export, and the
chart's own options; pictures also take ``theme`` (light, dark) and ``size`` (wide, narrow).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.csp import CSP
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

from config.lib.caching import public_page
from config.lib.crowding import few_at_a_time
from config.lib.paging import DEFAULT_PAGE_SIZE
from config.lib.parameters import chosen_names
from config.lib.pictures import Picture, png_of, scale_of
from config.lib.problems import InvalidParameters, ParameterProblem, answer_problems, nearest
from config.lib.stylesheets import THEMES, Theme
from config.lib.tables import stream_csv
from deals.charts.catalogue import CHARTS, Chart, draw
from deals.charts.figure import Figure
from deals.charts.files import SIZES, Size, picture_of, selection_of, table_of
from deals.filters import DealFilterSet
from deals.licence import LICENCE_URL
from deals.selecting import deals_href
from deals.views.ways import way_with

FRAMABLE: Final[dict[str, Any]] = {
    **settings.SECURE_CSP,
    "frame-ancestors": ["*"],
    "form-action": [CSP.NONE],
}
_FIXED: Final = frozenset({"ordering", "page", "page_size"})
"""Parameters of the list that a chart may depend on beside its filters."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A chart that was asked for, drawn, and how it is to look."""

    chart: Chart
    filterset: DealFilterSet
    figure: Figure | None
    theme: Theme | None
    size: Size
    site: str
    """Scheme and host that the reader came by."""

    @property
    def address(self) -> str:
        """The page that shows the chart: the selection, its view, and the chart's own choices."""
        kept = {
            name: given
            for name in (*self.chart.keeps, *(option.name for option in self.chart.options))
            if (given := self.filterset.data.get(name))
        }
        return f"{self.site}{deals_href(self.filterset, **kept, view=way_with(self.chart.name))}"

    def picture(self, *, is_png: bool = False) -> Picture:
        return picture_of(
            self.chart,
            self.figure,
            self.filterset,
            size=self.size,
            theme=self.theme or "light",
            site=self.site,
            address=self.address,
            is_png=is_png,
        )

    def headers(self, suffix: str, *, is_download: bool = True) -> dict[str, str]:
        """What is said of a file: its name and its licence."""
        name = f"lodebook-{self.chart.name}-{self.filterset.clock.day}.{suffix}"
        how = "attachment" if is_download else "inline"
        return {
            "Content-Disposition": f'{how}; filename="{name}"',
            "Link": f'<{LICENCE_URL}>; rel="license"',
        }


@answer_problems
@public_page
def chart_svg(request: HttpRequest, name: str) -> HttpResponse:
    """The picture as SVG, with all that it needs to be opened alone."""
    asked = _asked(request, name)
    picture = asked.picture()
    response = HttpResponse(
        picture.svg,
        content_type="image/svg+xml; charset=utf-8",
        headers=asked.headers("svg", is_download=False),
    )
    # Opened by itself it is a document with a style sheet of its own, which is named by its hash.
    response["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{picture.style_hash}'; frame-ancestors 'none'"
    )
    return response


@answer_problems
@public_page
@few_at_a_time
def chart_png(request: HttpRequest, name: str) -> HttpResponse:
    """The same picture as PNG, at twice its size; a long one at its own, or refused."""
    asked = _asked(request, name)
    picture = asked.picture(is_png=True)
    scale = scale_of(picture)
    if not scale:
        raise InvalidParameters([_too_long(request, picture)])
    return HttpResponse(
        png_of(picture, scale),
        content_type="image/png",
        headers=asked.headers("png", is_download=False),
    )


@answer_problems
@public_page
def chart_csv(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """The data of the chart: whole numbers and dollars, one line a row, for any spreadsheet."""
    asked = _asked(request, name)
    columns, rows = table_of(
        asked.figure, asked.filterset.clock, site=asked.site, address=asked.address
    )
    return StreamingHttpResponse(
        stream_csv(columns, rows, for_spreadsheets=True),
        content_type="text/csv; charset=utf-8",
        headers=asked.headers("csv"),
    )


def _too_long(request: HttpRequest, picture: Picture) -> ParameterProblem:
    """Only the timeline grows with a parameter: the size of its page."""
    return ParameterProblem(
        parameter="page_size",
        value=request.GET.get("page_size"),
        nearest=str(DEFAULT_PAGE_SIZE),
        detail=f"A PNG of {picture.width:,.0f} × {picture.height:,.0f} would be too large. Ask "
        f"for fewer deals, with page_size={DEFAULT_PAGE_SIZE}, or take the SVG.",
    )


def framable(view: Any) -> Any:
    """Let other sites show a view in a frame: nothing else may be framed."""

    @csp_override(FRAMABLE)
    @xframe_options_exempt
    @wraps(view)
    def framed(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return cast(HttpResponseBase, view(*args, **kwargs))

    return framed


@framable
@public_page
def chart_embed(request: HttpRequest, name: str) -> HttpResponse:
    """A page with the chart alone, for a frame; what is wrong with its address is said on it."""
    try:
        asked = _asked(request, name)
    except Http404 as error:
        return _wrong(request, [str(error)], HTTPStatus.NOT_FOUND)
    except InvalidParameters as error:
        details = [problem.detail for problem in error.problems]
        return _wrong(request, details, HTTPStatus.BAD_REQUEST)
    context = {
        "chart": asked.chart,
        "figure": asked.figure,
        "clock": asked.filterset.clock,
        "selection": selection_of(asked.filterset),
        "theme": asked.theme,
        "address": asked.address,
    }
    return render(request, "deals/chart_embed.html", context)


def _wrong(request: HttpRequest, details: list[str], status: HTTPStatus) -> HttpResponse:
    return render(request, "deals/chart_embed.html", {"problems": details}, status=status)


def _asked(request: HttpRequest, name: str) -> Asked:
    """What a request asks for. Raises Http404 and `InvalidParameters`."""
    chart = CHARTS.get(name)
    if chart is None:
        near = nearest(name, CHARTS)
        hint = f"Did you mean “{near}”?" if near else f"Choose from {', '.join(CHARTS)}."
        raise Http404(f"There is no chart “{name}”. {hint}")
    filterset = DealFilterSet(request.GET)
    own = {option.name for option in chart.options}
    filterset.raise_for_problems({*_FIXED, *own, "theme", "size"})
    theme = _one(request, "theme", THEMES)
    return Asked(
        chart=chart,
        filterset=filterset,
        figure=draw(name, filterset),
        theme=cast("Theme | None", theme),
        size=cast("Size | None", _one(request, "size", SIZES)) or "wide",
        site=request.build_absolute_uri("/").rstrip("/"),
    )


def _one(request: HttpRequest, parameter: str, choices: tuple[str, ...]) -> str | None:
    """The one value of a parameter, or None. Raises `InvalidParameters`."""
    given = chosen_names(request.GET, parameter, choices, what=f"a {parameter} of pictures")
    if len(given) > 1:
        detail = f"“{parameter}” takes one value, not {len(given)}: leave out “{given[1]}”."
        raise InvalidParameters(
            [ParameterProblem(parameter=parameter, value=given[1], detail=detail)]
        )
    return given[0] if given else None
