"""Text as HTML."""

import html

from hypothesis import given
from hypothesis import strategies as st

from config.lib.markup import escape


@given(st.text(alphabet="ab&<>\"'é– ;"))
def test_it_escapes_as_pythons_own_does(text: str) -> None:
    assert escape(text) == html.escape(text)
