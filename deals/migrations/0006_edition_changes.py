"""A log of the editions that change, so that processes which hold them in memory notice."""

import django.contrib.postgres.fields
from django.db import migrations, models

TABLES = {"deals_edition": "id", "deals_editionline": "edition_id"}
# What is said of codes: which companies were merged, and what is a bloc.
NAMES = ("deals_company", "countries_bloc")
OPERATIONS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}

FUNCTION = """
CREATE FUNCTION deals_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed_ids bigint[];
BEGIN
    IF TG_ARGV[0] = 'names' THEN
        changed_ids := '{}';
    ELSIF TG_OP = 'TRUNCATE' THEN
        changed_ids := NULL;
    ELSE
        IF TG_ARGV[0] = 'id' THEN
            SELECT array_agg(id) INTO changed_ids FROM changed;
        ELSE
            SELECT array_agg(DISTINCT edition_id) INTO changed_ids FROM changed;
        END IF;
        IF changed_ids IS NULL THEN
            RETURN NULL;
        END IF;
        IF cardinality(changed_ids) > 500 THEN
            changed_ids := NULL;
        END IF;
    END IF;
    -- Whoever else is at it takes these away; nobody waits.
    DELETE FROM deals_editionchange WHERE id IN (
        SELECT id FROM deals_editionchange WHERE made_at < now() - interval '7 days'
        ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED
    );
    INSERT INTO deals_editionchange (xact, made_at, editions)
        VALUES (pg_current_xact_id()::text::bigint, clock_timestamp(), changed_ids);
    RETURN NULL;
END
$$;
"""


def triggers():
    for table, column in TABLES.items():
        for operation, rows in OPERATIONS.items():
            yield (
                f"CREATE TRIGGER log_{operation} AFTER {operation} ON {table}"
                f" REFERENCING {rows} TABLE AS changed FOR EACH STATEMENT"
                f" EXECUTE FUNCTION deals_log_change('{column}')"
            )
        yield (
            f"CREATE TRIGGER log_truncate AFTER TRUNCATE ON {table} FOR EACH STATEMENT"
            " EXECUTE FUNCTION deals_log_change('all')"
        )
    for table in NAMES:
        yield (
            f"CREATE TRIGGER log_names AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION deals_log_change('names')"
        )


def dropped():
    for table in TABLES:
        for operation in (*OPERATIONS, "truncate"):
            yield f"DROP TRIGGER log_{operation} ON {table}"
    for table in NAMES:
        yield f"DROP TRIGGER log_names ON {table}"


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0005_providers_in_summaries"),
        ("countries", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="EditionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "xact",
                    models.BigIntegerField(db_index=True, help_text="Number of its transaction."),
                ),
                ("made_at", models.DateTimeField(db_index=True, help_text="When.")),
                (
                    "editions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        help_text=(
                            "Ids of the editions; none for names; null: too many to be listed."
                        ),
                        null=True,
                        size=None,
                    ),
                ),
            ],
        ),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION deals_log_change()"),
        migrations.RunSQL(list(triggers()), list(dropped())),
    ]
