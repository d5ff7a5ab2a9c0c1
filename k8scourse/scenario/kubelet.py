"""White box: the kubelet's garbage collection and back-off (scenario.md, section 7), and pods that it fails."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from k8scourse.scenario.answer import Answer
from k8scourse.scenario.context import Context
from k8scourse.scenario.words import action, unsimulated_actions, unsimulated_expectations

_MERGE_PATCH = "application/merge-patch+json"

unsimulated_actions("the kubelet's image garbage collection", "kubelet.collect_images")
unsimulated_actions("the kubelet's container garbage collection", "kubelet.collect_containers")
unsimulated_expectations("the kubelet's image garbage collection", "kubelet.images_removed", "kubelet.bytes_freed")
unsimulated_expectations("the kubelet's container garbage collection", "kubelet.containers_left")
unsimulated_expectations("the kubelet's back-off of image pulls", "kubelet.pull_backoff")


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
