"""Signing in, throttled by failures kept in the database."""

from __future__ import annotations

from typing import Any

from flask_security.forms import LoginForm

from market import shell
from market.accounts.fresh import who_tries
from market.accounts.operations import may_try, note_failure
from market.accounts.rules import TooManyFailures


class ThrottledLoginForm(LoginForm):
    """Flask-Security's form; after too many wrong passwords it refuses even the right one for a while."""

    def validate(self, **kwargs: Any) -> bool:
        self.email.data = (self.email.data or "").strip().lower()  # as stored; phones like a capital first
        who = who_tries(self.email.data)
        session, at = shell.session(), shell.now()
        if not may_try(session, at=at, **who):
            self.form_errors = [shell.explain(TooManyFailures())]
            return False
        if super().validate(**kwargs):
            return True
        note_failure(session, at=at, **who)
        session.commit()
        return False
