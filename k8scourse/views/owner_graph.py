"""The object graph: who owns whom (ownerReferences), and which pods a Service selects.

`owner_graph` makes plain JSON; `to_dot` writes it as DOT, for a browser to draw; `to_html` and `to_text` are trees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from k8scourse.apiserver.printers.pods import pod_status
from k8scourse.machinery.labels import selector_from
from k8scourse.views.clock import clock
from k8scourse.views.cluster_map import count
from k8scourse.views.markup import escape, table, view
from k8scourse.views.picture import Picture
from k8scourse.views.snapshot import elapsed_at

if TYPE_CHECKING:
    from k8scourse.cluster import Cluster

Object = Mapping[str, Any]
Data = Mapping[str, Any]
Key = str

MOST_OBJECTS = 60
"""Objects in one picture; beyond that a picture says nothing, and the rest is only counted."""
_LEFT_OUT = frozenset({"Event", "Lease", "ServiceAccount", "Endpoints"})
_HOUSEKEEPING = frozenset({("ConfigMap", "kube-root-ca.crt"), ("Service", "kubernetes")})
OWNS, SELECTS = "owns", "selects"


def owner_picture(cluster: Cluster, *, namespace: str = "default", at: int | None = None) -> Picture:
    """The object graph of *namespace*, as it is or at revision *at*."""
    data = owner_graph(cluster, namespace=namespace, at=at)
    return Picture(data, to_text(data), to_html(data))


def owner_graph(cluster: Cluster, *, namespace: str = "default", at: int | None = None) -> dict[str, Any]:
    """The graph as JSON: ``{namespace, time, nodes: [{key, kind, name, note}], edges: [{from, to, how}], more}``.

    *how* is "owns" or "selects", *more* counts objects beyond MOST_OBJECTS. What a cluster keeps for itself in each
    namespace (events, leases, service accounts, the root certificate, Service kubernetes) is left out. Raises
    RevisionCompacted for a revision that is no longer kept.
    """
    objects = _objects(cluster, namespace, at)
    kept = objects[:MOST_OBJECTS]
    keys = {obj["metadata"]["uid"]: _key(obj) for obj in kept}
    edges = [
        {"from": keys[owner["uid"]], "to": _key(obj), "how": OWNS}
        for obj in kept
        for owner in obj["metadata"].get("ownerReferences") or ()
        if owner["uid"] in keys
    ]
    edges += [edge for obj in kept if obj["kind"] == "Service" for edge in _selected(obj, kept)]
    elapsed = cluster.now - cluster.world.clock if at is None else elapsed_at(cluster, at)
    nodes = [
        {"key": _key(obj), "kind": obj["kind"], "name": obj["metadata"]["name"], "note": _note(obj)} for obj in kept
    ]
    return {
        "namespace": namespace,
        "time": clock(elapsed),
        "nodes": nodes,
        "edges": edges,
        "more": len(objects) - len(kept),
    }


def _objects(cluster: Cluster, namespace: str, at: int | None) -> list[Object]:
    store = cluster.store if at is None else cluster.store.at(at)
    found = [record.value for _, record in store.range("")]
    return [obj for obj in found if obj.get("metadata", {}).get("namespace") == namespace and not _is_left_out(obj)]


def _is_left_out(obj: Object) -> bool:
    return obj["kind"] in _LEFT_OUT or (obj["kind"], obj["metadata"]["name"]) in _HOUSEKEEPING


def _key(obj: Object) -> Key:
    return f"{obj['kind']}/{obj['metadata']['name']}"


def _selected(service: Object, objects: Sequence[Object]) -> Iterator[dict[str, str]]:
    wanted = service["spec"].get("selector")
    if not wanted:
        return
    selector = selector_from({"matchLabels": wanted})
    for obj in objects:
        if obj["kind"] == "Pod" and selector.matches(obj["metadata"].get("labels")):
            yield {"from": _key(service), "to": _key(obj), "how": SELECTS}


def _note(obj: Object) -> str:
    """A few words about the object's state."""
    if obj["kind"] == "Pod":
        return pod_status(obj) or "Pending"
    replicas = (obj.get("spec") or {}).get("replicas")
    return "" if replicas is None else f"{(obj.get('status') or {}).get('readyReplicas', 0)} of {replicas} ready"


# drawing


def to_dot(data: Data) -> str:
    """The graph in the DOT language: an ordinary arrow owns, a dashed one selects. Needs the package graphviz."""
    from graphviz import Digraph

    graph = Digraph("owners", graph_attr={"rankdir": "LR", "bgcolor": "transparent", "nodesep": "0.15"})
    graph.attr("node", shape="box", style="rounded", fontname="sans-serif", fontsize="11", margin="0.25,0.08")
    graph.attr("edge", fontname="sans-serif", fontsize="10", arrowsize="0.7")
    for node in data["nodes"]:
        label = "\n".join(filter(None, (node["kind"], node["name"], node["note"])))
        graph.node(_quoted(node["key"]), label=label, tooltip=node["key"], **{"class": "k8s-object"})
    for edge in data["edges"]:
        style = {"style": "dashed", "constraint": "true"} if edge["how"] == SELECTS else {}
        tooltip = f"{edge['from']} {edge['how']} {edge['to']}"
        graph.edge(_quoted(edge["from"]), _quoted(edge["to"]), tooltip=tooltip, **style)
    return graph.source


def _quoted(key: Key) -> str:
    return key.replace(":", "_")  # a colon would name a port of the node


def to_text(data: Data) -> str:
    """The graph as an indented list: below each object what it owns; what a Service selects follows in words."""
    lines = [summary(data)]
    for depth, node in _tree(data):
        note = f"  {node['note']}" if node["note"] else ""
        lines.append(f"{'  ' * depth}{node['kind']} {node['name']}{note}{_selects(data, node)}")
    return "\n".join(lines)


def summary(data: Data) -> str:
    """When, where and how many."""
    more = f", and {count(data['more'], 'object')} more" if data["more"] else ""
    return f"{data['time']}, namespace {data['namespace']}: {count(len(data['nodes']), 'object')}{more}"


def _selects(data: Data, node: Mapping[str, str]) -> str:
    names = [edge["to"].partition("/")[2] for edge in data["edges"] if edge["how"] == SELECTS
             and edge["from"] == node["key"]]  # fmt: skip
    return f"  selects {', '.join(names)}" if names else ""


def _tree(data: Data) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Each object once, below its first owner, with its depth."""
    nodes = {node["key"]: node for node in data["nodes"]}
    children: dict[Key, list[Key]] = {}
    owned: set[Key] = set()
    for edge in data["edges"]:
        if edge["how"] == OWNS and edge["to"] not in owned:
            owned.add(edge["to"])
            children.setdefault(edge["from"], []).append(edge["to"])

    def walk(key: Key, depth: int) -> Iterator[tuple[int, Mapping[str, str]]]:
        yield depth, nodes[key]
        for child in children.get(key, ()):
            yield from walk(child, depth + 1)

    for key in nodes:
        if key not in owned:
            yield from walk(key, 0)


def to_html(data: Data) -> str:
    """The graph as a nested list and a table, for pages that draw no DOT."""
    items = "".join(
        f'<li style="margin-left:{depth * 1.5}em">{escape(node["kind"])} <strong>{escape(node["name"])}</strong> '
        f'<span class="k8s-soft">{escape(node["note"] + _selects(data, node))}</span></li>'
        for depth, node in _tree(data)
    )
    rows = [[edge["from"], edge["how"], edge["to"]] for edge in data["edges"]]
    drawn = table(["Object", "does what", "to which"], rows, caption="Every arrow") if rows else ""
    return view(
        "owners",
        "Object graph",
        f'<p class="k8s-soft">{escape(summary(data))}</p>',
        f'<ul class="k8s-tree">{items}</ul>',
        f'<details data-key="table"><summary data-key="table summary">The same as a table</summary>{drawn}</details>',
    )
