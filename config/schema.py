"""The API's OpenAPI schema, made once for each state of the database: its code lists are there."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request

from config.lib.api import refuse_other_parameters
from config.lib.caching import database_version, public_page


class SchemaView(SpectacularAPIView):
    """The schema as YAML or JSON. Making it takes most of a second, so the last one is kept."""

    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The schema in the form that the reader accepts."""
        refuse_other_parameters(request.query_params, ())
        renderer: Any = request.accepted_renderer
        return HttpResponse(
            written(renderer.format, database_version()),
            content_type=renderer.media_type,
            headers={"Content-Disposition": f'inline; filename="lodebook-api.{renderer.format}"'},
        )


@lru_cache(maxsize=2)  # one for each form
def written(form: str, version: tuple[str, str]) -> bytes:
    """The schema as "yaml" or "json"; `version` is the database's, which fills its code lists."""
    generator: Any = SchemaGenerator
    renderer = OpenApiJsonRenderer() if form == "json" else OpenApiYamlRenderer()
    schema = generator().get_schema(request=None, public=True)
    content: bytes = renderer.render(schema, renderer_context={})
    return content


schema = public_page(SchemaView.as_view())
