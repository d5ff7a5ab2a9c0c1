"""Writing: create, update, patch and delete, each through defaulting, admission and validation to one revision.

Source: staging/src/k8s.io/apiserver/pkg/endpoints/handlers/{create,update,patch,delete}.go and
registry/generic/registry/store.go
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from k8scourse.apiserver import field_management, rest, service_storage
from k8scourse.apiserver.admission import DEFAULT_PLUGINS, Attributes
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.conversion import convert
from k8scourse.apiserver.decode import STRICT, WARN, cannot_be_handled, decode
from k8scourse.apiserver.defaults import DEFAULTERS
from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.apiserver.managed_fields.ledger import Note
from k8scourse.apiserver.managed_fields.managers import Managers
from k8scourse.apiserver.patching import apply_patch, check_options, read_patch
from k8scourse.apiserver.request import APPLY_PATCH, PROTOBUF
from k8scourse.apiserver.server_side_apply import apply
from k8scourse.apiserver.storage import object_key
from k8scourse.apiserver.strategies import Strategy
from k8scourse.apiserver.validation.object_meta import validate_object_meta, validate_object_meta_update
from k8scourse.machinery import field, status
from k8scourse.machinery.copying import copy_json
from k8scourse.machinery.field import FieldError
from k8scourse.machinery.go_format import go_value
from k8scourse.machinery.json_body import parse_json

Object = dict[str, Any]


VERSION_ON_CREATE = "resourceVersion should not be set on objects to be created"
"""storage/etcd3/store.go Create."""

BEGIN_CREATE: Mapping[str, Callable[[Call, Object], None]] = {"services": service_storage.begin_create}
BEGIN_UPDATE: Mapping[str, Callable[[Call, Object, Object], None]] = {"services": service_storage.begin_update}
"""What a resource's storage does to an object between admission and validation (Store.BeginCreate, BeginUpdate)."""


def mutating_admission(attributes: Attributes) -> None:
    """Let every mutating plugin change the object; raises ApiError."""
    for plugin in DEFAULT_PLUGINS:
        admit = getattr(plugin, "admit", None)
        if admit is not None:
            admit(attributes)


def validating_admission(attributes: Attributes) -> None:
    """Let every validating plugin look at the object; raises ApiError."""
    for plugin in DEFAULT_PLUGINS:
        validate = getattr(plugin, "validate", None)
        if validate is not None:
            validate(attributes)


def read_body(call: Call, body: Any) -> Object:
    """The body as a private object of the resource's kind, with defaults; raises ApiError 400."""
    resource = call.resource
    request = call.request
    if request.content_type == PROTOBUF and call.info.subresource == "status":
        # What lies outside of the status is taken from the stored object: it needs neither copy nor defaults.
        found = body.get("status") or {}
        obj = {**body, "metadata": dict(body["metadata"]), "status": found if request.fresh else copy_json(found)}
        obj["apiVersion"], obj["kind"] = resource.group_version, resource.kind
        return obj
    if request.content_type == PROTOBUF:
        obj = body if request.fresh else copy_json(body)
        obj["apiVersion"], obj["kind"] = resource.group_version, resource.kind
    else:
        mode = call.request.query.get("fieldValidation") or "Warn"
        if isinstance(body, str):
            body = _parse(body)
        if not isinstance(body, dict):
            raise status.bad_request(
                "the body of the request was in an unknown format - accepted media types include: application/json"
            )
        obj = decode_for(call, body, mode)
    set_defaults(obj, call)
    return obj


def decode_for(call: Call, body: Any, mode: str) -> Object:
    """*body* decoded as the request's resource; custom resources lose what their schema does not declare.

    Adds warnings to the call; raises ApiError 400.
    """
    resource = call.resource
    obj, warnings = decode(body, resource, call.server.schemas, mode)
    custom = call.server.custom_resources.version(resource)
    if custom is not None:
        unknown = [f'unknown field "{path}"' for path in custom.prune(obj)]
        if unknown and mode == STRICT:
            text = f"strict decoding error: {', '.join(unknown)}"
            raise cannot_be_handled(resource.group_version, resource.kind, resource.kind, text)
        warnings = [*warnings, *(unknown if mode == WARN else ())]
    call.warnings.extend(warnings)
    return obj


def _parse(text: str) -> Any:
    try:
        return parse_json(text)
    except ValueError as error:
        raise status.bad_request(f"couldn't get version/kind; json parse error: {error}") from None


def set_defaults(obj: Object, call: Call) -> None:
    """Fill in what the manifest leaves out, in place."""
    custom = call.server.custom_resources.version(call.resource)
    if custom is not None:
        custom.set_defaults(obj)
        return
    group, kind = call.resource.group, call.resource.kind
    default = DEFAULTERS.get((group, kind))
    if default is not None:
        default(obj)
    convert(obj, group, kind)


def create(call: Call) -> Object:
    """Create the object of the body; raises ApiError."""
    obj = read_body(call, call.request.body)
    if (obj.get("metadata") or {}).get("resourceVersion") not in (None, "", "0"):
        raise status.failure(500, "", VERSION_ON_CREATE)
    return create_object(call, obj)


def create_object(call: Call, obj: Object, managers: Managers | None = None) -> Object:
    """Create an already decoded *obj* (taken over) whose *managers* are known or follow; raises ApiError."""
    server, resource = call.server, call.resource
    rest.match_namespace(obj, resource, call.namespace)
    call.note = field_management.creation(call, obj) if managers is None else Note.known(managers)
    rest.fill_system_fields(obj, server.engine.now, call.names, resource)
    attributes = call.admit("CREATE", obj, None)
    mutating_admission(attributes)
    begin = BEGIN_CREATE.get(resource.group_resource)
    if begin is not None:
        begin(call, obj)
    strategy = server.strategy_of(resource)
    strategy.prepare_for_create(obj)
    errors = strategy.validate(obj) or validate_object_meta(obj, resource)
    if errors:
        raise status.invalid(resource.group_kind, obj["metadata"].get("name", ""), errors)
    call.warnings.extend(strategy.warnings_on_create(obj))
    validating_admission(attributes)
    metadata = obj["metadata"]
    if server.storage.get(resource.group_resource, metadata.get("namespace", ""), metadata["name"]) is not None:
        if metadata.get("generateName"):
            raise status.generate_name_conflict(resource.group_resource, metadata["name"])
        raise status.already_exists(resource.group_resource, metadata["name"])
    if call.dry_run:
        return obj
    return server.storage.write(resource.group_resource, obj, call.note)


def update(call: Call) -> tuple[int, Object]:
    """Replace the object by the body; creates it where the kind allows that. Raises ApiError."""
    obj = read_body(call, call.request.body)
    name = check_name(call, obj)
    old = call.server.storage.get(call.resource.group_resource, call.namespace, name)
    if old is None:
        if call.server.strategy_of(call.resource).allow_create_on_update and not call.info.subresource:
            return 201, create_object(call, obj)
        raise status.not_found(call.resource.group_resource, name)
    return 200, replace(call, obj, old)


def patch(call: Call) -> tuple[int, Object]:
    """Patch the stored object, or apply a configuration to it, which may create it; raises ApiError."""
    check_options(call)
    if call.request.content_type == APPLY_PATCH:
        return _apply(call)
    change = read_patch(call.request.body, call.request.content_type)
    old = call.server.read(call.resource, call.namespace, call.info.name)
    current = field_management.as_patched(call, old, change)
    patched = apply_patch(current, change, call.request.content_type, call.server.schema_of(call.resource))
    return 200, replace(call, _decode_patched(call, patched, change), old)


def _apply(call: Call) -> tuple[int, Object]:
    """Server-side apply: merge the configuration into the live object, and take over its fields."""
    outcome = apply(call)
    mode = "Ignore"  # its fields were checked against the kind's shape
    obj = decode_for(call, outcome.obj, mode)
    set_defaults(obj, call)
    check_name(call, obj)
    if outcome.live is None:
        return 201, create_object(call, obj, outcome.managers)
    return 200, replace(call, obj, outcome.live, outcome.managers)


def _decode_patched(call: Call, patched: Object, change: Any) -> Object:
    """The patched object as a private one; an unknown field is a 422 about the patch, as in the real server."""
    mode = call.request.query.get("fieldValidation") or "Warn"
    try:
        obj = decode_for(call, patched, mode)
    except status.ApiError as error:
        raise _patch_error(error, change) from None
    set_defaults(obj, call)
    return obj


def _patch_error(error: status.ApiError, change: Any) -> status.ApiError:
    text = error.message
    mark = text.find("strict decoding error")
    fault = FieldError("FieldValueInvalid", "patch", go_value(change), text[max(mark, 0) :])
    return status.invalid("", "", [fault])


def check_name(call: Call, obj: Object) -> str:
    """The name of *obj*, which has to be in the place that the URL names; raises ApiError 400 (rest.go checkName)."""
    name: str = obj.setdefault("metadata", {}).setdefault("name", call.info.name)
    if name != call.info.name:
        text = f"the name of the object ({name}) does not match the name on the URL ({call.info.name})"
        raise status.bad_request(text)
    namespace = obj["metadata"].get("namespace") or call.namespace
    if call.resource.namespaced and namespace != call.namespace:
        text = (
            f"the namespace of the object ({namespace}) does not match the namespace on the request ({call.namespace})"
        )
        raise status.bad_request(text)
    return name


def replace(call: Call, obj: Object, old: Object, managers: Managers | None = None) -> Object:
    """Store *obj* (private, taken over) in place of *old*; nothing is written if nothing changes. Raises ApiError.

    *managers* are those of the fields where an apply worked them out.
    """
    server, resource = call.server, call.resource
    strategy = server.strategy_of(resource)
    given = field_management.given_managers(call, obj) if managers is None else managers
    rest.match_namespace(obj, resource, call.namespace)
    key = object_key(resource.group_resource, call.namespace, old["metadata"]["name"])
    rest.carry_system_fields(obj, old, resource, key, unconditional=strategy.allow_unconditional_update)
    attributes = call.admit("UPDATE", obj, old)
    mutating_admission(attributes)
    begin = BEGIN_UPDATE.get(resource.group_resource)
    if begin is not None and not call.info.subresource:
        begin(call, obj, old)
    errors = _prepare_and_validate(call, strategy, obj, old)
    if errors:
        raise status.invalid(resource.group_kind, old["metadata"]["name"], errors)
    if call.info.subresource != "status":
        call.warnings.extend(strategy.warnings_on_update(obj, old))
    validating_admission(attributes)
    same = obj == old and not field_management.changes_managers(call, old, given)
    if same:
        call.note = field_management.stored_note(call, old)
    else:
        call.note = field_management.change(call, old, obj, given, applied=managers is not None)
    if call.dry_run or same:
        return obj
    if rest.deletable(obj) and _was_held(resource, obj, old):
        server.storage.remove(resource.group_resource, call.namespace, old["metadata"]["name"])
        return obj
    return server.storage.write(resource.group_resource, obj, call.note)


def _was_held(resource: ResourceInfo, obj: Object, old: Object) -> bool:
    """Whether finalizers held a terminating object until this update; namespaces have some in their spec as well."""
    if resource.kind == "Namespace":
        return not (obj.get("spec") or {}).get("finalizers")
    return bool(old["metadata"].get("finalizers"))


def _prepare_and_validate(call: Call, strategy: Strategy, obj: Object, old: Object) -> list[FieldError]:
    prepare, validate = strategy.prepare_for_update, strategy.validate_update
    rules = strategy.subresources.get(call.info.subresource)
    if call.info.subresource == "status":
        prepare, validate = strategy.prepare_for_status_update, strategy.validate_status_update
    elif rules is not None:
        prepare, validate = rules.prepare, rules.validate
    prepare(obj, old)
    metadata_errors = validate_object_meta(obj, call.resource) + validate_object_meta_update(obj, old)
    return metadata_errors + validate(obj, old)


def delete(call: Call) -> Object:
    """Delete the object: at once, gracefully, or once its finalizers are gone; raises ApiError."""
    options = read_options(call)
    _warn_of_propagation(call, options)
    obj = call.server.read(call.resource, call.namespace, call.info.name)
    return delete_object(call, obj, options)


def _warn_of_propagation(call: Call, options: Object) -> None:
    """Deletions that leave the default to the API server are warned where that default surprises people."""
    text = call.server.strategy_of(call.resource).propagation_warning
    if text and options.get("propagationPolicy") is None and options.get("orphanDependents") is None:
        call.warnings.append(text)


def read_options(call: Call) -> Object:
    """The DeleteOptions of the body and the query; raises ApiError 400."""
    body = call.request.body
    options: Object = dict(body) if isinstance(body, dict) else {}
    for name in ("propagationPolicy", "gracePeriodSeconds"):
        if name in call.request.query:
            text = call.request.query[name]
            options[name] = int(text) if name == "gracePeriodSeconds" else text
    policy = options.get("propagationPolicy")
    if policy is not None and policy not in ("Orphan", "Background", "Foreground"):
        fault = field.not_supported("propagationPolicy", policy, ["Foreground", "Background", "Orphan", "nil"])
        raise status.invalid("DeleteOptions.meta.k8s.io", "", [fault])
    if isinstance(options.get("gracePeriodSeconds"), int) and options["gracePeriodSeconds"] < 0:
        options["gracePeriodSeconds"] = 1
    return options


def delete_object(call: Call, obj: Object, options: Object) -> Object:
    """Begin or finish the deletion of *obj*; gives the object as it is left, or a Status of success."""
    server, resource = call.server, call.resource
    rest.check_preconditions(obj, resource, options)
    attributes = call.admit("DELETE", None, obj, options)
    mutating_admission(attributes)
    validating_admission(attributes)
    changed, graceful = _begin(call, obj, options)
    if graceful and changed is None:
        return obj
    if changed is not None:
        return changed if call.dry_run else server.storage.write(resource.group_resource, changed)
    if not call.dry_run:
        server.storage.remove(resource.group_resource, call.namespace, obj["metadata"]["name"])
    return _deleted_status(call, obj)


def _begin(call: Call, obj: Object, options: Object) -> tuple[Object | None, bool]:
    """The object as the deletion's beginning leaves it (None: nothing to store), and whether it has to wait."""
    now, metadata = call.server.engine.now, obj["metadata"]
    strategy = call.server.strategy_of(call.resource)
    grace = strategy.graceful_deletion(obj, options)
    finalizers = rest.collection_finalizers(obj, options, strategy.default_propagation)
    before = metadata.get("finalizers") or []
    terminating = "deletionTimestamp" in metadata
    changed: Object | None = None
    waits = False
    if terminating and metadata.get("deletionGracePeriodSeconds"):
        wanted = options.get("gracePeriodSeconds")
        changed = None if wanted is None else rest.shorten_grace(obj, now, wanted)
        waits = True
        if changed is not None and not changed["metadata"]["deletionGracePeriodSeconds"] and not finalizers:
            return None, False
    elif not terminating and grace:
        changed, waits = rest.mark_deleted(obj, now, grace), True
    if finalizers != before:
        base = changed or obj
        changed = {**base, "metadata": {**base["metadata"], "finalizers": finalizers}}
    if finalizers and "deletionTimestamp" not in (changed or obj)["metadata"]:
        changed = rest.mark_deleted(changed or obj, now, 0)
    if changed is not None and not finalizers:
        changed["metadata"].pop("finalizers", None)
    return (changed, True) if finalizers or waits else (None, False)


def _deleted_status(call: Call, obj: Object) -> Object:
    details = {"name": obj["metadata"]["name"], "group": call.resource.group, "kind": call.resource.plural}
    details["uid"] = obj["metadata"]["uid"]
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": {name: value for name, value in details.items() if value},
    }


def delete_collection(call: Call, matching: Callable[[Object], bool]) -> list[Object]:
    """Delete every matching object; gives what was there."""
    options = read_options(call)
    _warn_of_propagation(call, options)
    found = [obj for obj in call.server.storage.list(call.resource.group_resource, call.namespace) if matching(obj)]
    for obj in found:
        delete_object(call.about(obj), obj, options)
    return found
