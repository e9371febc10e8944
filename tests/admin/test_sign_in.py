"""Signing in: wrong passwords are counted, and after too many of them none is right for a while."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from config.auth import MISTAKES_ALLOWED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def sign_in(username: str, password: str, *, address: str = "192.0.2.1") -> bool:
    data = {"username": username, "password": password}
    response = Client(REMOTE_ADDR=address).post("/admin/login/?next=/admin/", data)
    return response.status_code == 302


def test_after_many_wrong_passwords_the_right_one_waits(editor: User) -> None:
    for _ in range(MISTAKES_ALLOWED):
        assert not sign_in("ada", "guess")
    assert not sign_in("ada", "open sesame 42")
    assert sign_in("ada", "open sesame 42", address="192.0.2.2")


def test_a_right_password_forgives_the_wrong_ones(editor: User) -> None:
    for _ in range(2):
        for _ in range(MISTAKES_ALLOWED - 1):
            assert not sign_in("ada", "guess")
        assert sign_in("ada", "open sesame 42")


def test_who_is_no_staff_is_not_let_in(db: None) -> None:
    User.objects.create_user("reader", password="open sesame 42")
    assert not sign_in("reader", "open sesame 42")
