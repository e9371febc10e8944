"""A database of an earlier version holds, once it is migrated, what one filled today holds."""

from __future__ import annotations

from importlib import import_module

import orjson
import pytest
from django.apps import apps
from django.db import connection

from deals.models import EditionDocument

pytestmark = pytest.mark.django_db


def test_stored_summaries_learn_who_gives_the_money() -> None:
    wanted = dict(EditionDocument.objects.values_list("pk", "summary_text"))
    assert any(orjson.loads(text)["providers"] for text in wanted.values())
    documents = list(EditionDocument.objects.all())
    for document in documents:
        summary = orjson.loads(document.summary_text)
        del summary["providers"]
        document.summary_text = orjson.dumps(summary).decode()
    EditionDocument.objects.bulk_update(documents, ["summary_text"])

    migration = import_module("deals.migrations.0005_providers_in_summaries")
    with connection.schema_editor() as editor:
        migration.name_providers(apps, editor)

    assert dict(EditionDocument.objects.values_list("pk", "summary_text")) == wanted
