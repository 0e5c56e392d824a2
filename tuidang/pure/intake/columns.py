# SPDX-License-Identifier: Apache-2.0
"""The columns of a list with a heading, and the words in their cells, in three languages.

A word that is not here is reported, never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tuidang.pure import naming

Column = Literal["number", "name", "organizations", "kind", "declared_by", "consent"]

_HEADINGS: Mapping[Column, frozenset[str]] = {
    "number": frozenset({"no", "no.", "#", "number", "序号", "序號", "编号", "編號"}),
    "name": frozenset({"name", "names", "姓名", "名字", "名单", "名單", "化名", "名称", "名稱"}),
    "organizations": frozenset(
        {"organizations", "organisations", "organization", "organisation", "leaves"}
        | {"组织", "組織", "退出", "退出组织", "退出組織", "三退", "党团队", "黨團隊"}
    ),
    "kind": frozenset({"kind", "name kind", "类别", "類別", "名字类别", "名字類別", "真名化名"}),
    "declared_by": frozenset({"declared_by", "declared by", "声明人", "聲明人", "代办", "代辦"}),
    "consent": frozenset({"consent", "同意", "同意情况", "同意情況"}),
}

_WORDS: Mapping[Column, Mapping[str, frozenset[str]]] = {
    "kind": {
        "real": frozenset({"真名", "实名", "實名", "本名", "real name"}),
        "alias": frozenset({"化名", "别名", "別名", "假名", "网名", "網名", "小名", "pseudonym"}),
    },
    "declared_by": {
        "self": frozenset({"本人", "自己", "myself"}),
        "relative": frozenset({"亲属", "親屬", "家人", "亲人", "親人", "亲友", "親友", "family"}),
        "friend": frozenset({"朋友", "友人"}),
        "collector": frozenset({"收集人", "义工", "義工", "志愿者", "志願者", "volunteer"}),
    },
    "consent": {
        "asked": frozenset({"本人委托", "本人委託", "委托", "委託", "asked me to"}),
        "agreed": frozenset({"同意", "知情同意", "已同意", "yes", "knows and agreed"}),
        "unasked": frozenset({"未能询问", "未能詢問", "无法询问", "無法詢問", "not asked"}),
    },
}
_SPACE_RUN = re.compile(r"\s{1,40}")


@dataclass(frozen=True, slots=True)
class Heading:
    """Which column means what, by its number from 0; `problem` is a code or ""."""

    columns: Mapping[int, Column]
    problem: str = ""


def read_heading(cells: Sequence[str]) -> Heading | None:
    """Read a row as a heading; None where no cell is the heading of names.

    A heading with an unknown or repeated column is a heading with a problem: skipping the
    column could drop what somebody said about consent.
    """
    plain = {at: _plain(cell) for at, cell in enumerate(cells) if _plain(cell)}
    columns = {at: column for at, text in plain.items() if (column := _column(text))}
    if "name" not in columns.values():
        return None
    known_once = len(columns) == len(plain) and len(set(columns.values())) == len(columns)
    return Heading(columns, "" if known_once else "column_unknown")


def read_word(column: Column, text: str) -> str | None:
    """Read a cell of a column of choices as the interface's word, or None."""
    plain = _plain(text)
    for word, spellings in _WORDS[column].items():
        if plain == word or plain in spellings:
            return word
    return None


def _column(text: str) -> Column | None:
    for column, headings in _HEADINGS.items():
        if text in headings:
            return column
    return None


def _plain(text: str) -> str:
    return _SPACE_RUN.sub(" ", naming.trim(text)).lower()
