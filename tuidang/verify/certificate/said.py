# SPDX-License-Identifier: Apache-2.0
"""A verdict as lines for people, in English and one Chinese script, and as JSON for programs.

Says what a certificate says and what it does not, in the words that stand on the paper. It
must never make more of a date than was proven.

Source: `certificates.md` sections 1 and 4.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from tuidang.pure.credential.claims import Claims
from tuidang.pure.credential.face import Script, face
from tuidang.pure.credential.numbers import shown
from tuidang.verify.certificate.dates import PROVEN, Dates
from tuidang.verify.certificate.trust import Bundle
from tuidang.verify.certificate.verdict import LANGUAGES, VALID, Verdict, words

_DETAILS = {
    "in_log": ("Entry in the public log", {"Hans": "公开日志中的条目", "Hant": "公開日誌中的條目"}),
    "orgs": ("Organisations proven too", {"Hans": "组织也已证实", "Hant": "組織也已證實"}),
    "key": ("Issuer's key", {"Hans": "签发方密钥", "Hant": "簽發方金鑰"}),
    "bundle": ("Trust bundle of", {"Hans": "信任清单日期", "Hant": "信任清單日期"}),
}
_OLD = {
    "en": "Valid as of {day}: your trust bundle is older than 30 days, or does not tell the"
    " status of this certificate. Fetch a newer one to know whether it was revoked since.",
    "zh-Hans": "截至 {day} 有效：您的信任清单超过三十天，或者没有这份证明书的状态。"
    "请取得较新的清单，以确定此后是否被撤销。",
    "zh-Hant": "截至 {day} 有效：您的信任清單超過三十天，或者沒有這份證明書的狀態。"
    "請取得較新的清單，以確定此後是否遭撤銷。",
}
_YES = {"en": "yes", "Hans": "是", "Hant": "是"}
_NO = {
    "en": "no (the issuer's statement)",
    "Hans": "否（签发方的陈述）",
    "Hant": "否（簽發方的陳述）",
}


def headline(verdict: Verdict, script: Script) -> str:
    """Return the one line: outcome in both languages, the reason, and as of when."""
    english, chinese = words(verdict.reason, "en"), words(verdict.reason, f"zh-{script}")
    as_of = "" if verdict.fresh or verdict.outcome != VALID else f" as of {verdict.bundle_day}"
    return f"{english.title.upper()}{as_of} · {chinese.title} ({verdict.reason})"


def details(verdict: Verdict, bundle: Bundle, script: Script) -> Iterator[str]:
    """Yield the lines below the headline."""
    for language in ("en", f"zh-{script}"):
        said = words(verdict.reason, language)
        yield said.found
        yield said.means
        yield said.do
        yield ""
    if verdict.outcome == VALID and not verdict.fresh:
        yield old_bundle(verdict, "en")
        yield old_bundle(verdict, f"zh-{script}")
        yield ""
    if verdict.claims is not None:
        yield from _said_on_paper(verdict.claims, script)
    if verdict.dates is not None and verdict.dates.kind == PROVEN:
        yield from _proven(verdict.dates, script)
    if verdict.fingerprint is not None:
        yield _detail("key", verdict.fingerprint, script)
    yield _detail("bundle", f"{verdict.bundle_day} ({bundle.origin})", script)
    yield ""


def old_bundle(verdict: Verdict, language: str) -> str:
    """Return the sentence on a bundle that is too old to tell the status of today."""
    return _OLD[language].format(day=verdict.bundle_day)


def as_json(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict as plain values; days are ISO, the claims are those of the face."""
    dates = verdict.dates and {
        name: str(value) if hasattr(value, "isoformat") else value
        for name, value in asdict(verdict.dates).items()
    }
    return {
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "fresh": verdict.fresh,
        "bundle_day": str(verdict.bundle_day),
        "via": verdict.via,
        "issuer_key": verdict.fingerprint,
        "dates": dates,
        "claims": _claims(verdict.claims),
        "words": {language: asdict(words(verdict.reason, language)) for language in LANGUAGES},
    }


def _said_on_paper(claims: Claims, script: Script) -> Iterator[str]:
    said = face(claims, script)
    for row in said.rows:
        yield f"{row.label_en} {row.label_zh}: {_once(row.value_en, row.value_zh)}"
    yield ""
    for sentence in (*said.dates, *said.notes):
        yield sentence.en
        yield sentence.zh
    yield ""


def _once(english: str, chinese: str) -> str:
    return english if english == chinese else f"{english} · {chinese}"


def _proven(dates: Dates, script: Script) -> Iterator[str]:
    if dates.counted_index is not None:
        yield _detail("in_log", str(dates.counted_index), script)
    said = _YES if dates.orgs_proven else _NO
    yield _detail("orgs", f"{said['en']} · {said[script]}", script)


def _detail(name: str, value: str, script: Script) -> str:
    english, chinese = _DETAILS[name]
    return f"{english} {chinese[script]}: {value}"


def _claims(claims: Claims | None) -> dict[str, Any] | None:
    """Return the claims as plain values, without what only a program for proofs needs."""
    if claims is None:
        return None
    plain = {name: _plain(value) for name, value in asdict(claims).items()}
    del plain["commitments"], plain["status"]
    return plain | {"number": shown(claims.number)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return str(value) if hasattr(value, "isoformat") else value
