"""The handlers of all pages of segments."""

from __future__ import annotations

from typing import Final

from regulars.web.pages.segment import (
    explain_segment,
    export_segment,
    show_customers,
    show_segment,
    show_statistics,
)
from regulars.web.pages.segment_builder import build_edited, build_new, show_edited, show_new
from regulars.web.pages.segment_changes import delete_segment, rename_segment
from regulars.web.pages.segments import show_row, show_segments

SEGMENT_HANDLERS: Final = (
    show_segments,
    show_row,
    # Where two share an address, Litestar registers the first of them twice, which none that is
    # run in a thread would survive.
    build_new,
    show_new,
    build_edited,
    show_edited,
    show_segment,
    show_statistics,
    explain_segment,
    export_segment,
    show_customers,
    rename_segment,
    delete_segment,
)
