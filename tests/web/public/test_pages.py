# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that say the same to everybody: three languages, no scripts, nobody else's addresses."""

import base64
import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.web.public.browsing import page_of
from tuidang.web.public import pages
from tuidang.web.shared.languages import LANGUAGES

STATIC = list(pages.PAGES)
FORMS = ["declare/", "receipt/", "certificate/", "certificate/pickup/"]
TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}

each_language = pytest.mark.parametrize("language", LANGUAGES)
each_page = pytest.mark.parametrize("page", [*STATIC, *FORMS])


@each_language
@each_page
def test_a_page_is_whole_in_its_language(
    client: Client, db: None, language: str, page: str
) -> None:
    """Every page answers in each language, marked as such, with one heading of the first rank."""
    response = client.get(f"/{language}/{page}")
    read = page_of(response)
    html = dict(read.tags)["html"]
    assert response.status_code == 200
    assert html["lang"] == TAGS[language]
    assert [tag for tag, _ in read.tags].count("h1") == 1


@each_language
@each_page
def test_a_page_loads_nothing(client: Client, db: None, language: str, page: str) -> None:
    """No page has a script, an image, a frame, an event handler, or an address elsewhere."""
    read = page_of(client.get(f"/{language}/{page}"))
    tags = [tag for tag, _ in read.tags]
    attributes = [item for _, values in read.tags for item in values.items()]
    addresses = [value or "" for name, value in attributes if name in {"href", "src", "action"}]
    assert not {"script", "img", "iframe", "object", "embed", "base"} & set(tags)
    assert [name for name, _ in attributes if name.startswith("on") or name == "style"] == []
    assert [a for a in addresses if not a.startswith(("/", "#", "data:,"))] == []


@each_language
@each_page
def test_the_language_switch_leads_to_the_same_page(
    client: Client, db: None, language: str, page: str
) -> None:
    """Every page leads to itself in the other languages, and each of these exists."""
    read = page_of(client.get(f"/{language}/{page}"))
    switches = {v["hreflang"]: v["href"] for tag, v in read.tags if tag == "a" and "hreflang" in v}
    assert switches == {TAGS[each]: f"/{each}/{page}" for each in LANGUAGES}


@each_language
def test_every_link_of_a_page_leads_somewhere(client: Client, db: None, language: str) -> None:
    """No link of any page is dead, and safety is read before the form is reached."""
    links = set()
    for page in [*STATIC, *FORMS]:
        read = page_of(client.get(f"/{language}/{page}"))
        links |= {values.get("href") or "" for tag, values in read.tags if tag == "a"}
    own = {link for link in links if link.startswith("/") and not link.startswith("/log/")}
    # Made at installation, and with the first batch.
    own -= {f"/.well-known/tuidang/trust.{kind}" for kind in ("json", "note")}
    own -= {"/log.atom", "/verify.html"}
    assert {link: client.get(link).status_code for link in own} == dict.fromkeys(own, 200)
    home = page_of(client.get(f"/{language}/"))
    assert f"/{language}/safety/" in [values.get("href") for _, values in home.tags]
    assert f"/{language}/declare/" not in [values.get("href") for _, values in home.tags]


@pytest.mark.parametrize(
    ("wish", "language"),
    [
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-hant"),
        ("zh-HK", "zh-hant"),
        ("zh-Hant-HK", "zh-hant"),
        ("zh-MO;q=0.5, en;q=0.4", "zh-hant"),
        ("fr-FR,en;q=0.5", "en"),
        ("en;q=0.2,zh-CN;q=0.8", "zh-hans"),
        ("zh-CN;q=0,en", "en"),
        ("de", "en"),
        ("", "en"),
        ("," * 5000, "en"),
    ],
)
def test_the_bare_address_leads_to_the_wished_language(
    client: Client, wish: str, language: str
) -> None:
    """`/` follows Accept-Language; whoever wishes for none of the three gets English."""
    response = client.get("/", headers={"accept-language": wish})
    assert (response.status_code, response["Location"]) == (302, f"/{language}/")
    assert response["Vary"] == "Accept-Language"


def test_a_page_without_its_last_slash_is_found(client: Client) -> None:
    """An address copied without its last slash leads to the page, and drops a query."""
    assert client.get("/zh-hant/tally?secret=1")["Location"] == "/zh-hant/tally/"
    assert client.get("/en")["Location"] == "/en/"


def test_every_answer_forbids_what_we_do_not_need(client: Client) -> None:
    """The policy allows our one style sheet by its hash and nothing else; no cookie is set."""
    response = client.get("/en/")
    style = response.content.decode().partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response["Content-Security-Policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")
    assert {"form-action 'self'", "frame-ancestors 'none'"} <= set(policy.split("; "))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cache-Control"] == "no-store"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert not response.cookies


def test_a_packed_page_is_the_same_page(client: Client) -> None:
    """Packed or plain, a browser gets the same bytes, and plain ones where it refuses gzip."""
    plain = client.get("/zh-hans/safety/", headers={"accept-encoding": "gzip;q=0, br"})
    packed = client.get("/zh-hans/safety/", headers={"accept-encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.content) == plain.content
    assert packed["Vary"] == "Accept-Encoding"


@each_language
def test_the_form_page_fits_into_one_round_trip(client: Client, language: str) -> None:
    """The form with its styles takes at most 14,336 bytes on the wire."""
    response = client.get(f"/{language}/declare/", headers={"accept-encoding": "gzip"})
    headers = sum(len(f"{name}: {value}\r\n") for name, value in response.headers.items())
    print(f"{language} form page: {len(response.content) + headers} bytes")
    assert len(response.content) + headers <= 14_336


def test_every_form_page_has_a_key_of_its_own(client: Client) -> None:
    """Two answers differ in their key, and in nothing else."""
    first, second = (client.get("/en/declare/").content.decode() for _ in range(2))
    keys = [re.findall(r'name="key" value="([\w-]{22})"', each) for each in (first, second)]
    assert keys[0] != keys[1]
    assert first.replace(keys[0][0], "") == second.replace(keys[1][0], "")


def test_the_pages_of_a_demonstration_say_so(client: Client) -> None:
    """Every page of a demonstration warns that nothing real belongs there."""
    assert "demonstration" in page_of(client.get("/en/")).text


def test_pages_that_are_not_built_yet_say_so(client: Client) -> None:
    """Statements are not promised before they exist."""
    assert "No statements are published yet" in page_of(client.get("/en/statements/")).text
    assert "no statement and no name is published" in page_of(client.get("/en/declare/")).text
    assert "only way in" in page_of(client.get("/en/channels/")).text


def test_an_operator_can_name_other_channels(client: Client, installation: Path) -> None:
    """Channels come from a file of the operator, each in the language of the page."""
    channel = {
        tag: {"name": f"Sample desk {tag}", "lines": ["<b>sample hours</b>"]}
        for tag in LANGUAGES.values()
    }
    (installation / "channels.json").write_text(json.dumps([channel]))
    pages.ready_made.cache_clear()
    page = client.get("/zh-hant/channels/").content.decode()
    pages.ready_made.cache_clear()
    assert "Sample desk zh-Hant" in page
    assert "&lt;b&gt;sample hours" in page


def test_the_commands_name_this_site(client: Client) -> None:
    """The commands for a recount carry the address at which the page was read."""
    text = page_of(client.get("/zh-hans/verify/")).text
    assert "tuidang log audit http://testserver/log/ --vkey trust.json" in text
    assert "python3 audit_log.py http://testserver/log/" in text
