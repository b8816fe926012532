"""The administrator's forms for people: a new account, its name and address, a password, a role."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_security import hash_password
from wtforms import EmailField, PasswordField, RadioField, SelectField, StringField
from wtforms.validators import Length

from market.accounts.rules import Role
from market.form_fields import NEEDED, NarmatForm
from market.navigation import ROLE_LABELS
from market.register.models import Authority, Kitchen, Producer
from market.register.validators import EMAIL, WRITTEN, SoundPassword

NO_ORGANISATION = "none"


class RoleForm(NarmatForm):
    """A role and the organisation that it is in."""

    role = RadioField(_l("Roll"), validators=[NEEDED])
    organisation = SelectField(
        _l("Organisation"),
        description=_l("En administratör hör inte till någon organisation."),
        validators=[NEEDED],
    )

    def offer_choices(
        self, *, authorities: Sequence[Authority], kitchens: Sequence[Kitchen], producers: Sequence[Producer]
    ) -> None:
        self.role.choices = [(role.value, gettext(name)) for role, name in ROLE_LABELS.items()]
        self.organisation.choices = {
            gettext("Ingen"): [(NO_ORGANISATION, gettext("Ingen organisation"))],
            gettext("Myndigheter"): [(f"authority:{a.id}", a.name) for a in authorities],
            gettext("Kök"): [(f"kitchen:{k.id}", f"{k.authority.name}: {k.name}") for k in kitchens],
            gettext("Producenter"): [(f"producer:{p.id}", p.name) for p in producers],
        }

    def membership(self) -> dict[str, Any]:
        """The role, and the id of the organisation chosen under the name of its kind."""
        kind, _, number = self.organisation.data.partition(":")
        ids = {name: int(number) if name == kind else None for name in ("authority", "kitchen", "producer")}
        return {"role": Role(self.role.data), **{f"{name}_id": value for name, value in ids.items()}}


class UserForm(NarmatForm):
    """Who someone is."""

    name = StringField(_l("Namn"), validators=[WRITTEN, Length(max=120)])
    email = EmailField(_l("E-post"), validators=[WRITTEN, Length(max=255), EMAIL])

    def person(self) -> dict[str, str]:
        return {"name": self.name.data or "", "email": self.email.data or ""}


class PasswordForm(NarmatForm):
    """A password that the administrator hands over; the person can change it later."""

    password = PasswordField(
        _l("Lösenord"),
        description=_l("Minst 12 tecken. Lämna över det muntligt; det visas inte igen."),
        validators=[NEEDED, SoundPassword()],
    )

    def hashed(self) -> str:
        """The password as it is stored: argon2id."""
        return str(hash_password(self.password.data or ""))


class NewUserForm(UserForm, RoleForm, PasswordForm):
    """A new account with its first role and its first password."""
