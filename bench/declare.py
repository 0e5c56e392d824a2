# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many declarations the public door takes, sealed and durable, beside the raw limits."""

from bench import raw
from bench.doors import door, postgres
from bench.load import Result, closed_loop, open_loop

PUBLIC = "tuidang.web.public.wsgi:application"
NOTHING = "bench.doors:nothing"
GOAL_RATE = 400
OPEN_SECONDS = 20
AT_A_TIME = 50
WARM = 200


def measure() -> str:
    """Run everything and return the section of the report."""
    lines = [
        "## Declarations over HTTP, sealed and durable",
        "",
        "| what | a second | p50 ms | p99 ms | errors |",
        "|---|---|---|---|---|",
    ]
    with door(NOTHING) as port:
        lines.append(_row("raw limit: the server alone, 50 at a time", _closed(port)))
    with postgres() as address:
        limit = raw.postgres_inserts(address)
        lines.append(f"| raw limit: PostgreSQL, bare inserts, 8 writers | {limit:,.0f} | | | |")
        with door(PUBLIC, address) as port:
            lines.append(_row("PostgreSQL, 50 at a time", _closed(port)))
            paced = open_loop(port, GOAL_RATE, OPEN_SECONDS)
            lines.append(_row(f"PostgreSQL, open loop at {GOAL_RATE}/s", paced))
    limit = raw.sqlite_inserts()
    lines.append(f"| raw limit: SQLite, bare inserts, 1 writer | {limit:,.0f} | | | |")
    with door(PUBLIC) as port:
        lines.append(_row("SQLite, 50 at a time", _closed(port)))
        for rate in (50, 100, 200, GOAL_RATE):
            lines.append(_row(f"SQLite, open loop at {rate}/s", open_loop(port, rate, 10)))
    lines += [
        "",
        f"Goal: {GOAL_RATE}/s open loop on PostgreSQL with p99 at most 50 ms, and no error at",
        f"{AT_A_TIME} at a time on either database. The load comes from the same two cores.",
    ]
    return "\n".join(lines)


def _closed(port: int) -> Result:
    closed_loop(port, WARM, AT_A_TIME)
    return closed_loop(port, 4000, AT_A_TIME)


def _row(name: str, result: Result) -> str:
    p50, p99 = result.quantile(0.5), result.quantile(0.99)
    return f"| {name} | {result.rate:,.0f} | {p50:.1f} | {p99:.1f} | {result.errors} |"
