"""To be written."""

from django.http import HttpRequest, HttpResponse


def policy_list(request: HttpRequest) -> HttpResponse:
    return HttpResponse("policy_list")


def policy_detail(request: HttpRequest, key: str) -> HttpResponse:
    return HttpResponse("policy_detail")
