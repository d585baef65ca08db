"""Forms as they come in: their values, once they are known to come from our own page.

Owns the reading of forms. Every handler of a form takes a `Form` and so cannot do without the
check of its token.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Request
from litestar.datastructures import UploadFile
from litestar.exceptions import HTTPException

from regulars.edge.services import services_of
from regulars.errors import InvalidValueError, NotAllowedError
from regulars.web.context import visitor_of
from regulars.web.cookies import FORM
from regulars.web.csrf import FIELD, HEADER, is_own_token, make_token

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Form:
    """The values of a form by name, in the order in which they came, and its files."""

    def __init__(self, given: Iterable[tuple[str, Any]]) -> None:
        items = list(given)
        self._texts: Final = [(name, value) for name, value in items if isinstance(value, str)]
        self._files: Final = [
            (name, value) for name, value in items if isinstance(value, UploadFile)
        ]

    def __contains__(self, name: str) -> bool:
        return any(each == name for each, _ in self._texts)

    def text(self, name: str, default: str = "") -> str:
        """The last value of that name, without outer spaces."""
        texts = self.texts(name)
        return texts[-1] if texts else default

    def raw(self, name: str) -> str:
        """The last value of that name as it came, such as a password."""
        return next((value for each, value in reversed(self._texts) if each == name), "")

    def texts(self, name: str) -> list[str]:
        """All values of that name, without outer spaces."""
        return [value.strip() for each, value in self._texts if each == name]

    def items(self) -> Iterator[tuple[str, str]]:
        """All names and values but the token."""
        return ((name, value) for name, value in self._texts if name != FIELD)

    def file(self, name: str) -> UploadFile | None:
        """The file of that name, if one was chosen."""
        return next((file for each, file in self._files if each == name and file.filename), None)

    def number(self, name: str) -> int | None:
        """A whole number of at most 18 digits; None where the field is empty. Raises
        `InvalidValueError`.
        """
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS):
            raise InvalidValueError(name, "a whole number")
        return int(text)


_MOST_DIGITS: Final = 18


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """The form in the body of a request. Raises `NotAllowedError` where it is not from one of our
    own pages, as this browser got them.
    """
    expected = _expected_token(request)
    token = request.headers.get(HEADER, "")
    if token and not is_own_token(expected, token):
        raise NotAllowedError(FOREIGN)
    try:
        form = Form((await request.form()).multi_items())
    except HTTPException:
        raise
    except (ValueError, LookupError):
        raise InvalidValueError("form", "the form cannot be read") from None
    if not token and not is_own_token(expected, form.raw(FIELD)):
        raise NotAllowedError(FOREIGN)
    return form


FOREIGN: Final = "this form is too old, or not from this site; load the page anew and try again"


def _expected_token(request: Request[Any, Any, Any]) -> str:
    if "visitor" in request.scope:
        return visitor_of(request).csrf_token
    secret = request.cookies.get(FORM, "")
    return make_token(form_key(request), secret) if secret else ""


def form_key(request: Request[Any, Any, Any]) -> bytes:
    """The installation's key for the tokens of forms."""
    return services_of(request).installation.derive_secret("csrf")
