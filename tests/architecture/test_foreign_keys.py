# SPDX-License-Identifier: AGPL-3.0-or-later
"""Foreign keys written as strings obey the same order as imports."""

from django.apps import apps
from django.db.models import ForeignKey

from tests.architecture.house import SOURCE, registry_layers

LAYERS = registry_layers()
FLOOR = {room: number for number, layer in enumerate(LAYERS) for room in layer}


def test_every_foreign_key_points_down() -> None:
    """A table refers only to its own room or to a room on a lower layer."""
    upward = []
    for room, number in FLOOR.items():
        for model in apps.get_app_config(room).get_models():
            for field in model._meta.get_fields():
                if isinstance(field, ForeignKey):
                    target = field.related_model._meta.app_label  # type: ignore[union-attr]
                    if target != room and FLOOR.get(target, -1) <= number:
                        upward.append(f"{room}.{model.__name__}.{field.name} -> {target}")
    assert upward == []


def test_the_list_of_rooms_is_complete() -> None:
    """Every folder of the registry stands in the list of layers, and every room is an app."""
    folders = {p.parent.name for p in SOURCE.glob("registry/*/__init__.py")}
    assert folders == set(FLOOR)
    assert set(FLOOR) <= {config.label for config in apps.get_app_configs()}


def test_no_table_counts_its_rows() -> None:
    """No primary key is a sequence: an order of arrival is never stored."""
    counting = [
        model.__name__
        for room in FLOOR
        for model in apps.get_app_config(room).get_models()
        if "Auto" in type(model._meta.pk).__name__
    ]
    assert counting == []
