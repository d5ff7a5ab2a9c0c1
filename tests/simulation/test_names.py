"""Generated names: the same in every run, and independent of one another."""

import re

from k8scourse.simulation.names import ALPHABET, Names


def test_a_name_depends_only_on_what_it_is_made_for():
    first, second = Names(7), Names(7)
    second.suffix("generateName", "other", "Pod", "noise-")
    assert first.suffix("generateName", "default", "Pod", "web-") == second.suffix(
        "generateName", "default", "Pod", "web-"
    )


def test_each_further_name_of_one_base_differs_and_so_does_each_seed():
    names = Names(1)
    made = {names.suffix("generateName", "default", "Pod", "web-") for _ in range(200)}
    assert len(made) == 200
    assert Names(2).suffix("generateName", "default", "Pod", "web-") not in made


def test_suffixes_use_the_alphabet_of_kubernetes():
    assert set(Names().suffix("x", "", "", "", 16)) <= set(ALPHABET)


def test_a_uid_has_the_form_of_a_random_uuid_and_a_recreated_object_gets_another():
    names = Names()
    first, second = names.uid("default", "Pod", "p"), names.uid("default", "Pod", "p")
    assert first != second
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", first)


def test_a_fork_goes_on_with_the_same_names():
    names = Names()
    names.suffix("g", "", "", "a")
    twin = names.fork()
    assert names.suffix("g", "", "", "a") == twin.suffix("g", "", "", "a")
