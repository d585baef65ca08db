"""`/imports/new/`: a file is chosen and sent (SPEC section 12)."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import MediaType, Request, Response, get, post

from regulars.edge.failures import describe
from regulars.edge.incoming_body import PIECE_BYTES, IncomingBody, hand_over
from regulars.edge.services import services_of
from regulars.errors import NotAllowedError, RegularsError
from regulars.services.import_drafts import ImportDrafts
from regulars.web.context import check_may_edit, visitor_of
from regulars.web.incoming_file import read_head
from regulars.web.rendering import is_script, redirect, render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from regulars.edge.incoming_body import LargeUploads
    from regulars.services.import_drafts import Draft

PATH: Final = "/imports/new"
_FORM_BYTES: Final = 4096
"""What a form may need besides the file."""


class UploadPage(msgspec.Struct, frozen=True):
    """What the page shows."""

    most_bytes: int
    problem: str = ""


@get(PATH, guards=[check_may_edit], sync_to_thread=False)
def show_upload(request: Request[Any, Any, Any]) -> Response[str]:
    """The place for a file."""
    return render(request, "import_upload.html", UploadPage(_most_bytes(request)))


@post(PATH, guards=[check_may_edit], request_max_body_size=None)
async def receive_file(request: Request[Any, Any, Any]) -> Response[str]:
    """Keep a file, and go on to what its columns mean."""
    try:
        draft = await _receive(request)
    except NotAllowedError:
        raise
    except RegularsError as error:
        if is_script(request):
            raise
        status, reason, _ = describe(error)
        problem = f"{reason[:1].upper()}{reason[1:]}."
        page = UploadPage(_most_bytes(request), problem)
        return render(request, "import_upload.html", page, status=status.value)
    address = f"{PATH}/{draft.id}/"
    if is_script(request):
        # A script would follow a redirect by itself, and so load the page twice.
        headers = {"Location": address}
        return Response("", status_code=201, headers=headers, media_type=MediaType.HTML)
    return redirect(address)


async def _receive(request: Request[Any, Any, Any]) -> Draft:
    services, visitor = services_of(request), visitor_of(request)
    incoming = read_head(request, visitor.csrf_token)
    body = IncomingBody(request, _most_bytes(request) + _FORM_BYTES)
    drafts = ImportDrafts(services.installation, services.imports)

    def keep(pieces: Iterator[bytes]) -> Draft:
        name, content = incoming.open(pieces)
        return drafts.receive(visitor.register, content, name)

    large_uploads: LargeUploads = request.app.state["large_uploads"]
    with ExitStack() as stack:
        if body.length is None or body.length > PIECE_BYTES:
            stack.enter_context(large_uploads.take())
        return await hand_over(await body.next_piece(), body, keep)


def _most_bytes(request: Request[Any, Any, Any]) -> int:
    return services_of(request).installation.settings.body_bytes


UPLOAD_HANDLERS: Final = (show_upload, receive_file)
