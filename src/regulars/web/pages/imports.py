"""`/imports/` and all pages below it: their handlers."""

from __future__ import annotations

from typing import Final

from regulars.web.pages.import_actions import ACTION_HANDLERS
from regulars.web.pages.import_list import LIST_HANDLERS
from regulars.web.pages.import_mapping import MAPPING_HANDLERS
from regulars.web.pages.import_report import REPORT_HANDLERS
from regulars.web.pages.import_upload import UPLOAD_HANDLERS

HANDLERS: Final = (
    *LIST_HANDLERS,
    *UPLOAD_HANDLERS,
    *MAPPING_HANDLERS,
    *REPORT_HANDLERS,
    *ACTION_HANDLERS,
)
