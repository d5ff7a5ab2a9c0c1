"""What holds for every story: forks, split time, order and names change nothing."""

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.properties.stories import NODES, PODS, STORIES, Story, act, dump, placements, tell

FEW = settings(max_examples=40, deadline=None)


@FEW
@given(STORIES, STORIES)
def test_a_fork_lives_on_exactly_as_its_origin_would(before: Story, after: Story):
    cluster = tell(before)
    frozen = dump(cluster)
    twin = cluster.fork()
    for step in after:
        act(twin, step)
    assert dump(cluster) == frozen
    for step in after:
        act(cluster, step)
    assert dump(twin) == dump(cluster)
    assert list(twin.journal) == list(cluster.journal)


@FEW
@given(STORIES, STORIES, STORIES)
def test_what_happens_on_a_fork_does_not_happen_to_its_origin(before: Story, elsewhere: Story, after: Story):
    cluster = tell(before)
    twin = cluster.fork()
    for step in [*elsewhere, ("run", "100")]:
        act(twin, step)
    for step in [*after, ("run", "100")]:
        act(cluster, step)
    assert dump(cluster) == dump(tell([*before, *after, ("run", "100")]))


@FEW
@given(STORIES, st.integers(0, 400), st.integers(0, 400))
def test_time_can_be_split_anywhere(story: Story, first: int, second: int):
    whole, parts = tell(story), tell(story)
    whole.run(f"{first + second}s")
    parts.run(f"{first}s")
    parts.run(f"{second}s")
    assert dump(whole) == dump(parts)
    assert whole.now == parts.now


@FEW
@given(STORIES)
def test_the_same_story_is_told_the_same_way_twice(story: Story):
    first, second = tell(story), tell(story)
    assert dump(first) == dump(second)
    assert str(first.kubectl("get all -A -o yaml")) == str(second.kubectl("get all -A -o yaml"))


@FEW
@given(STORIES, st.permutations(NODES))
def test_the_order_in_which_nodes_are_listed_decides_nothing(story: Story, order: list[str]):
    assert placements(tell(story)) == placements(tell(story, order))


@FEW
@given(STORIES)
def test_other_names_for_taints_lead_to_the_same_placements(story: Story):
    renamed = [tuple({"gpu": "tpu", "disk": "ssd.example.com/fast"}.get(word, word) for word in step) for step in story]
    assert placements(tell(story)) == placements(tell(renamed))


@FEW
@given(STORIES)
def test_other_names_for_pods_lead_to_the_same_placements(story: Story):
    names = {name: f"z-{name}" for name in PODS}
    renamed = [tuple(names.get(word, word) for word in step) for step in story]
    expected = {names.get(name, name): place for name, place in placements(tell(story)).items()}
    assert placements(tell(renamed)) == expected


@FEW
@given(STORIES)
def test_the_past_stays_as_it_was(story: Story):
    cluster = tell(story[: len(story) // 2])
    revision, frozen = cluster.revision, dict(dump(cluster).items())
    for step in story[len(story) // 2 :]:
        act(cluster, step)
    past = cluster.store.at(revision)
    assert {key: (record.value, record.mod_revision) for key, record in past.range("/")} == frozen


SCRIPT = """
from tests.properties.stories import dump, tell
story = [("deployment", "web", "4"), ("taint", "n1", "gpu", "NoExecute"), ("silence", "n2"), ("run", "100"),
         ("pod", "a", "gpu", "", ""), ("run", "100"), ("run", "100"), ("wake", "n2"), ("run", "30")]
cluster = tell(story)
print(dump(cluster), list(cluster.journal), cluster.kubectl("describe nodes"), cluster.kubectl("get events -A"))
"""


def test_output_is_the_same_under_every_hash_seed():
    outputs = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert next(iter(outputs))
