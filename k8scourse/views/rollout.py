"""The rollout timeline: how many pods each ReplicaSet of a Deployment had, and how many were ready, over virtual time.

`rollout` makes plain JSON from the store's history; `to_html` draws it as SVG with a table, `to_text` as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from k8scourse.component_helpers.pod_status import is_pod_ready
from k8scourse.etcd.store import Change
from k8scourse.machinery.status import not_found
from k8scourse.views.clock import SECOND, clock
from k8scourse.views.markup import escape, table, view
from k8scourse.views.picture import Picture
from k8scourse.views.snapshot import elapsed_at

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = Mapping[str, Any]
Data = Mapping[str, Any]

_REVISION = "deployment.kubernetes.io/revision"
_FINISHED = ("Succeeded", "Failed")
_WIDTH, _LEFT, _LANE, _GAP = 640, 8, 44, 30
"""Pixels: the picture's width, its margin, the height of a lane, the room for a lane's name."""


def rollout_picture(cluster: Cluster, name: str, *, namespace: str = "default", after: int = 0) -> Picture:
    """The rollout timeline of Deployment *name*, from revision *after* on; raises ApiError 404 without it."""
    data = rollout(cluster, name, namespace=namespace, after=after)
    return Picture(data, to_text(data), to_html(data))


def rollout(cluster: Cluster, name: str, *, namespace: str = "default", after: int = 0) -> dict[str, Any]:
    """The timeline as JSON.

    ``{deployment, sets: [{name, label}], moments: [{time, elapsed, sets: {name: [ready, total]}, together: [ready,
    total], least, most}]}``: *elapsed* in ns since the cluster's start, *least* the fewest ready and *most* the most
    pods of all sets together during that instant. Pods that are being stopped or have finished do not count. Raises
    ApiError 404 without that Deployment.
    """
    owners = _sets(cluster, name, namespace)
    moments: list[dict[str, Any]] = []
    pods: dict[str, tuple[str, bool]] = {}
    for change in cluster.store.changes(cluster.store.oldest):
        if change.revision > after and not moments and pods:
            _add(moments, elapsed_at(cluster, change.revision), _totals(pods, owners))
        if _counts(pods, change, owners) and change.revision > after:
            _add(moments, elapsed_at(cluster, change.revision), _totals(pods, owners))
    if not moments:
        _add(moments, cluster.now - cluster.world.clock, _totals(pods, owners))
    seen = [one for one in owners if any(moment["sets"][one] != [0, 0] for moment in moments)]
    for moment in moments:
        moment["sets"] = {one: moment["sets"][one] for one in seen}
    sets = [{"name": one, "label": owners[one]} for one in seen]
    return {"deployment": name, "sets": sets, "moments": moments, "end": cluster.now - cluster.world.clock}


def _sets(cluster: Cluster, name: str, namespace: str) -> dict[str, str]:
    """The Deployment's ReplicaSets, also those that are gone: name -> what people call it, in order of creation."""
    found: dict[str, str] = {}
    known = False
    for change in cluster.store.changes(cluster.store.oldest):
        obj = change.record.value if change.record else None
        if obj is None or obj.get("metadata", {}).get("namespace") != namespace:
            continue
        if obj["kind"] == "Deployment" and obj["metadata"]["name"] == name:
            known = True
        if obj["kind"] == "ReplicaSet" and _controller(obj) == ("Deployment", name):
            found[obj["metadata"]["name"]] = _label(obj)
    if not known:
        raise not_found("deployments.apps", name)
    return found


def _label(replica_set: Object) -> str:
    revision = (replica_set["metadata"].get("annotations") or {}).get(_REVISION, "?")
    images = [container["image"] for container in replica_set["spec"]["template"]["spec"]["containers"]]
    return f"{replica_set['metadata']['name']} (revision {revision}, {', '.join(images)})"


def _controller(obj: Object) -> tuple[str, str]:
    owners = obj["metadata"].get("ownerReferences") or ()
    return next(((one["kind"], one["name"]) for one in owners if one.get("controller")), ("", ""))


def _counts(pods: dict[str, tuple[str, bool]], change: Change, owners: Mapping[str, str]) -> bool:
    """Bring *pods* (key -> ReplicaSet and readiness) up to date; whether that changed anything."""
    record = change.record or change.previous
    obj: Object = record.value if record else {}
    if obj.get("kind") != "Pod":
        return False
    kind, owner = _controller(obj)
    before = pods.get(change.key)
    gone = change.record is None or obj["metadata"].get("deletionTimestamp")
    finished = (obj.get("status") or {}).get("phase") in _FINISHED
    if gone or finished or kind != "ReplicaSet" or owner not in owners:
        pods.pop(change.key, None)
    else:
        pods[change.key] = (owner, is_pod_ready(obj))
    return pods.get(change.key) != before


def _totals(pods: Mapping[str, tuple[str, bool]], owners: Mapping[str, str]) -> dict[str, list[int]]:
    totals = {one: [0, 0] for one in owners}
    for owner, ready in pods.values():
        totals[owner][0] += ready
        totals[owner][1] += 1
    return totals


def _add(moments: list[dict[str, Any]], elapsed: int, totals: dict[str, list[int]]) -> None:
    """Add what holds at *elapsed*; several changes of one instant make one moment."""
    together = [sum(pair[0] for pair in totals.values()), sum(pair[1] for pair in totals.values())]
    least, most = together
    if moments and moments[-1]["elapsed"] == elapsed:
        last = moments.pop()
        least, most = min(least, last["least"]), max(most, last["most"])
    moments.append({"time": clock(elapsed), "elapsed": elapsed, "sets": totals, "together": together,
                    "least": least, "most": most})  # fmt: skip


# drawing


def to_text(data: Data) -> str:
    """The timeline as a table in plain text, ready/total per ReplicaSet."""
    header, *rows = _table(data)
    cells = [header, *rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    names = [f"{letter} = {one['label']}" for letter, one in _letters(data)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    return "\n".join([*names, *lines])


def _letters(data: Data) -> Iterator[tuple[str, Mapping[str, str]]]:
    for number, one in enumerate(data["sets"]):
        yield f"set {number + 1}", one


def _table(data: Data) -> list[list[str]]:
    header = ["time", *(letter for letter, _ in _letters(data)), "together", "fewest ready", "most pods"]
    rows = [
        [
            moment["time"],
            *(_pair(moment["sets"][one["name"]]) for one in data["sets"]),
            _pair(moment["together"]),
            str(moment["least"]),
            str(moment["most"]),
        ]
        for moment in data["moments"]
    ]
    return [header, *rows]


def _pair(pair: list[int]) -> str:
    return f"{pair[0]}/{pair[1]}"


def to_html(data: Data) -> str:
    """The timeline as a picture, one lane per ReplicaSet, with its numbers as a table below."""
    header, *rows = _table(data)
    names = "".join(f"<li><strong>{letter}</strong>: {escape(one['label'])}</li>" for letter, one in _letters(data))
    drawn = table(header, rows, caption="Ready pods / all pods, at the end of each instant")
    return view(
        "rollout",
        "Rollout timeline",
        f"<p>{escape(_summary(data))}</p><ul>{names}</ul>",
        _svg(data),
        '<p class="k8s-soft">Filled: ready pods. Outline: all pods. Time runs from left to right.</p>',
        f'<details data-key="table"><summary data-key="table summary">The same as a table</summary>{drawn}</details>',
        style="rollout",
    )


def _summary(data: Data) -> str:
    first, last = data["moments"][0], data["moments"][-1]
    least = min(moment["least"] for moment in data["moments"])
    most = max(moment["most"] for moment in data["moments"])
    return (
        f"Deployment {data['deployment']}, {first['time']} to {last['time']}: never fewer than {least} ready, "
        f"never more than {most} pods."
    )


def _svg(data: Data) -> str:
    lanes = [(letter, one["name"]) for letter, one in _letters(data)] + [("together", "")]
    moments = data["moments"]
    start, end = moments[0]["elapsed"], max(moments[-1]["elapsed"], data["end"], moments[0]["elapsed"] + SECOND)
    end = min(end, moments[-1]["elapsed"] + max(SECOND, (moments[-1]["elapsed"] - start) // 8))
    highest = max(1, *(moment["most"] for moment in moments))
    height = len(lanes) * (_LANE + _GAP) + 20
    parts = [
        _lane(letter, _values(moments, name), (start, end), highest, number * (_LANE + _GAP))
        for number, (letter, name) in enumerate(lanes)
    ]
    ticks = (
        f'<text x="{_LEFT}" y="{height - 4}">{moments[0]["time"]}</text>'
        f'<text x="{_WIDTH - _LEFT}" y="{height - 4}" text-anchor="end">{clock(end)}</text>'
    )
    return (
        f'<svg class="k8s-lanes" role="img" aria-label="{escape(_summary(data))}" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}">{"".join(parts)}{ticks}</svg>'
    )


def _values(moments: list[dict[str, Any]], name: str) -> list[tuple[int, int, int]]:
    return [(one["elapsed"], *(one["sets"][name] if name else one["together"])) for one in moments]


def _lane(letter: str, values: list[tuple[int, int, int]], span: tuple[int, int], highest: int, top: int) -> str:
    base = top + _GAP + _LANE - 6
    ready = _steps([(at, number) for at, number, _ in values], span, highest, base)
    total = _steps([(at, number) for at, _, number in values], span, highest, base)
    last = values[-1]
    return (
        f'<text x="{_LEFT}" y="{top + 16}">{letter}: {last[1]} ready of {last[2]} at the end</text>'
        f'<path class="k8s-ready" d="{ready}"/><path class="k8s-total" d="{total}"/>'
        f'<path class="k8s-ground" d="M{_LEFT} {base}H{_WIDTH - _LEFT}"/>'
    )


def _steps(values: list[tuple[int, int]], span: tuple[int, int], highest: int, base: int) -> str:
    """A closed staircase over the ground line."""
    start, end = span
    path = [f"M{_LEFT} {base}"]
    for at, number in values:
        across = _LEFT + (at - start) * (_WIDTH - 2 * _LEFT) // max(1, end - start)
        path.append(f"H{across}V{base - number * (_LANE - 6) // highest}")
    return f"{''.join(path)}H{_WIDTH - _LEFT}V{base}Z"
