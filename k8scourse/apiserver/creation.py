"""The steps of a creation one by one, for views that show who adds what: decoded, defaulted, admitted, prepared.

The same functions in the same order as `writing.create_object`; nothing is validated and nothing stored. A test holds
the last stage to what the API server keeps.
"""

from __future__ import annotations

from typing import Any

from k8scourse.apiserver import rest
from k8scourse.apiserver.admission import CREATE, DEFAULT_PLUGINS, Attributes
from k8scourse.apiserver.authentication import UserInfo
from k8scourse.apiserver.conversion import convert
from k8scourse.apiserver.decode import decode
from k8scourse.apiserver.defaults import default_object
from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.schemas import Schemas
from k8scourse.apiserver.storage import Storage
from k8scourse.apiserver.strategies import strategy_for
from k8scourse.machinery.copying import copy_json
from k8scourse.simulation.names import Names

Object = dict[str, Any]
Stage = tuple[str, Object]

SERVER = "API server"
DEFAULT = "default"


def creation_stages(
    body: Object,
    resource: ResourceInfo,
    namespace: str,
    *,
    schemas: Schemas,
    storage: Storage,
    names: Names,
    now: int,
    user: UserInfo,
) -> list[Stage]:
    """(who, the object afterwards) for each step that changes the object of *body*; admission plugins by their names.

    *names* gives what is generated (a fork's, so that none is used up). Raises ApiError for a body that can't be read
    or that a plugin refuses.
    """
    obj, _ = decode(body, resource, schemas, "Ignore")
    stages: list[Stage] = []
    default_object(resource.group, resource.kind, obj)
    convert(obj, resource.group, resource.kind)
    stages.append((DEFAULT, copy_json(obj)))
    rest.match_namespace(obj, resource, namespace if resource.namespaced else "")
    rest.fill_system_fields(obj, now, names, resource)
    stages.append((SERVER, copy_json(obj)))
    attributes = Attributes(
        operation=CREATE,
        resource=resource,
        subresource="",
        namespace=namespace if resource.namespaced else "",
        name=obj["metadata"].get("name", ""),
        object=obj,
        old_object=None,
        user=user.name,
        groups=user.groups,
        options={},
        reader=storage,
        warnings=[],
        names=names,
    )
    for plugin in DEFAULT_PLUGINS:
        admit = getattr(plugin, "admit", None)
        if admit is not None:
            admit(attributes)
            stages.append((plugin.name, copy_json(obj)))
    strategy_for(resource).prepare_for_create(obj)
    stages.append((SERVER, copy_json(obj)))
    return stages
