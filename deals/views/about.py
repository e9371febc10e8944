"""To be written."""

from django.http import HttpRequest, HttpResponse


def about(request: HttpRequest) -> HttpResponse:
    return HttpResponse("about")
