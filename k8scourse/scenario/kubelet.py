"""White box: the kubelet's garbage collection and back-off (scenario.md, section 7), and pods that it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.kubelet import container_gc, image_gc
from k8scourse.kubelet.container_gc import ContainerGCPolicy, DeadContainer
from k8scourse.kubelet.image_gc import Disk, Image, ImageCollection, ImageGCPolicy, validate
from k8scourse.kubelet.pulling import pull_back_off
from k8scourse.machinery.duration import format_duration
from k8scourse.machinery.timestamps import format_time
from k8scourse.scenario.answer import Answer
from k8scourse.scenario.context import Context
from k8scourse.scenario.values import nanoseconds, show
from k8scourse.scenario.words import Miss, NoMeaning, action, expectation

_MERGE_PATCH = "application/merge-patch+json"


@action("kubelet.collect_images")
def collect_images(context: Context, argument: Mapping[str, Any]) -> None:
    """One look of a kubelet at these images; it began to look at 0s. What it has to say is an event about a node."""
    policy = ImageGCPolicy(
        high=argument.get("high", 85),
        low=argument.get("low", 80),
        min_age=nanoseconds(argument.get("min_age", "2m")),
        max_age=nanoseconds(argument.get("max_age", "0s")),
    )
    faults = validate(policy)
    if faults:
        raise NoMeaning("; ".join(faults))
    images = [
        Image(
            one["id"],
            one["size"],
            nanoseconds(one["first_detected"]),
            nanoseconds(one["last_used"]),
            one.get("in_use", False),
            one.get("pinned", False),
        )
        for one in argument["images"]
    ]
    disk = Disk(argument["capacity"], argument["available"])
    found = image_gc.collect_images(images, disk, policy, now=nanoseconds(argument["now"]), began=0)
    context.found["kubelet.images"] = found
    if found.event is not None:
        _tell(context, *found.event)


def _tell(context: Context, reason: str, message: str) -> None:
    """A warning about the first node, as its kubelet writes it."""
    nodes = context.items({"kind": "Node", "apiVersion": "v1"})
    node = nodes[0]["metadata"]["name"] if nodes else "node"
    time = format_time(context.world.now)
    event = {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": {"generateName": f"{node}.", "namespace": "default"},
        "involvedObject": {"apiVersion": "v1", "kind": "Node", "name": node},
        "type": "Warning",
        "reason": reason,
        "message": message,
        "source": {"component": "kubelet", "host": node},
        "count": 1,
        "firstTimestamp": time,
        "lastTimestamp": time,
    }
    answer = context.world.request("POST", context.world.url("Event", "v1", namespace="default"), body=event)
    if not answer.ok:
        raise NoMeaning(f"the event was {answer.describe()}")


@action("kubelet.collect_containers")
def collect_containers(context: Context, argument: Mapping[str, Any]) -> None:
    """One look of a kubelet at these dead containers."""
    policy = ContainerGCPolicy(argument.get("per_container", 1), argument.get("max_total", -1))
    dead = [
        DeadContainer(
            one["id"], one["pod"], one["container"], nanoseconds(one["created"]), one.get("pod_deleted", False)
        )
        for one in argument["dead"]
    ]
    newest = max((one.created for one in dead), default=0)
    context.found["kubelet.containers"] = container_gc.collect_containers(dead, policy, now=newest)


def _images(context: Context) -> ImageCollection:
    found = context.found.get("kubelet.images")
    if not isinstance(found, ImageCollection):
        raise NoMeaning("no images were collected before: kubelet.collect_images")
    return found


@expectation("kubelet.images_removed")
def images_removed(context: Context, argument: Any) -> Miss | None:
    """Which images were removed, in this order."""
    ids = [one.image.id for one in _images(context).removed]
    return None if ids == argument else Miss(show(ids))


@expectation("kubelet.bytes_freed")
def bytes_freed(context: Context, argument: Any) -> Miss | None:
    """The bytes of the removed images."""
    freed = _images(context).freed
    return None if freed == argument else Miss(str(freed))


@expectation("kubelet.containers_left")
def containers_left(context: Context, argument: Any) -> Miss | None:
    """Which dead containers were left, in any order."""
    found = context.found.get("kubelet.containers")
    if found is None:
        raise NoMeaning("no containers were collected before: kubelet.collect_containers")
    ids = [one.id for one in found]
    return None if sorted(ids) == sorted(argument) else Miss(show(ids))


@expectation("kubelet.pull_backoff")
def pull_backoff(context: Context, argument: Mapping[str, Any]) -> Miss | None:
    """For how long no new pull is tried after the first, second ... failure."""
    waits = [pull_back_off(failure) for failure in range(1, argument["failures"] + 1)]
    if waits == [nanoseconds(text) for text in argument["equals"]]:
        return None
    return Miss(show([format_duration(wait) for wait in waits]))


@action("fail_pods")
def fail_pods(context: Context, argument: Mapping[str, Any]) -> Answer:
    """Marks pods Failed through their status; the answer of the first refused write, else of the last."""
    namespace = {"namespace": argument["namespace"]} if "namespace" in argument else {}
    pods = context.items({"kind": "Pod", "apiVersion": "v1", "selector": argument["selector"], **namespace})
    status = {"phase": "Failed", "reason": argument.get("reason", "Evicted")}
    answer = Answer(ok=True)
    for pod in pods:
        metadata = pod["metadata"]
        url = context.world.url(
            "Pod", "v1", namespace=metadata["namespace"], name=metadata["name"], subresource="status"
        )
        answer = context.world.request("PATCH", url, body={"status": status}, content_type=_MERGE_PATCH)
        if not answer.ok:
            return answer
    return answer
