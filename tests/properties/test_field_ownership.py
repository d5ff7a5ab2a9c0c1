"""Server-side apply against a reference that knows nothing but keys and values."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from k8scourse.apiserver.request import APPLY_PATCH, MERGE_PATCH, Request
from k8scourse.cluster import Cluster

PATH = "/api/v1/namespaces/default/configmaps/c"
Owner = tuple[str, str]

KEYS, VALUES = st.sampled_from("abcd"), st.sampled_from("12")
MANAGERS = st.sampled_from(["alice", "bob"])
APPLIES = st.tuples(st.just("Apply"), MANAGERS, st.dictionaries(KEYS, VALUES, max_size=3), st.booleans())
UPDATES = st.tuples(
    st.just("Update"), MANAGERS, st.dictionaries(KEYS, st.none() | VALUES, min_size=1, max_size=3), st.booleans()
)


class Reference:
    """The data of a ConfigMap, and who owns which key."""

    def __init__(self) -> None:
        self.data: dict[str, str] = {}
        self.owned: dict[Owner, set[str]] = {}

    def _take(self, changed: set[str], but: Owner | None) -> None:
        for owner, keys in self.owned.items():
            if owner != but:
                keys -= changed

    def apply(self, manager: str, wanted: dict[str, str], force: bool) -> bool:
        """Whether there was no conflict."""
        me = (manager, "Apply")
        others = {key for owner, keys in self.owned.items() if owner != me for key in keys}
        changed = {key for key, value in wanted.items() if self.data.get(key) != value}
        if changed & others and not force:
            return False
        for key in self.owned.get(me, set()) - set(wanted) - others:
            del self.data[key]
        self.data.update(wanted)
        self._take(changed, me)
        self.owned[me] = set(wanted)
        return True

    def update(self, manager: str, patch: dict[str, str | None]) -> None:
        me = (manager, "Update")
        changed = {key for key, value in patch.items() if self.data.get(key) != value}
        self._take(changed, None)
        for key in changed:
            value = patch[key]
            if value is None:
                del self.data[key]
            else:
                self.data[key] = value
                self.owned.setdefault(me, set()).add(key)


def owners(obj: dict[str, Any]) -> dict[Owner, set[str]]:
    found: dict[Owner, set[str]] = {}
    for entry in obj["metadata"].get("managedFields", []):
        keys = {key[2:] for key in entry["fieldsV1"].get("f:data", {}) if key.startswith("f:")}
        if keys:
            found[(entry["manager"], entry["operation"])] = keys
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(APPLIES | UPDATES, min_size=1, max_size=10))
def test_applies_and_updates_share_fields_as_the_reference_says(steps: list[Any]):
    cluster, reference = Cluster(nodes=0), Reference()
    base = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
    query = {"fieldManager": "zoe"}
    cluster.handle(Request("POST", "/api/v1/namespaces/default/configmaps", query, {**base, "data": {"z": "0"}}))
    reference.data["z"], reference.owned[("zoe", "Update")] = "0", {"z"}
    for operation, manager, data, force in steps:
        query = {"fieldManager": manager}
        if operation == "Apply":
            query["force"] = "true" if force else "false"
            body = {**base, "data": data}
            answer = cluster.handle(Request("PATCH", PATH, query, body, APPLY_PATCH, managed_fields=True))
            assert answer.ok == reference.apply(manager, data, force)
        else:
            cluster.handle(Request("PATCH", PATH, query, {"data": data}, MERGE_PATCH))
            reference.update(manager, data)
        stored = cluster.handle(Request("GET", PATH, managed_fields=True)).body
        assert stored["data"] == reference.data
        assert owners(stored) == {owner: keys for owner, keys in reference.owned.items() if keys}
