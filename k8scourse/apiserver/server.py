"""The API server: one handler through which everything goes.

authenticate -> authorize -> decode (strict, 400) -> default -> mutating admission -> validate (422) -> validating
admission -> one write = one revision -> watchers. A patch reads and applies after authorize.
Source: staging/src/k8s.io/apiserver/pkg/server/config.go DefaultBuildHandlerChain
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from k8scourse.apiserver import cohabitation, listing, subresources, writing
from k8scourse.apiserver.authentication import authenticate
from k8scourse.apiserver.authorization import Authorizer, PrivilegedUsers
from k8scourse.apiserver.call import Call
from k8scourse.apiserver.custom_resources.controller import DEFINITIONS, CustomResources
from k8scourse.apiserver.custom_resources.deletion import delete_definition
from k8scourse.apiserver.discovery import discover
from k8scourse.apiserver.field_management import with_managed_fields
from k8scourse.apiserver.kinds import Registry, ResourceInfo, UnknownResource
from k8scourse.apiserver.managed_fields.kinds import UNTYPED, builtin_kind
from k8scourse.apiserver.managed_fields.ledger import Kind
from k8scourse.apiserver.namespaces import delete_namespace
from k8scourse.apiserver.request import Request, Response
from k8scourse.apiserver.schemas import Schemas, TypeSchema
from k8scourse.apiserver.service_allocation import ServiceAddresses
from k8scourse.apiserver.storage import Storage
from k8scourse.apiserver.strategies import Strategy, strategy_for
from k8scourse.machinery import status
from k8scourse.machinery.status import ApiError
from k8scourse.simulation.engine import Engine

Object = dict[str, Any]


class APIServer:
    """Answers requests; holds no objects itself, they are in *storage*."""

    def __init__(self, engine: Engine, storage: Storage, registry: Registry, schemas: Schemas) -> None:
        self.engine = engine
        self.storage = storage
        self.registry = registry
        self.schemas = schemas
        self.authorizer: Authorizer = PrivilegedUsers()
        self.reading: dict[str, Callable[[Object], Object]] = {}
        """What an object of a resource is like when it is read, where that changes with time alone (leases)."""
        self.custom_resources = CustomResources(self)

    def handle(self, request: Request) -> Response:
        """Answer *request*; a refusal is a Response whose body is a Status."""
        warnings: list[str] = []
        try:
            code, body = self._serve(request, warnings)
        except ApiError as error:
            return Response(error.code, error.status, tuple(warnings))
        return Response(code, body, tuple(dict.fromkeys(warnings)))

    def _serve(self, request: Request, warnings: list[str]) -> tuple[int, Any]:
        user = authenticate(request)
        info = request.info
        self.authorizer.authorize(user, info)
        if not info.is_resource_request:
            return 200, discover(request.path, self.registry)
        try:
            resource = self.registry.resource(info.group_version, info.resource)
        except UnknownResource:
            raise status.unknown_path(info.verb, info.resource, info.name) from None
        call = Call(self, request, info, user, resource, warnings)
        conversion = cohabitation.conversion_of(call)
        if conversion is not None:
            return cohabitation.serve(call, conversion, self._dispatch)
        return self._dispatch(call)

    def _dispatch(self, call: Call) -> tuple[int, Any]:
        info, request, resource = call.info, call.request, call.resource
        if info.subresource:
            code, body = subresources.serve(call)
        elif info.verb not in resource.verbs:
            raise status.method_not_supported(resource.group_resource, info.verb)
        else:
            code, body = self._act(call)
        if call.note is not None and request.managed_fields and body.get("kind") == resource.kind:
            body = with_managed_fields(body, call.note, self.kind_of(resource))
        return code, body

    def _act(self, call: Call) -> tuple[int, Any]:
        verb = call.info.verb
        if verb == "get":
            return 200, listing.get(call)
        if verb == "list":
            return 200, listing.list_(call)
        if verb == "watch":
            return 200, listing.watch(call)
        if verb == "create":
            return 201, writing.create(call)
        if verb == "update":
            return writing.update(call)
        if verb == "patch":
            return writing.patch(call)
        if verb == "deletecollection":
            return 200, listing.render(call, writing.delete_collection(call, listing.selection(call)))
        if call.resource.group_resource == "namespaces":
            return 200, delete_namespace(call)
        if call.resource.group_resource == DEFINITIONS:
            return 200, delete_definition(call)
        return 200, writing.delete(call)

    def read(self, resource: ResourceInfo, namespace: str, name: str) -> Object:
        """The stored object in the version of *resource*; raises ApiError 404."""
        obj = self.storage.get(resource.group_resource, namespace, name)
        if obj is None:
            raise status.not_found(resource.group_resource, name)
        return self.versioned(obj, resource)

    def versioned(self, obj: Object, resource: ResourceInfo) -> Object:
        """*obj* as it reads at this time, in the version of *resource* (they differ in apiVersion only)."""
        as_read = self.reading.get(resource.group_resource)
        if as_read is not None:
            obj = as_read(obj)
        if obj["apiVersion"] == resource.group_version:
            return obj
        return {**obj, "apiVersion": resource.group_version}

    def schema_of(self, resource: ResourceInfo) -> TypeSchema | None:
        """The structure of the resource's kind, or None for custom resources."""
        return self.schemas.find_kind(resource.group_version, resource.kind)

    def kind_of(self, resource: ResourceInfo) -> Kind:
        """What field management must know of the resource's kind."""
        custom = self.custom_resources.version(resource)
        if custom is not None:
            return custom.kind
        schema = self.schemas.find_kind(resource.group_version, resource.kind)
        return UNTYPED if schema is None else builtin_kind(schema.name)

    def strategy_of(self, resource: ResourceInfo) -> Strategy:
        """How objects of the resource behave when they are written."""
        custom = self.custom_resources.version(resource)
        return strategy_for(resource) if custom is None else custom.strategy

    @cached_property
    def service_addresses(self) -> ServiceAddresses:
        """The cluster IPs and node ports that Services hold."""
        addresses = ServiceAddresses(self.storage.list("services"))
        self.storage.listeners.append(addresses)
        return addresses

    @cached_property
    def scale_schema(self) -> TypeSchema | None:
        """The structure of autoscaling/v1 Scale."""
        return self.schemas.for_kind("autoscaling/v1", "Scale")
