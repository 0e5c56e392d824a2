# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's addresses. None of them says anything about what it shows but a row's random id."""

from django.urls import path

from tuidang.web.office import (
    certificate_application,
    certificate_signing,
    certificate_visit,
    certificates,
    corrections,
    deeds,
    entrance,
    plain,
    views,
)

_APPLICATION = "certificates/application/<uuid:application_id>/"
_CERTIFICATE = "certificates/certificate/<uuid:certificate_id>/"

urlpatterns = [
    path("", views.queue_page),
    path("login/", entrance.sign_in_page),
    path("logout/", entrance.sign_out),
    path("decide/", deeds.decide),
    path("declaration/<uuid:declaration_id>/", views.declaration_page),
    path("declaration/<uuid:declaration_id>/accept/", deeds.accept_page),
    path("declaration/<uuid:declaration_id>/return/", deeds.return_page),
    path("declaration/<uuid:declaration_id>/reject/", deeds.reject_page),
    path("declaration/<uuid:declaration_id>/release/", deeds.release_page),
    path("undo/<uuid:decision_id>/", deeds.undo_page),
    path("corrections/", corrections.corrections_page),
    path("corrections/find/", corrections.find_page),
    path("published/<uuid:person_id>/", corrections.person_page),
    path("published/<uuid:person_id>/open/", corrections.open_page),
    path("published/<uuid:person_id>/ask/", corrections.ask_page),
    path("published/<uuid:person_id>/confirm/", corrections.confirm_page),
    path("published/<uuid:person_id>/back/", corrections.back_page),
    path("certificates/", certificates.certificates_page),
    path("certificates/find/", certificates.find_page),
    path("certificates/sign/", certificate_signing.sign_many_page),
    path("certificates/visit/", certificate_visit.visit_page),
    path(_APPLICATION, certificate_application.application_page),
    path(f"{_APPLICATION}check/", certificate_application.check_page),
    path(f"{_APPLICATION}ask/", certificate_application.ask_page),
    path(f"{_APPLICATION}refuse/", certificate_application.refuse_page),
    path(f"{_APPLICATION}sign/", certificate_signing.sign_page),
    path(_CERTIFICATE, certificates.certificate_page),
    path(f"{_CERTIFICATE}revoke/", certificates.revoke_page),
    path("language/", plain.language),
    path("style.css", plain.style),
    path("healthz", plain.healthz),
]
handler400 = plain.unreadable
handler403 = plain.forbidden
handler404 = plain.not_found
handler500 = plain.broken
