# SPDX-License-Identifier: AGPL-3.0-or-later
"""Settings that every process shares. Read from the environment and the data folder, once.

This room must never hold a secret in its source, and never log a request: nothing that a
process writes to its log may say who asked for what.
"""

import os
from pathlib import Path
from typing import Any

from tuidang.registry.vault.host_keys import read_key
from tuidang.settings.database import database, role_of

DATA = Path(os.environ.get("TUIDANG_DATA", "var")).resolve()
ORIGIN = os.environ.get("TUIDANG_ORIGIN", "demo.invalid/registry")
# Who issues certificates, as they say it in a few words.
ISSUER = os.environ.get("TUIDANG_ISSUER", ORIGIN)
# The host of the verifying page: it stands in the code on every certificate, for good.
VERIFY_HOST = os.environ.get("TUIDANG_VERIFY_HOST", "verify.invalid")
# What may be sent to be checked, and how long a look-up by number takes, whatever it finds.
# A photo from a phone has to fit.
CERTIFICATE_UPLOAD_SIZE = 8 * 1024 * 1024
LOOKUP_SECONDS = 1.0
# A demonstration installation has logins in files, samples, and lowered minima.
# Production says TUIDANG_DEMONSTRATION=0; `tuidang doctor` checks what follows from it.
DEMONSTRATION = os.environ.get("TUIDANG_DEMONSTRATION", "1") == "1"

MIN_BATCH = int(os.environ.get("TUIDANG_MIN_BATCH", "1" if DEMONSTRATION else "1000"))
MIN_CELL = int(os.environ.get("TUIDANG_MIN_CELL", "1" if DEMONSTRATION else "20"))
# How many D entries one batch may hold, the longest waiting first: so memory stays bounded.
MAX_BATCH = int(os.environ.get("TUIDANG_MAX_BATCH", "200000"))
PUBLISH_HOUR = int(os.environ.get("TUIDANG_PUBLISH_HOUR", "3"))

LOG_FOLDER = DATA / "log"
# `s3://BUCKET/PREFIX` instead of a folder; boto3's own variables say which service and which keys.
LOG_STORE = os.environ.get("TUIDANG_LOG_STORE", "")
LOCK_STORE = os.environ.get("TUIDANG_LOCK_STORE", "")
TRUST_FOLDER = DATA / "trust"
KEYS_FOLDER = DATA / "keys"
# The newest signed checkpoint, apart from everything that is ever restored from a backup.
LOCK_FOLDER = Path(os.environ.get("TUIDANG_LOCK", DATA / "lock"))
# Whose cosignatures a checkpoint needs before it is public, in the tlog-policy format. Without
# this file nobody's; a file that was named must be there.
POLICY_FILE = Path(os.environ.get("TUIDANG_POLICY", DATA / "policy"))
POLICY_NAMED = "TUIDANG_POLICY" in os.environ
# Seconds that one witness, auditor or timestamp service may take, and all of them together.
WITNESS_SECONDS = float(os.environ.get("TUIDANG_WITNESS_SECONDS", "10"))
WITNESSES_SECONDS = 2.5 * WITNESS_SECONDS
# Services that put a time under checkpoints (RFC 3161): `name=url;certificate.pem`, by spaces.
TIMESTAMP_SERVICES = os.environ.get("TUIDANG_TIMESTAMPS", "").split()
# What must stay free on the file systems of the log and of the lock store, beside a batch.
FREE_BYTES = int(os.environ.get("TUIDANG_FREE_BYTES", str(256 << 20)))
# Day keys live in memory only: a tmpfs shared by the workers, gone when the machine stops.
MEMORY_FOLDER = Path(os.environ.get("TUIDANG_MEMORY", f"/dev/shm/tuidang-{os.getuid()}"))  # noqa: S108 -- tmpfs is the point

# What argon2id may use for a passphrase (RFC 9106 calls 64 MiB its second recommendation). A
# member keeps the figure they were made with, so it may be raised at any time.
ARGON2_MEMORY_KIB = 64 * 1024
# How long a process may rely on a ring's recipient without asking the database again.
RECIPIENT_CACHE_SECONDS = 60

SECRET_KEY = read_key(KEYS_FOLDER, "django")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("TUIDANG_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

DATABASES = {"default": database(DATA, os.environ.get("TUIDANG_DATABASE", ""))}
# The role of the public door on PostgreSQL; `tuidang install` gives it its few rights.
PUBLIC_ROLE = role_of(os.environ.get("TUIDANG_PUBLIC_DATABASE", ""))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # Django's own tables; ours name their keys

LANGUAGE_CODE = "en"
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

REGISTRY = ["audit", "vault", "transparency", "declarations", "certificates", "tally"]
INSTALLED_APPS = [f"tuidang.registry.{room}" for room in REGISTRY]

# No line says who asked for what; what Django logs by itself carries the path, so it is silenced.
LOGGING: dict[str, Any] = {
    "version": 1,
    # A command's own logger is made before Django is set up, and must go on working.
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s %(message)s"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
    },
}
