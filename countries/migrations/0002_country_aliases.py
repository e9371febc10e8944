"""Other names of countries, and the function that finds records by any of their names."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# The same as config.lib.sorting.sort_key. array_to_string() is only stable for the sake of types
# whose text depends on settings; over texts its answer never changes, as an index needs.
PLAIN_NAMES = """
CREATE FUNCTION lodebook_names(name text, aliases text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(
    regexp_replace(
        normalize(array_to_string(name || coalesce(aliases, '{}'), ' | '), NFKD),
        '[\\u0300-\\u036f]', '', 'g'
    )
)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("countries", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(PLAIN_NAMES, "DROP FUNCTION lodebook_names(text, text[])"),
        pgtrigger.migrations.RemoveTrigger(
            model_name="country",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="country",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="country",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="country",
            name="aliases",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                help_text="Other and former names and short forms, such as DRC; search finds them.",
            ),
        ),
        migrations.AddField(
            model_name="countryaudit",
            name="aliases",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=100),
                blank=True,
                default=list,
                help_text="Other and former names and short forms, such as DRC; search finds them.",
            ),
        ),
        migrations.AlterField(
            model_name="country",
            name="name",
            field=models.CharField(
                help_text="Short name (Unicode CLDR; the two Congos as DR Congo and Congo (Republic)).",
                max_length=100,
                unique=True,
            ),
        ),
        migrations.AlterField(
            model_name="countryaudit",
            name="name",
            field=models.CharField(
                help_text="Short name (Unicode CLDR; the two Congos as DR Congo and Congo (Republic)).",
                max_length=100,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="country",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_countryaudit" ("aliases", "iso2", "iso3", "iso_name", "name", "numeric", "official_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sort_name", "subregion") VALUES (NEW."aliases", NEW."iso2", NEW."iso3", NEW."iso_name", NEW."name", NEW."numeric", NEW."official_name", _pgh_attach_context(), NOW(), \'insert\', NEW."iso2", NEW."region", NEW."sort_name", NEW."subregion"); RETURN NULL;',
                    hash="4c80eaea6a7c1ea4b117472c3d36f63a73def140",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_1b65e",
                    table="countries_country",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="country",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "countries_countryaudit" ("aliases", "iso2", "iso3", "iso_name", "name", "numeric", "official_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sort_name", "subregion") VALUES (NEW."aliases", NEW."iso2", NEW."iso3", NEW."iso_name", NEW."name", NEW."numeric", NEW."official_name", _pgh_attach_context(), NOW(), \'update\', NEW."iso2", NEW."region", NEW."sort_name", NEW."subregion"); RETURN NULL;',
                    hash="aaa0d462d05ece8720738f52739b6b1ed489d698",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_35a7b",
                    table="countries_country",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="country",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "countries_countryaudit" ("aliases", "iso2", "iso3", "iso_name", "name", "numeric", "official_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "region", "sort_name", "subregion") VALUES (OLD."aliases", OLD."iso2", OLD."iso3", OLD."iso_name", OLD."name", OLD."numeric", OLD."official_name", _pgh_attach_context(), NOW(), \'delete\', OLD."iso2", OLD."region", OLD."sort_name", OLD."subregion"); RETURN NULL;',
                    hash="1578c9ee1cecae1900de93e9b31d8d192123a8e1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0b57e",
                    table="countries_country",
                    when="AFTER",
                ),
            ),
        ),
    ]
