"""The Norrtälje way, whole: interest, an agreement that both sign, a bargained order, goods that weigh otherwise, a word after."""

from __future__ import annotations

import pytest
from browser.agreeing import (
    add_passkey,
    check_seal,
    make_agreement,
    see_who_sells_what,
    show_interest,
    sign_with_passkey,
    sign_with_password,
)
from browser.bargaining import (
    ON_THURSDAY,
    accept,
    counter,
    propose,
    read_it,
    receive,
    say_how_it_was,
    see_the_credit,
)
from browser.visiting import DESKTOP, PHONE, TABLET

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_interest_to_a_sealed_agreement_to_a_bargained_order_to_its_receipt(site, visit, tmp_path):
    karin, maria, anna = visit(TABLET), visit(DESKTOP), visit(PHONE)
    anna.address = site.address.replace("127.0.0.1", "localhost")  # a passkey belongs to a name
    show_interest(karin)
    url = make_agreement(maria)
    sign_with_password(maria, url)
    add_passkey(anna)
    sign_with_passkey(anna, url)
    check_seal(anna, url, tmp_path)
    see_who_sells_what(karin)
    propose(karin)
    counter(anna)
    accept(karin)
    site.at = ON_THURSDAY
    receive(karin)
    see_the_credit(anna)
    say_how_it_was(karin)
    read_it(anna)
