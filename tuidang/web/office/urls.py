# SPDX-License-Identifier: AGPL-3.0-or-later
"""The office's addresses. None of them says anything about a declaration but its random id."""

from django.urls import path

from tuidang.web.office import plain, views

urlpatterns = [
    path("", views.queue_page),
    path("login/", views.sign_in_page),
    path("logout/", views.sign_out),
    path("decide/", views.decide),
    path("declaration/<uuid:declaration_id>/", views.declaration_page),
    path("declaration/<uuid:declaration_id>/accept/", views.accept_page),
    path("declaration/<uuid:declaration_id>/return/", views.return_page),
    path("declaration/<uuid:declaration_id>/reject/", views.reject_page),
    path("undo/<uuid:decision_id>/", views.undo_page),
    path("language/", plain.language),
    path("style.css", plain.style),
    path("healthz", plain.healthz),
]
handler403 = plain.forbidden
handler404 = plain.not_found
handler500 = plain.broken
