# SPDX-License-Identifier: AGPL-3.0-or-later
"""What may be done with an application or a certificate as it stands. Only reads.

Roles are checked above, in the office; here only states count, so that no road around a page
leads to a forbidden step.
"""

from collections.abc import Iterable

from django.db.models import Q

from tuidang.registry.audit.doers import Doer
from tuidang.registry.certificates.errors import (
    ApplicationDecided,
    ApplicationGone,
    CertificateError,
    DeclarationNotAccepted,
    NotCertifiable,
    NotValidAnyMore,
    SignerIsPreparer,
    TooManyReplies,
)
from tuidang.registry.certificates.models import Application, Certificate, Withdrawal
from tuidang.registry.declarations.models import Declaration, Person, Recall, Request

MAX_PERSONS = 12
MAX_REPLIES = 20
OPEN = (Application.State.WAITING, Application.State.PREPARED)
# For persons who are recorded and not counted there is none, but for who is counted already.
UNCERTIFIABLE = tuple(set(Person.NotCounted.values) - {Person.NotCounted.REPEAT.value})


def check_can_apply(declaration: Declaration, numbers: Iterable[int]) -> None:
    """Raise NotCertifiable unless these persons can be certified with the receipt code.

    Not the persons of a list: it has one code, in the hands of whoever handed it in (intake
    spec, section 2).
    """
    why, asked = _why_not(declaration), set(numbers)
    everybody = set(range(1, declaration.size + 1))
    if not why and not asked <= everybody:
        why = "person"
    left_out = set() if why else uncounted(declaration)
    if left_out & asked or everybody <= left_out:
        why = "uncounted"
    if why:
        raise NotCertifiable(why)


def can_apply(declaration: Declaration) -> bool:
    """Say whether anyone in this declaration can be certified, as far as the tables tell."""
    try:
        check_can_apply(declaration, ())
    except NotCertifiable:
        return False
    return True


def uncounted(declaration: Declaration) -> set[int]:
    """Return the numbers of those for whom there is no certificate, as volunteers have decided."""
    persons = Person.objects.filter(declaration=declaration.pk, not_counted__in=UNCERTIFIABLE)
    return set(persons.values_list("number", flat=True))


def is_uncounted(application: Application) -> bool:
    """Say whether its person is recorded and not counted, from the first or by a correction."""
    if application.number in uncounted(application.declaration):
        return True
    about = Q(person__declaration=application.declaration_id, person__number=application.number)
    recalled = Recall.objects.filter(correction__isnull=False, reason__in=UNCERTIFIABLE)
    return recalled.filter(about).exists()


def check_is_open(application: Application) -> None:
    """Raise ApplicationDecided unless it waits, and is not being withdrawn."""
    if not is_open(application):
        raise ApplicationDecided(application.state)


def is_open(application: Application) -> bool:
    """Say whether an application still waits for somebody."""
    return application.state in OPEN and not is_being_withdrawn(application)


def is_being_withdrawn(application: Application) -> bool:
    """Say whether the applicant asked to withdraw it."""
    return Withdrawal.objects.filter(application=application.pk).exists()


def check_can_reply(application: Application) -> None:
    """Raise ApplicationDecided or TooManyReplies unless the office takes another reply."""
    check_is_open(application)
    if application.replies.count() >= MAX_REPLIES:
        raise TooManyReplies


def check_can_prepare(application: Application) -> None:
    """Raise ApplicationDecided unless it waits for its identity check.

    NotCertifiable where the person is recorded and not counted.
    """
    if not can_prepare(application):
        raise ApplicationDecided(application.state)
    _check_counts(application)


def can_prepare(application: Application) -> bool:
    """Say whether an identity check may be recorded now."""
    waits = application.state == Application.State.WAITING
    return waits and not is_being_withdrawn(application)


def check_can_sign(application: Application, *, by: Doer) -> None:
    """Raise unless `by` may be the second of two, as far as the tables tell.

    ApplicationDecided, ApplicationGone, SignerIsPreparer, DeclarationNotAccepted, NotCertifiable.
    That the log proves the days is checked when the certificate is made.
    """
    if application.state != Application.State.PREPARED or is_being_withdrawn(application):
        raise ApplicationDecided(application.state)
    if application.sealed is None or application.prepared is None:
        raise ApplicationGone
    if application.preparer == by.id:
        raise SignerIsPreparer
    if not is_accepted(application.declaration):
        raise DeclarationNotAccepted
    _check_counts(application)


def can_sign(application: Application, *, by: Doer) -> bool:
    """Say whether `by` may sign now, as far as the tables tell."""
    try:
        check_can_sign(application, by=by)
    except CertificateError:
        return False
    return True


def is_accepted(declaration: Declaration) -> bool:
    """Say whether a declaration is accepted and nobody asked to withdraw it."""
    accepted = declaration.state == Declaration.State.ACCEPTED
    return accepted and Request.Kind.WITHDRAW not in _waiting(declaration)


def check_can_revoke(certificate: Certificate) -> None:
    """Raise NotValidAnyMore unless the certificate is valid."""
    if not can_revoke(certificate):
        raise NotValidAnyMore


def can_revoke(certificate: Certificate) -> bool:
    """Say whether there is anything to revoke."""
    return certificate.state == Certificate.State.VALID


def _check_counts(application: Application) -> None:
    if is_uncounted(application):
        raise NotCertifiable("uncounted")


def _why_not(declaration: Declaration) -> str:
    """Say what keeps a declaration's persons from being certified; nothing if nothing does."""
    waiting = _waiting(declaration)
    if declaration.state == Declaration.State.REJECTED:
        return "rejected"
    if declaration.state == Declaration.State.WITHDRAWN or Request.Kind.WITHDRAW in waiting:
        return "withdrawn"
    if declaration.is_erased or Request.Kind.ERASE in waiting or declaration.packet is None:
        return "erased"
    is_list = declaration.channel == Declaration.Channel.LIST or declaration.size > MAX_PERSONS
    return "list" if is_list else ""


def _waiting(declaration: Declaration) -> set[str]:
    requests = Request.objects.waiting().filter(declaration=declaration.pk)
    return set(requests.values_list("kind", flat=True))
