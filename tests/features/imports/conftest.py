"""The same small cast for all that is done with a file: fruit, Kim who makes it, and the desk that takes it in."""

from __future__ import annotations

import pytest

from tests.features.import_case import ljungbacken, make_fruit, make_kim, reading, taking_in


@pytest.fixture
def fruit(app):
    return make_fruit()


@pytest.fixture
def kim(fruit):
    return make_kim()


@pytest.fixture
def member(kim):
    return ljungbacken()


@pytest.fixture
def read(visit, kim, work_off):
    return reading(visit, kim, work_off)


@pytest.fixture
def take_in(read, visit, kim, work_off):
    return taking_in(read, visit, kim, work_off)
