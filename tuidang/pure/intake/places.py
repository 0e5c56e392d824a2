# SPDX-License-Identifier: Apache-2.0
"""Countries and what a province may look like. Nothing finer is ever kept.

A province is free text of a closed shape, since no list of the world's provinces stays
right. This module must never accept what names a town, a street or a number.
"""

import re

# ISO 3166-1 alpha-2, the officially assigned codes.
COUNTRIES: frozenset[str] = frozenset(
    """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM
    ZW
    """.split()  # noqa: SIM905  (a list of 249 literals hides the one that is wrong)
)

MAX_PROVINCE = 40

_SHAPE = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .'’·-](?![ .'’·-]))*")
_FINER = re.compile(r"(?:[县縣镇鎮乡鄉村屯寨街路巷弄道号號楼樓]|(?<!自治)(?<!行政)[区區])$")
_FINER_ENGLISH = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|lane|village|town|township|county)\.?$", re.IGNORECASE
)
_MUNICIPALITY = re.compile("(?:北京|上海|天津|重[庆慶])市")


def province_problem(country: str, province: str) -> str | None:
    """Find what keeps a trimmed text from being a province of the country: a code, or None.

    Letters, spaces, dots, hyphens and apostrophes, at most 40. In China what ends like a
    city is refused, but for the four that are provinces themselves.
    """
    if len(province) > MAX_PROVINCE:
        return "too_long"
    if not _SHAPE.fullmatch(province):
        return "province_form"
    if _FINER.search(province) or _FINER_ENGLISH.search(province):
        return "place_too_fine"
    if country == "CN" and province.endswith("市") and not _MUNICIPALITY.fullmatch(province):
        return "place_too_fine"
    return None
