# SPDX-License-Identifier: AGPL-3.0-or-later
"""The countries and regions that the form offers: where most declarants live.

A short list keeps the form small; the interface accepts every code of ISO 3166.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

COUNTRIES: Mapping[str, str] = {
    "CN": gettext_noop("Mainland China"),
    "HK": gettext_noop("Hong Kong"),
    "MO": gettext_noop("Macau"),
    "TW": gettext_noop("Taiwan"),
    "AU": gettext_noop("Australia"),
    "CA": gettext_noop("Canada"),
    "DE": gettext_noop("Germany"),
    "ES": gettext_noop("Spain"),
    "FR": gettext_noop("France"),
    "GB": gettext_noop("United Kingdom"),
    "ID": gettext_noop("Indonesia"),
    "IT": gettext_noop("Italy"),
    "JP": gettext_noop("Japan"),
    "KR": gettext_noop("South Korea"),
    "MY": gettext_noop("Malaysia"),
    "NL": gettext_noop("Netherlands"),
    "NZ": gettext_noop("New Zealand"),
    "PH": gettext_noop("Philippines"),
    "SE": gettext_noop("Sweden"),
    "SG": gettext_noop("Singapore"),
    "TH": gettext_noop("Thailand"),
    "US": gettext_noop("United States"),
    "VN": gettext_noop("Vietnam"),
}
