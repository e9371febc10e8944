"""Staff who sign in: an editor and a reviewer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from deals.staff import EDITORS, REVIEWERS

if TYPE_CHECKING:
    from collections.abc import Callable


def member(name: str, group: str) -> User:
    """A member of staff in ``group``."""
    user = User.objects.create_user(name, password="open sesame 42", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def editor(db: None) -> User:
    return member("ada", EDITORS)


@pytest.fixture
def reviewer(db: None) -> User:
    return member("grace", REVIEWERS)


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    """A browser in which ``user`` is signed in."""

    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of


@pytest.fixture
def as_editor(editor: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(editor)


@pytest.fixture
def as_reviewer(reviewer: User, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(reviewer)
