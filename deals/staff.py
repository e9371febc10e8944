"""What staff may do: two groups, made and brought up to date by every `migrate`.

*Editors* enter and change deals, add companies, events and projects that nobody knows yet (these
are public only once a published deal names them) and submit their work. *Reviewers* also publish,
withdraw, merge, rename and change reference data. Nobody gets a right on an edition but to look.
"""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

EDITORS = "Editors"
REVIEWERS = "Reviewers"

RECORD_MODELS = (
    *("dealcountry", "party", "financingline", "financingevent", "milestone", "dealproject"),
    *("deallink", "source", "citation", "dispute"),
)
"""What hangs on a deal and is edited with it."""

NEW_MODELS = ("company", "event", "project", "projectfigure", "reference")
"""What an editor may add on the way, but not change: it is live on save."""

EDITION_MODELS = (
    *("edition", "editiondocument", "editionline", "editionstate", "editionsource"),
    *("editionrow", "editionchange"),
)
APPS = ("countries", "minerals", "deals")


def ensure_groups(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Gives both groups exactly their permissions. Called after `migrate`."""
    if using != "default":
        return
    for label in APPS:
        # Our apps stand before auth, whose own handler has not made the permissions yet.
        create_permissions(apps.get_app_config(label), verbosity=0, using=using)
    known = Permission.objects.using(using).filter(content_type__app_label__in=APPS)
    audit = Q(content_type__model__endswith="audit")
    view = Q(codename__startswith="view_") & ~audit
    deal = Q(codename__in=["add_deal", "change_deal"])
    nested = Q(content_type__model__in=RECORD_MODELS)
    new = Q(codename__in=[f"add_{model}" for model in NEW_MODELS])
    for name, permissions in {
        EDITORS: known.filter(view | deal | nested | new),
        REVIEWERS: known.filter(view | ~audit & ~Q(content_type__model__in=EDITION_MODELS)),
    }.items():
        Group.objects.using(using).get_or_create(name=name)[0].permissions.set(permissions)
