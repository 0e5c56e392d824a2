# SPDX-License-Identifier: AGPL-3.0-or-later
"""Volunteers who review, and declarants who are asked something."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Installation
from tests.journeys.steps import (
    SENTENCE,
    Person,
    come_back,
    declare,
    open_item,
    press,
    said,
    type_in,
)

QUESTION = "样本问题：这是同一个人吗？"
TABS = 15
ANSWER = "样本答复：不是同一个人。"


def test_a_question_and_its_answer(
    page: Page, first_desk: Page, installation: Installation
) -> None:
    """A volunteer asks, the declarant answers with the code, and the volunteer accepts."""
    code = declare(page, installation, "zh-hans", Person("样本问甲", organizations=("party",)))
    open_item(first_desk, installation, "样本问甲")
    type_in(first_desk, "question", QUESTION)
    press(first_desk, 'form[action$="/return/"] button')
    assert "Returned with the question." in first_desk.inner_text("main")
    asked = said("zh-hans", "A volunteer has a question.")
    assert come_back(page, installation, "zh-hans", code) == asked
    assert page.inner_text("#question") == QUESTION
    type_in(page, "text", ANSWER)
    press(page, 'button[value="answer"]')
    assert ANSWER not in page.content()
    installation.command("jobs", "--once")
    open_item(first_desk, installation, "样本问甲")
    assert ANSWER in first_desk.inner_text("main")
    press(first_desk, 'form[action$="/accept/"] button')
    accepted = said("zh-hans", "Accepted.")
    assert come_back(page, installation, "zh-hans", code) == accepted


def test_many_at_once(page: Page, first_desk: Page, installation: Installation) -> None:
    """Of three with the same text two are ticked and accepted, and one is rejected."""
    names = ("样本多甲", "样本多乙", "样本多丙")
    codes = [declare(page, installation, "zh-hans", Person(n), statement=SENTENCE) for n in names]
    first_desk.goto(f"{installation.office}/")
    assert "Similar text" in first_desk.inner_text("main")
    for name in names[:2]:
        first_desk.locator("li.item", has_text=name).locator("label").click()
    press(first_desk, 'button[value="accept"]')
    assert "Accepted: 2." in first_desk.inner_text('[role="status"]')
    first_desk.locator("li.item", has_text=names[2]).locator("input").check()
    first_desk.select_option("#reason", "test")
    press(first_desk, 'button[value="reject"]')
    assert "Rejected: 1." in first_desk.inner_text('[role="status"]')
    accepted, rejected = said("zh-hans", "Accepted."), said("zh-hans", "Not accepted.")
    assert come_back(page, installation, "zh-hans", codes[0]) == accepted
    assert come_back(page, installation, "zh-hans", codes[2]).startswith(rejected)


def test_a_slip_of_the_hand_is_undone(
    page: Page, first_desk: Page, installation: Installation
) -> None:
    """What was accepted by mistake waits again after one press, and the declarant sees that."""
    code = declare(page, installation, "en", Person("Sample Slip"))
    open_item(first_desk, installation, "Sample Slip")
    press(first_desk, 'form[action$="/accept/"] button')
    assert come_back(page, installation, "en", code) == "Accepted."
    press(first_desk, ".said button")
    assert "Undone: it waits again." in first_desk.inner_text('[role="status"]')
    assert come_back(page, installation, "en", code) == "Received. It waits for a volunteer."


def test_more_than_twenty_unnamed_take_two(
    page: Page, first_desk: Page, second_desk: Page, installation: Installation
) -> None:
    """One volunteer accepts and the declaration still waits, until another accepts as well."""
    code = declare(page, installation, "zh-hant", Person("樣本領隊"), others=21)
    open_item(first_desk, installation, "樣本領隊")
    press(first_desk, 'form[action$="/accept/"] button')
    assert "A second volunteer has to accept it as well." in first_desk.inner_text(".said")
    waits = said("zh-hant", "Received. It waits for a volunteer.")
    assert come_back(page, installation, "zh-hant", code) == waits
    open_item(second_desk, installation, "樣本領隊")
    assert "waits for a second volunteer" in second_desk.inner_text("main")
    press(second_desk, 'form[action$="/accept/"] button')
    assert come_back(page, installation, "zh-hant", code) == said("zh-hant", "Accepted.")


def test_reviewing_with_the_keyboard_alone(
    page: Page, first_desk: Page, installation: Installation
) -> None:
    """Without a mouse: open the first, leave it, accept the next, and take that back."""
    for name in ("样本键甲", "样本键乙"):
        declare(page, installation, "zh-hans", Person(name))
    first_desk.goto(f"{installation.office}/")
    walk(first_desk, "a.open")
    assert "/declaration/" in first_desk.url
    left = first_desk.url
    walk(first_desk, 'form[action$="/release/"] button')
    assert "/declaration/" in first_desk.url
    assert first_desk.url != left
    walk(first_desk, 'form[action$="/accept/"] button')
    assert "Accepted." in first_desk.inner_text('[role="status"]')
    walk(first_desk, ".said button")
    assert "Undone: it waits again." in first_desk.inner_text('[role="status"]')


def walk(desk: Page, wanted: str) -> None:
    """Walk with the tabulator to what is wanted, which must not be far, and press Enter."""
    for _ in range(TABS):
        desk.keyboard.press("Tab")
        if desk.locator(f"{wanted}:focus").count():
            with desk.expect_navigation():
                desk.keyboard.press("Enter")
            return
    pytest.fail(f"{wanted} is more than {TABS} steps away")
