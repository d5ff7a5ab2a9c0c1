"""A small hand-made PatchSchema, the fields of a Pod that show every strategy, and random objects that fit it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True)
class Meta:
    schema: "Schema | None" = None
    merge_key: str | None = None
    strategies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    name: str
    fields: Mapping[str, Meta]

    def field(self, name: str, /) -> Meta | None:
        return self.fields.get(name)


ENV = Schema("EnvVar", {"name": Meta(), "value": Meta(), "valueFrom": Meta(Schema("EnvVarSource", {}))})
PORT = Schema("ContainerPort", {"containerPort": Meta(), "protocol": Meta(), "name": Meta()})
CONTAINER = Schema(
    "Container",
    {
        "name": Meta(),
        "image": Meta(),
        "args": Meta(),
        "env": Meta(ENV, "name", ("merge",)),
        "ports": Meta(PORT, "containerPort", ("merge",)),
    },
)
EMPTY_DIR = Schema("EmptyDirVolumeSource", {"medium": Meta()})
VOLUME = Schema("Volume", {"name": Meta(), "emptyDir": Meta(EMPTY_DIR), "configMap": Meta(EMPTY_DIR)})
TOLERATION = Schema("Toleration", {"key": Meta(), "effect": Meta()})
SPEC = Schema(
    "PodSpec",
    {
        "containers": Meta(CONTAINER, "name", ("merge",)),
        "volumes": Meta(VOLUME, "name", ("merge", "retainKeys")),
        "tolerations": Meta(TOLERATION),
        "nodeSelector": Meta(),
        "nodeName": Meta(),
        "strategy": Meta(Schema("Strategy", {"type": Meta(), "rollingUpdate": Meta(EMPTY_DIR)}), None, ("retainKeys",)),
        "atomic": Meta(EMPTY_DIR, None, ("replace",)),
    },
)
METADATA = Schema(
    "ObjectMeta", {"name": Meta(), "labels": Meta(), "annotations": Meta(), "finalizers": Meta(None, None, ("merge",))}
)
POD = Schema("Pod", {"metadata": Meta(METADATA), "spec": Meta(SPEC), "kind": Meta()})

NAMES = st.lists(st.sampled_from("abcd"), unique=True, max_size=4)
TEXTS = st.sampled_from(["1", "2", "3"])
MAPS = st.dictionaries(st.sampled_from("xyz"), TEXTS, max_size=3)


@st.composite
def items(draw: st.DrawFn, **fields: st.SearchStrategy[Any]) -> list[dict[str, Any]]:
    return [{"name": name, **draw(st.fixed_dictionaries({}, optional=fields))} for name in draw(NAMES)]


ENVS = items(value=TEXTS)
CONTAINERS = items(image=TEXTS, args=st.lists(TEXTS, max_size=3), env=ENVS)
VOLUMES = items(emptyDir=st.just({"medium": "m"}), configMap=st.just({"medium": "n"}))
SPECS = st.fixed_dictionaries(
    {},
    optional={
        "containers": CONTAINERS,
        "volumes": VOLUMES,
        "nodeSelector": MAPS,
        "nodeName": TEXTS,
        "tolerations": st.lists(st.fixed_dictionaries({"key": TEXTS}), max_size=2),
        "strategy": st.fixed_dictionaries({}, optional={"type": TEXTS, "rollingUpdate": st.just({"medium": "m"})}),
    },
)
METAS = st.fixed_dictionaries({}, optional={"labels": MAPS, "finalizers": NAMES})
PODS = st.fixed_dictionaries({}, optional={"metadata": METAS, "spec": SPECS})
