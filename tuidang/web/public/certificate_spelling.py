# SPDX-License-Identifier: AGPL-3.0-or-later
"""Latin letters suggested for a Chinese name. A program suggests; only the passport decides.

It must never be used for anything but filling a form's empty fields that a person then reads.
"""

from pypinyin import lazy_pinyin

# Surnames of two characters that people bear today; every other surname has one.
# fmt: off
_DOUBLE = frozenset(
    {
        "欧阳", "歐陽", "司马", "司馬", "上官", "诸葛", "諸葛", "东方", "東方", "皇甫", "尉迟",
        "尉遲", "公孙", "公孫", "慕容", "令狐", "长孙", "長孫", "宇文", "司徒", "司空", "端木",
        "南宫", "南宮", "夏侯", "万俟", "萬俟", "独孤", "獨孤", "澹台", "澹臺", "呼延", "闻人",
        "聞人", "钟离", "鍾離", "宗政", "濮阳", "濮陽", "淳于", "单于", "單于", "太叔", "申屠",
        "轩辕", "軒轅", "鲜于", "鮮于", "闾丘", "閭丘", "赫连", "赫連", "拓跋",
    }
)
# fmt: on


def suggested(chinese_name: str) -> tuple[str, str] | None:
    """Suggest surname and given names as a passport may have them; None where there is no guess.

    Two to five Chinese characters are tried. ü is written YU, as in passports of the People's
    Republic.
    """
    name = "".join(chinese_name.split())
    if not 2 <= len(name) <= 5:
        return None
    cut = 2 if name[:2] in _DOUBLE and len(name) > 2 else 1
    parts = [_letters(name[:cut]), _letters(name[cut:])]
    if not all(part.isascii() and part.isalpha() for part in parts):
        return None
    return parts[0], parts[1]


def _letters(characters: str) -> str:
    return "".join(lazy_pinyin(characters)).upper().replace("Ü", "YU").replace("V", "YU")
