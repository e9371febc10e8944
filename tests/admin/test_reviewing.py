"""From draft to edition through the admin: who may do what, and what each step says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client

from deals.models import Company, Deal, Edition, EditionDocument
from deals.standing import Standing
from tests.admin.articles import COVE, article, entered
from tests.admin.pages import ADD, errors_on, form_of, send

pytestmark = pytest.mark.django_db

WORD = "quibbleflax"


@pytest.fixture
def cove(db: None) -> Deal:
    return Deal.objects.get(key=COVE)


@pytest.fixture
def draft(cove: Deal) -> Deal:
    """A published deal with a change that nobody published."""
    cove.title = f"{WORD} venture"
    cove.save()
    return cove


def page(deal: Deal, name: str = "change") -> str:
    return f"/admin/deals/deal/{deal.pk}/{name}/"


def said(response: object) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))  # type: ignore[attr-defined]


def publish(client: Client, deal: Deal) -> object:
    """Opens the page that asks, and presses its button."""
    return client.post(page(deal, "publish"), form_of(client.get(page(deal, "publish"))))


def test_an_editor_submits_and_a_reviewer_publishes(as_editor: Client, as_reviewer: Client) -> None:
    response = send(as_editor, ADD, article(as_editor), button="_submit")
    assert response.status_code == 302, errors_on(response)
    deal = Deal.objects.get(key="kz-testov-tungsten")
    assert deal.review_state == "submitted"
    listed = as_reviewer.get("/admin/deals/deal/?review_state__exact=submitted").content.decode()
    assert deal.title in listed
    answer = publish(as_reviewer, deal)
    assert "Readers see edition 1" in said(answer)
    deal.refresh_from_db()
    assert deal.review_state == "approved"
    edition = Edition.objects.current().get(deal=deal)
    assert edition.published_by is not None
    assert edition.published_by.username == "grace"
    assert Client().get("/deals/kz-testov-tungsten/").status_code == 200


def test_a_change_makes_a_deal_a_draft_and_is_shown(as_editor: Client, cove: Deal) -> None:
    data = form_of(as_editor.get(page(cove)))
    response = as_editor.post(page(cove), data | {"title": WORD, "_continue": "1"}, follow=True)
    text = response.content.decode()
    assert "Draft" in text
    assert "1 difference from edition 1" in text
    assert f"<ins>{WORD}</ins>" in text


@pytest.mark.parametrize("name", ["publish", "withdraw", "rename"])
def test_an_editor_may_not(as_editor: Client, draft: Deal, name: str) -> None:
    assert as_editor.get(page(draft, name)).status_code == 403
    answer = as_editor.post(page(draft, name), {"digest": "x", "reason": "x", "key": "x"})
    assert answer.status_code == 403
    assert Edition.objects.filter(deal=draft).count() == 1
    shown = as_editor.get(page(draft)).content.decode()
    assert 'name="_publish"' not in shown
    assert 'name="_submit"' in shown


@pytest.mark.parametrize("action", ["publish_deals", "withdraw_deals"])
def test_an_editor_has_no_such_action(as_editor: Client, draft: Deal, action: str) -> None:
    data = {"action": action, "_selected_action": [draft.pk], "confirmed": "1", "reason": "x"}
    as_editor.post("/admin/deals/deal/", data)
    assert Edition.objects.filter(deal=draft).count() == 1


def test_obstacles_are_shown_at_once_with_links(as_reviewer: Client, draft: Deal) -> None:
    draft.sources.all().delete()
    draft.deal_countries.all().delete()
    line = draft.financing_lines.get(ref="f1")
    line.events.all().delete()
    text = as_reviewer.get(page(draft, "publish")).content.decode()
    for anchor in ("sources-group", "deal_countries-group", "financing_lines-0"):
        assert f'href="{page(draft)}#{anchor}"' in text
    assert 'value="Publish"' not in text
    change = as_reviewer.get(page(draft)).content.decode()
    for anchor in ("sources-group", "deal_countries-group", "financing_lines-0"):
        assert f'id="{anchor}"' in change
    standing = Standing.of(draft)
    answer = as_reviewer.post(page(draft, "publish"), {"digest": standing.digest})
    assert "at least one source" in said(answer)
    assert "host country or bloc" in said(answer)
    assert Edition.objects.filter(deal=draft).count() == 1


def test_only_what_was_looked_at_is_published(as_reviewer: Client, draft: Deal) -> None:
    data = form_of(as_reviewer.get(page(draft, "publish")))
    draft.summary = "Changed while the reviewer read."
    draft.save()
    answer = as_reviewer.post(page(draft, "publish"), data)
    assert "changed after you opened this page" in said(answer)
    assert Edition.objects.filter(deal=draft).count() == 1


def test_several_deals_are_published_or_none(as_reviewer: Client, draft: Deal) -> None:
    other = Deal.objects.exclude(pk=draft.pk)[0]
    other.sources.all().delete()
    data = {"action": "publish_deals", "_selected_action": [draft.pk, other.pk]}
    answer = as_reviewer.post("/admin/deals/deal/", data)
    assert f"{other.key}: sources" in said(answer)
    assert Edition.objects.filter(deal=draft).count() == 1
    data["_selected_action"] = [draft.pk]
    as_reviewer.post("/admin/deals/deal/", data)
    assert Edition.objects.filter(deal=draft).count() == 2


def test_withdrawing_asks_for_a_reason(as_reviewer: Client, cove: Deal) -> None:
    assert "form" in as_reviewer.get(page(cove, "withdraw")).content.decode()
    refused = as_reviewer.post(page(cove, "withdraw"), {"reason": " "})
    assert "This field is required" in errors_on(refused)
    as_reviewer.post(page(cove, "withdraw"), {"reason": "The source retracted it."})
    gone = Client().get(f"/deals/{COVE}/")
    assert gone.status_code == 410
    assert "The source retracted it." in gone.content.decode()
    again = as_reviewer.post(page(cove, "withdraw"), {"reason": "Twice."})
    assert "not published" in said(again)


def test_several_deals_are_withdrawn_after_a_confirmation(as_reviewer: Client, cove: Deal) -> None:
    data = {"action": "withdraw_deals", "_selected_action": [str(cove.pk)]}
    asked = as_reviewer.post("/admin/deals/deal/", data)
    assert Edition.objects.current().filter(deal=cove).exists()
    as_reviewer.post("/admin/deals/deal/", form_of(asked) | {"reason": "A slip."})
    assert not Edition.objects.current().filter(deal=cove).exists()


def test_a_renamed_deal_is_found_under_both_keys(as_reviewer: Client, cove: Deal) -> None:
    other = Deal.objects.exclude(pk=cove.pk)[0].key
    for wrong, words in ((COVE, "its key already"), (other, "another deal"), ("A b", "slug")):
        answer = as_reviewer.post(page(cove, "rename"), {"key": wrong})
        assert words in errors_on(answer)
    as_reviewer.post(page(cove, "rename"), {"key": "kz-cove-renamed"})
    assert Client().get("/deals/kz-cove-renamed/").status_code == 200
    moved = Client().get(f"/deals/{COVE}/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/deals/kz-cove-renamed/")
    answer = as_reviewer.post(page(Deal.objects.get(key=other), "rename"), {"key": COVE})
    assert "a former key of kz-cove-renamed" in errors_on(answer)


def test_a_preview_is_for_staff_alone(as_editor: Client, draft: Deal) -> None:
    response = as_editor.get(page(draft, "preview"))
    text = response.content.decode()
    assert f"{WORD} venture" in text
    assert "Draft preview" in text
    assert "strip-draft" in text
    assert {"private", "no-store"} <= set(re.split(r",\s*", response.headers["Cache-Control"]))
    assert Edition.objects.filter(deal=draft).count() == 1
    assert Client().get(page(draft, "preview")).status_code == 302
    assert WORD not in Client().get(f"/deals/{COVE}/").content.decode()


def test_a_draft_that_lacks_its_sources_can_still_be_previewed(
    as_editor: Client, draft: Deal
) -> None:
    draft.sources.all().delete()
    draft.deal_countries.all().delete()
    assert "Draft preview" in as_editor.get(page(draft, "preview")).content.decode()


def test_a_draft_that_no_page_can_show_says_why(as_editor: Client, draft: Deal) -> None:
    draft.financing_lines.get(ref="f1").events.all().delete()
    text = as_editor.get(page(draft, "preview")).content.decode()
    assert "financing[0].events" in text


def test_a_deal_that_was_published_is_not_deleted(as_reviewer: Client, cove: Deal) -> None:
    assert as_reviewer.post(page(cove, "delete"), {"post": "yes"}).status_code == 403
    assert Deal.objects.filter(pk=cove.pk).exists()


def test_a_draft_that_nobody_saw_can_be_deleted(as_editor: Client, as_reviewer: Client) -> None:
    deal = entered(as_editor, article(as_editor))
    assert as_editor.post(page(deal, "delete"), {"post": "yes"}).status_code == 403
    as_reviewer.post(page(deal, "delete"), {"post": "yes"})
    assert not Deal.objects.filter(pk=deal.pk).exists()


def test_the_history_says_who_changed_what(as_editor: Client, cove: Deal) -> None:
    before = cove.title
    data = form_of(as_editor.get(page(cove)))
    as_editor.post(page(cove), data | {"title": WORD, "_continue": "1"})
    text = as_editor.get(page(cove, "history")).content.decode()
    assert "UTC</time>, ada" in text
    assert re.search(rf"Title</th><td>{re.escape(before)}</td><td>{WORD}</td>", text)
    assert "a command or an import" in text


def test_editions_are_looked_at_and_not_edited(as_reviewer: Client, cove: Deal) -> None:
    edition = Edition.objects.get(deal=cove)
    address = f"/admin/deals/edition/{edition.pk}/change/"
    assert as_reviewer.get(address).status_code == 200
    assert as_reviewer.post(address, {"title": WORD}).status_code == 403
    assert as_reviewer.get("/admin/deals/edition/add/").status_code == 403
    delete = as_reviewer.post(f"/admin/deals/edition/{edition.pk}/delete/", {"post": "yes"})
    assert delete.status_code == 403


def test_a_new_name_is_offered_to_the_published_deals(as_reviewer: Client, cove: Deal) -> None:
    company = Company.objects.get(slug="cove-kaz-capital-group-llc")
    address = f"/admin/deals/company/{company.pk}/"
    data = form_of(as_reviewer.get(f"{address}change/"))
    saved = as_reviewer.post(f"{address}change/", data | {"name": "Cove Anew", "_continue": "1"})
    assert "still say the old name" in said(saved)
    assert f"{address}refresh/" in said(saved)
    assert "Cove Anew" not in EditionDocument.objects.get(edition__deal=cove).detail_text
    assert cove.title.split(" –")[0] in as_reviewer.get(f"{address}refresh/").content.decode()
    as_reviewer.post(f"{address}refresh/")
    current = Edition.objects.current().get(deal=cove)
    assert "Cove Anew" in EditionDocument.objects.get(edition=current).detail_text


def test_companies_are_merged(as_reviewer: Client, cove: Deal) -> None:
    old = Company.objects.get(slug="cove-kaz-capital-group-llc")
    into = Company.objects.create(slug="cove-anew", name="Cove Anew", type="company")
    address = f"/admin/deals/company/{old.pk}/merge/"
    assert as_reviewer.get(address).status_code == 200
    assert "cannot be merged into itself" in errors_on(as_reviewer.post(address, {"into": old.pk}))
    as_reviewer.post(address, {"into": into.pk})
    assert "cove-anew" in Edition.objects.current().get(deal=cove).companies


@pytest.mark.parametrize("name", ["merge", "refresh"])
def test_an_editor_neither_merges_nor_refreshes(as_editor: Client, name: str) -> None:
    pk = Company.objects.values_list("pk", flat=True)[0]
    assert as_editor.post(f"/admin/deals/company/{pk}/{name}/", {}).status_code == 403


def test_who_may_only_look_sees_the_deal(cove: Deal, signed_in: Callable[[User], Client]) -> None:
    from django.contrib.auth.models import Permission

    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(
        *Permission.objects.filter(codename__startswith="view_", content_type__app_label="deals")
    )
    client = signed_in(reader)
    response = client.get(page(cove))
    assert response.status_code == 200
    assert 'name="_continue"' not in response.content.decode()
    assert client.post(page(cove), {"title": WORD}).status_code == 403


@pytest.mark.parametrize(
    "name", ["publish", "withdraw", "rename", "submit", "preview", "history", "change"]
)
def test_a_deal_that_is_not_there(as_reviewer: Client, name: str) -> None:
    answer = as_reviewer.get(f"/admin/deals/deal/999999/{name}/", follow=True)
    assert answer.status_code == 200
    assert "999999" in answer.content.decode()
