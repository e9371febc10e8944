"""New names on their way into the editions that name a company."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deals", "0006_edition_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Renaming",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("old_name", models.CharField(help_text="Name that readers saw.", max_length=160)),
                (
                    "new_name",
                    models.CharField(help_text="Name that they are to see.", max_length=160),
                ),
                (
                    "asked_at",
                    models.DateTimeField(auto_now_add=True, help_text="When it was asked for."),
                ),
                (
                    "finished_at",
                    models.DateTimeField(help_text="When it was finished, or stopped.", null=True),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waits"),
                            ("running", "Under way"),
                            ("finished", "Finished"),
                            ("failed", "Stopped"),
                        ],
                        default="waiting",
                        help_text="Where it stands.",
                        max_length=10,
                    ),
                ),
                (
                    "total",
                    models.PositiveIntegerField(help_text="Published deals that name the company."),
                ),
                (
                    "done",
                    models.PositiveIntegerField(default=0, help_text="Deals that were looked at."),
                ),
                (
                    "after_seq",
                    models.BigIntegerField(
                        default=0,
                        help_text="The last edition that was looked at, in the order of publication.",
                    ),
                ),
                (
                    "until_seq",
                    models.BigIntegerField(
                        help_text="The last edition there was when it began; later ones say the new name.",
                        null=True,
                    ),
                ),
                (
                    "failure",
                    models.TextField(blank=True, help_text="Why it stopped, and what to do."),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who asked for it. Never public.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "company",
                    models.ForeignKey(
                        help_text="The company whose names changed; after a merge, the one that stays.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renamings",
                        to="deals.company",
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("company",),
                        name="renaming_waits_once",
                        violation_error_message="A renaming of this company waits already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("total"))),
                        name="renaming_done_in_total",
                    ),
                ],
            },
        ),
    ]
