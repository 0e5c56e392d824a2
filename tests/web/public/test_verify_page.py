# SPDX-License-Identifier: AGPL-3.0-or-later
"""The verifying page over HTTP: whole, closed to the network, and the same for everybody."""

import gzip
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tuidang.verify import page as verifying
from tuidang.verify.page import page_digest, whole_page

# What a build would give, but for its size.
SAMPLE = (
    b'<!doctype html><meta http-equiv="Content-Security-Policy" '
    b"content=\"default-src 'none'\"><script>@INSTALLATION@</script>\n"
)
NOTE = b'{"origin":"log.invalid/sample","log_vkey":"sample"}\n\n\xe2\x80\x94 sample AAAA\n'


@pytest.fixture
def installed(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a page and a trust bundle in place and return the folder of the bundle."""
    built = tmp_path / "verify.html"
    built.write_bytes(SAMPLE)
    monkeypatch.setattr(verifying, "BUILT", built)
    settings.TRUST_FOLDER = tmp_path
    (tmp_path / "trust.note").write_bytes(NOTE)
    return tmp_path


def test_the_page_comes_with_todays_bundle_and_its_own_policy(
    client: Client, installed: Path
) -> None:
    """Byte for byte the page whose hash is in the log; the camera is allowed, connecting is not."""
    response = client.get("/verify.html")
    assert response.content == whole_page("log.invalid/sample", "sample", NOTE)
    assert response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "camera=(self)" in response["Permissions-Policy"]
    assert response["Cache-Control"] == "no-store"
    newer = NOTE.replace(b"AAAA", b"BBBB")
    (installed / "trust.note").write_bytes(newer)
    assert newer in client.get("/verify.html").content
    assert len(page_digest("log.invalid/sample", "sample")) == 32


def test_the_packed_page_is_the_same_page(client: Client, installed: Path) -> None:
    """A browser that takes gzip gets the same bytes in fewer."""
    packed = client.get("/verify.html", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == client.get("/verify.html").content


def test_the_verifying_host_shows_the_page_at_its_root(
    client: Client, installed: Path, settings: LazySettings
) -> None:
    """The address in the code of a certificate leads to the page, other hosts to the site."""
    settings.VERIFY_HOST = "verify.invalid"
    settings.ALLOWED_HOSTS = ["verify.invalid", "testserver"]
    there = client.get("/", headers={"host": "Verify.invalid"})
    assert there.content == client.get("/verify.html").content
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("missing", ["verify.html", "trust.note"])
def test_without_page_or_bundle_the_answer_is_not_now(
    client: Client, installed: Path, missing: str
) -> None:
    """Where npm could not be reached, or nothing is published yet, the site runs without it."""
    (installed / missing).unlink()
    assert client.get("/verify.html").status_code == 503
