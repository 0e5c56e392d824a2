# SPDX-License-Identifier: AGPL-3.0-or-later
"""The addresses of the public door. They are a contract: `interfaces.md`, HTTP, public."""

from django.urls import include, path, re_path

from tuidang.web.public import (
    figures,
    log_files,
    log_parts,
    open_data,
    pages,
    verify,
    verify_number,
)
from tuidang.web.public.api import api
from tuidang.web.public.certificate_pickup import pickup
from tuidang.web.public.certificates import certificate
from tuidang.web.public.declare import declare
from tuidang.web.public.feed import feed
from tuidang.web.public.receipts import receipt
from tuidang.web.public.tally import tally
from tuidang.web.public.verify_page import first_page, verify_page

_QUARTER = "[1-9][0-9]{3}-q[1-4]"
_PERSONS = "[1-9][0-9]{3,11}"
_site = [
    path("declare/", declare),
    path("receipt/", receipt),
    path("certificate/", certificate),
    path("certificate/pickup/", pickup),
    path("tally/", tally),
    path("verify/file/", verify.file),
    path("verify/number/", verify_number.number),
    path("figures/", figures.index),
    re_path(rf"^figures/(?P<name>{_QUARTER})/$", figures.quarter),
    re_path(rf"^figures/(?P<persons>{_PERSONS})/$", figures.milestone),
    *(path(page, pages.show, {"page": page}) for page in pages.PAGES),
]
_NAMES = "|".join(
    page.strip("/")
    for page in ("declare", "receipt", "certificate", "tally", "figures", *pages.PAGES)
    if page
)
_NAMES = f"{_NAMES}|figures/(?:{_QUARTER}|{_PERSONS})"

_PART = "top|0|[1-9][0-9]{0,9}"
_SIZE = "[1-9][0-9]{0,17}"

urlpatterns = [
    path("api/v1/", api.urls),
    path("", first_page),
    path("verify.html", verify_page),
    re_path(r"^(?P<language>zh-hans|zh-hant|en)/", include(_site)),
    path("log.atom", feed),
    path("open-data/days.csv", open_data.days_csv),
    path("open-data/days.json", open_data.days_json),
    path("log/checkpoint", log_files.checkpoint),
    path("log/tile/<path:path>", log_files.tile),
    path("log/parts.json", log_parts.index),
    path("log/parts/", log_parts.addresses),
    re_path(rf"^log/parts/(?P<which>{_PART})(?:-at-(?P<size>{_SIZE}))?\.tar$", log_parts.part),
    re_path(r"^\.well-known/tuidang/(?P<name>trust\.json|trust\.note)$", log_files.trust),
    re_path(
        r"^\.well-known/tuidang/(?P<kind>timestamps)/(?P<name>[0-9]+-[a-z0-9-]+\.tsr)$",
        log_files.evidence,
    ),
    re_path(
        r"^\.well-known/tuidang/(?P<kind>statements)/(?P<name>[0-9a-f]{64}\.note)$",
        log_files.evidence,
    ),
    path("audit_log.py", log_files.auditor),
    path("healthz", log_files.health),
    path("robots.txt", log_files.robots),
    re_path(rf"^(?P<path>(?:zh-hans|zh-hant|en)(?:/(?:{_NAMES}))?)$", pages.with_slash),
]

handler400 = "tuidang.web.public.refusals.bad_request"
handler404 = "tuidang.web.public.refusals.not_found"
handler500 = "tuidang.web.public.refusals.failed"
