"""Summaries name the providers of a deal's money, also those that were stored before."""

import orjson
from django.db import migrations

BATCH = 500


def name_providers(apps, schema_editor):
    """Put ``providers`` behind ``parties``, from the record and the names kept with it."""
    documents = apps.get_model("deals", "EditionDocument")._default_manager.using(
        schema_editor.connection.alias
    )
    changed = []
    # An expunged edition has empty texts.
    for document in documents.exclude(summary_text="").iterator(chunk_size=BATCH):
        summary = orjson.loads(document.summary_text)
        if "parties" not in summary or "providers" in summary:
            continue
        companies = orjson.loads(document.names_text)["companies"]
        lines = orjson.loads(document.record_text).get("financing") or []
        providers = [
            {"slug": slug, **{name: companies[slug][name] for name in ("name", "country")}}
            for slug in dict.fromkeys(slug for line in lines for slug in line["providers"])
        ]
        named = {}
        for name, value in summary.items():
            named[name] = value
            if name == "parties":
                named["providers"] = providers
        document.summary_text = orjson.dumps(named).decode()
        changed.append(document)
        if len(changed) == BATCH:
            documents.bulk_update(changed, ["summary_text"])
            changed.clear()
    documents.bulk_update(changed, ["summary_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0004_deal_key_not_reserved_checked"),
    ]

    operations = [
        migrations.RunPython(name_providers, migrations.RunPython.noop, elidable=True),
    ]
