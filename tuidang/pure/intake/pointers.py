# SPDX-License-Identifier: Apache-2.0
"""What in a statement could lead to a person: shown to the writer before anything is sent.

Phone and identity numbers, addresses in networks, schools, employers, towns. The finding is
a hint: it misses things, and it points at harmless ones. It must never change or keep a
text, and nothing may rely on it to make a text safe to show.
"""

import re
from dataclasses import dataclass
from typing import Literal

from tuidang.pure.naming import HAN

PointerKind = Literal[
    "identity_number", "phone", "mail", "url", "messenger", "school", "employer", "town"
]
# These lead straight to a person or a device.
CONTACT_KINDS: frozenset[PointerKind] = frozenset(
    {"identity_number", "phone", "mail", "url", "messenger"}
)

_TOWNS = (
    "北京|上海|天津|重庆|重慶|广州|廣州|深圳|成都|杭州|武汉|武漢|南京|西安|郑州|鄭州|长沙|長沙"
    "|沈阳|瀋陽|青岛|青島|济南|濟南|哈尔滨|哈爾濱|长春|長春|大连|大連|昆明|合肥|福州|厦门|廈門"
    "|南昌|石家庄|石家莊|太原|兰州|蘭州|贵阳|貴陽|南宁|南寧|海口|乌鲁木齐|烏魯木齊|呼和浩特"
    "|银川|銀川|西宁|西寧|拉萨|拉薩|苏州|蘇州|无锡|無錫|宁波|寧波|温州|溫州|东莞|東莞|佛山"
)
_PATTERNS: tuple[tuple[PointerKind, re.Pattern[str]], ...] = (
    ("identity_number", re.compile(r"(?<![0-9])(?:[0-9]{17}[0-9Xx]|[0-9]{15})(?![0-9])")),
    ("identity_number", re.compile(r"\b[EG][0-9A-Z][0-9]{7}\b")),  # Chinese passports
    (
        "phone",
        re.compile(
            r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9])"
            r"|(?<![0-9])0[0-9]{2,3}[- ]?[0-9]{7,8}(?![0-9])"
            r"|\+[0-9](?:[ ().-]{0,2}[0-9]){7,14}"
            r"|\(?[0-9]{3}\)?[ -][0-9]{3}-[0-9]{4}(?![0-9])"
        ),
    ),
    ("mail", re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")),
    ("url", re.compile(r"(?:https?://|www\.)[^\s，。；、]{3,200}", re.IGNORECASE)),
    (
        "messenger",
        re.compile(
            r"(?:微信|薇信|电报|電報|推特|wechat|weixin|telegram|whatsapp|twitter|skype|\bqq|\btg"
            r"|\bsignal|\bline\b)\s{0,2}(?:[号號]|id)?\s{0,2}[:：是为為]?\s{0,2}"
            r"@?[A-Za-z0-9_][A-Za-z0-9_-]{3,31}|(?<![\w.])@[A-Za-z0-9_]{4,32}",
            re.IGNORECASE,
        ),
    ),
    (
        "school",
        re.compile(
            f"[{HAN}]{{1,8}}(?:大学|大學|学院|學院|中学|中學|小学|小學|一中|二中|三中|附中"
            "|幼儿园|幼兒園|技校|师范|師範)"
            r"|\b(?:[A-Z][\w'-]{1,20} ){1,4}(?:University|College|School|Academy)\b"
            r"|\bUniversity of [A-Z]\w{1,20}"
        ),
    ),
    (
        "employer",
        re.compile(
            f"[{HAN}]{{1,8}}(?:公司|集团|集團|工厂|工廠|钢厂|鋼廠|医院|醫院|派出所|公安局|法院"
            "|检察院|檢察院|政府|研究所|研究院|银行|銀行|税务局|稅務局|部队|部隊|居委会|居委會)"
            r"|\b(?:[A-Z][\w'&-]{1,20} ){1,4}(?:Ltd|Inc|Corporation|Company|Hospital|Bank)\b"
        ),
    ),
    (
        "town",
        re.compile(
            f"(?:{_TOWNS})市?"
            f"|[{HAN}]{{1,5}}(?:(?<![城超都门門夜股])市(?![场場民长長面集])"
            f"|[县縣镇鎮]|(?<=[{HAN}])[乡鄉村](?![亲親土民人])|街道|小区|小區)"
            r"|\b(?:Beijing|Shanghai|Guangzhou|Shenzhen|Chengdu|Wuhan|Nanjing|Tianjin|Chongqing)\b"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """One finding: its kind and where it stands, in code points from `start` up to `end`."""

    kind: PointerKind
    start: int
    end: int


def pointers(statement: str) -> tuple[Pointer, ...]:
    """Find what could lead to a person, in the order of the text and without overlaps.

    Where two findings overlap, the one that leads to a person most directly stays.
    """
    found: list[Pointer] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(statement):
            pointer = Pointer(kind, *match.span())
            if not any(_overlap(pointer, other) for other in found):
                found.append(pointer)
    return tuple(sorted(found, key=lambda pointer: pointer.start))


def _overlap(one: Pointer, other: Pointer) -> bool:
    return one.start < other.end and other.start < one.end
