"""The pages that exist whatever the apps do work under the Content Security Policy."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Login


def test_staff_sign_in_to_the_admin(page: Page, site_staff: Login, complaints: list[str]) -> None:
    """The admin works under the policy, from sign-in to a form."""
    page.goto("/admin/")
    page.get_by_label("Username").fill(site_staff.username)
    page.get_by_label("Password").fill(site_staff.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()
    page.goto("/admin/auth/user/add/")
    expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    assert complaints == []
