"""From words, selectors and files to the objects a command is about.

Kubernetes: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go and visitor.go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from k8scourse.apiserver.kinds import ResourceInfo
from k8scourse.kubectl import manifests
from k8scourse.kubectl.errors import KubectlError, raise_all
from k8scourse.kubectl.manifests import Manifest
from k8scourse.kubectl.session import Session
from k8scourse.machinery import labels, unstructured
from k8scourse.machinery.go_format import go_quote
from k8scourse.machinery.status import ApiError

_SLASH_NOT_EVERYWHERE = (
    "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form "
    "(e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'"
)
_NOTHING_GIVEN = (
    "You must provide one or more resources by argument or filename.\n"
    "Example resource specifications include:\n"
    "   '-f rsrc.yaml'\n"
    "   '--filename=rsrc.json'\n"
    "   '<resource> <name>'\n"
    "   '<resource>'"
)
MULTIPLE_TYPES = "you may only specify a single resource type"


@dataclass(frozen=True, slots=True)
class Info:
    """One object, or one list (`name` empty), that a command is about."""

    resource: ResourceInfo
    namespace: str = ""
    name: str = ""
    obj: dict[str, Any] | None = None
    """The object, list or Table; None until it is fetched."""
    manifest: Manifest | None = None
    """The document it was read from."""

    @property
    def source(self) -> str:
        """The file it was read from; empty for objects named on the command line."""
        return self.manifest.source if self.manifest is not None else ""

    @property
    def label(self) -> str:
        """`pods/web`, `deployments/web`."""
        return f"{self.resource.plural}/{self.name}"

    def describe(self) -> str:
        """Resource, kind, name and namespace, as in errors of apply (resource.Info String)."""
        resource, version = self.resource, f"{self.resource.group}/{self.resource.version}"
        return (
            f'Resource: "{version}, Resource={resource.plural}", GroupVersionKind: "{version}, Kind={resource.kind}"\n'
            f"Name: {go_quote(self.name)}, Namespace: {go_quote(self.namespace)}"
        )


Visit = Callable[[Info], None]


@dataclass(slots=True)
class Builder:
    """What to look for; `do` checks it and returns a Result."""

    session: Session
    words: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    recursive: bool = False
    label_selector: str | None = None
    field_selector: str | None = None
    select_all: bool = False
    all_namespaces: bool = False
    allow_empty_selector: bool = False
    types: list[str] = field(default_factory=list)
    names_of: tuple[str, list[str]] | None = None
    """Names of one resource type given apart from it, as `drain` takes them."""
    single_type: bool = False
    flatten: bool = False
    latest: bool = False
    require_object: bool = True
    continue_on_error: bool = True
    validate: bool = False
    """Whether documents need apiVersion and kind before they are read further."""
    table: bool = False
    subresource: str = ""
    query: dict[str, str] = field(default_factory=dict)

    def do(self) -> Result:
        """The objects to visit. Raises KubectlError if the command line asks for nothing or for contradictions."""
        words = _normalize(self.words)
        if self.select_all and (self.label_selector or self.field_selector):
            raise KubectlError("setting 'all' parameter but found a non empty selector. ")
        tuples, types, names = self._sort_words(words)
        sources = self._sources()
        selector = "" if self.select_all else (self.label_selector or "").strip() or None
        bare_type = len(words) == 1 and not tuples and self.allow_empty_selector
        if selector is None and bare_type:
            selector = ""
        if sources:
            return self._by_files(sources, types, names, tuples)
        if selector is not None or self.field_selector:
            return self._by_selector(types, names, tuples, selector or "")
        if tuples:
            return self._by_pairs(tuples, types)
        if names:
            return self._by_names(types, names)
        if types:
            for word in types:
                self.session.resource(word)
            raise KubectlError("resource(s) were provided, but no name was specified")
        raise KubectlError(_NOTHING_GIVEN)

    def _sort_words(self, words: list[str]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
        if any("/" in word for word in words) and not all("/" in word for word in words):
            raise KubectlError(_SLASH_NOT_EVERYWHERE)
        pairs = [_pair(word) for word in words if "/" in word]
        types, names = list(self.types), []
        if self.names_of is not None:
            resource, given = self.names_of
            pairs.extend(_pair(name) if "/" in name else (resource, name) for name in given)
        elif words and not pairs:
            types.extend(_unique(self._expand_categories(words[0])))
            names = words[1:]
        return pairs, types, names

    def _expand_categories(self, word: str) -> list[str]:
        words: list[str] = []
        for part in word.split(","):
            category = self.session.mapper.category(part)
            words.extend(resource.group_resource for resource in category)
            if not category:
                words.append(part)
        return words

    def _sources(self) -> list[manifests.Source]:
        sources: list[manifests.Source] = []
        for path in self.files:
            if path == "-":
                if any(source.name == manifests.STDIN for source in sources):
                    raise KubectlError("standard input cannot be used for multiple arguments")
                sources.append(manifests.Source(manifests.STDIN, self.session.stdin or ""))
                continue
            if path.startswith(("http://", "https://")):
                raise KubectlError(f"reading {path} from the network is not simulated")
            for file in self.session.files.expand(path, self.recursive):
                sources.append(manifests.Source(file, self.session.files.read(file)))
        return sources

    def _mappings(self, types: list[str]) -> list[ResourceInfo]:
        if self.single_type and len(types) > 1:
            raise KubectlError(MULTIPLE_TYPES)
        return list(dict.fromkeys(self.session.resource(word) for word in types))

    def _namespace(self, resource: ResourceInfo) -> str:
        if not resource.namespaced:
            return ""
        if self.all_namespaces:
            raise KubectlError("a resource cannot be retrieved by name across all namespaces")
        return self.session.namespace

    def _by_selector(self, types: list[str], names: list[str], pairs: list[Any], selector: str) -> Result:
        if names:
            raise KubectlError("name cannot be provided when a selector is specified")
        if pairs:
            raise KubectlError("selectors and the all flag cannot be used when passing resource/name arguments")
        if not types:
            raise KubectlError("at least one resource must be specified to use a selector")
        if self.subresource:
            raise KubectlError("subresource cannot be used when bulk resources are specified")
        infos = [
            Info(resource, "" if self.all_namespaces or not resource.namespaced else self.session.namespace)
            for resource in self._mappings(types)
        ]
        query = {"labelSelector": selector, "fieldSelector": (self.field_selector or "").strip()}
        return Result(self, infos, single=False, query=query)

    def _by_pairs(self, pairs: list[tuple[str, str]], types: list[str]) -> Result:
        if types:
            raise KubectlError("you may not specify individual resources and bulk resources in the same call")
        mappings = {word: self.session.resource(word) for word, _ in pairs}
        if self.single_type and len(set(mappings.values())) > 1:
            raise KubectlError(MULTIPLE_TYPES)
        infos = [Info(mappings[word], self._namespace(mappings[word]), name) for word, name in pairs]
        return Result(self, infos, single=len(pairs) == 1)

    def _by_names(self, types: list[str], names: list[str]) -> Result:
        if not types:
            raise KubectlError("you must provide a resource and a resource name together")
        if len(types) > 1:
            raise KubectlError("you must specify only one resource")
        resource = self.session.resource(types[0])
        infos = [Info(resource, self._namespace(resource), name) for name in names]
        return Result(self, infos, single=len(names) == 1)

    def _by_files(
        self, sources: list[manifests.Source], types: list[str], names: list[str], pairs: list[Any]
    ) -> Result:
        if types:
            raise KubectlError(
                "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well"
            )
        if names:
            raise KubectlError("name cannot be provided when a path is specified")
        if pairs:
            raise KubectlError("resource/name arguments cannot be provided when a path is specified")
        single = len(sources) == 1 and sources[0].name != manifests.STDIN
        return Result(self, [], single=single, sources=sources)


@dataclass(slots=True)
class Result:
    """The objects of a Builder, fetched when they are visited."""

    builder: Builder
    targets: list[Info]
    single: bool
    """Whether the command line named exactly one object."""
    query: dict[str, str] = field(default_factory=dict)
    sources: list[manifests.Source] = field(default_factory=list)
    ignore_not_found: bool = False

    def visit(self, act: Visit) -> None:
        """Call *act* for each object; raises what failed, after the rest when the builder continues on errors."""
        errors: list[Exception] = []
        for produce in self._producers():
            try:
                act(produce())
            except (ApiError, KubectlError) as error:
                if self.ignore_not_found and isinstance(error, ApiError) and error.reason == "NotFound":
                    continue
                errors.append(error)
                if not self.builder.continue_on_error:
                    break
        raise_all(errors)

    def infos(self) -> tuple[list[Info], list[Exception]]:
        """All objects that can be had, and the errors of the others."""
        found: list[Info] = []
        try:
            self.visit(found.append)
        except Exception as error:  # noqa: BLE001 - handed on to the caller, who reports it
            return found, [error]
        return found, []

    def _producers(self) -> Iterator[Callable[[], Info]]:
        if self.sources:
            yield from self._from_files()
            return
        for target in self.targets:
            if target.name:
                yield lambda target=target: self._fetch(target)
            else:
                yield from self._from_list(target)

    def _fetch(self, target: Info) -> Info:
        if not self.builder.require_object:
            return target
        session, query = self.builder.session, dict(self.builder.query)
        if self.builder.subresource:
            query["subresource"] = self.builder.subresource
        obj = session.api.get(target.resource, target.namespace, target.name, table=self.builder.table, **query)
        return replace(target, obj=obj)

    def _from_list(self, target: Info) -> Iterator[Callable[[], Info]]:
        builder = self.builder
        try:
            listed = builder.session.api.list(
                target.resource, target.namespace, table=builder.table, **self.query, **builder.query
            )
        except ApiError as error:
            yield _failing(_list_error(error, target.resource, self.query))
            return
        if not builder.flatten or listed.get("kind") == "Table":
            yield lambda: replace(target, obj=listed)
            return
        for item in listed.get("items") or []:
            item = {"apiVersion": target.resource.group_version, "kind": target.resource.kind, **item}
            metadata = item["metadata"]
            info = replace(target, obj=item, name=metadata["name"], namespace=metadata.get("namespace", ""))
            yield lambda info=info: info

    def _from_files(self) -> Iterator[Callable[[], Info]]:
        builder = self.builder
        selector = labels.parse_selector(builder.label_selector) if builder.label_selector else None
        for source in self.sources:
            documents = manifests.read(source, validate=builder.validate)
            while True:
                try:
                    manifest = next(documents, None)
                except KubectlError as error:
                    yield _failing(error)
                    break
                if manifest is None:
                    break
                if selector is None or selector.matches(unstructured.text_map(manifest.value, "labels")):
                    yield lambda manifest=manifest: self._from_manifest(manifest)

    def _from_manifest(self, manifest: Manifest) -> Info:
        session, value = self.builder.session, manifest.value
        resource = manifests.resource_of(session, manifest)
        name, namespace = unstructured.text(value, "name"), unstructured.text(value, "namespace")
        if not resource.namespaced:
            value = _without_namespace(value)
            namespace = ""
        elif not namespace:
            namespace = session.namespace
            value = unstructured.with_metadata(value, namespace=namespace)
        elif session.namespace_given and namespace != session.namespace:
            raise KubectlError(
                f"the namespace from the provided object {go_quote(namespace)} does not match the namespace "
                f"{go_quote(session.namespace)}. You must pass '--namespace={namespace}' to perform this operation.",
                place=manifest.place(("metadata", "namespace")),
            )
        info = Info(resource, namespace, name, value, manifest)
        if self.builder.latest and name:
            return replace(self._fetch(info), manifest=manifest)
        return info


def _failing(error: Exception) -> Callable[[], Info]:
    def produce() -> Info:
        raise error

    return produce


def _list_error(error: ApiError, resource: ResourceInfo, query: dict[str, str]) -> ApiError:
    """*error* with what was looked for (cli-runtime/pkg/resource/selector.go EnhanceListError)."""
    if error.reason not in ("BadRequest", "NotFound"):
        return error
    subject = go_quote(f"{resource.group}/{resource.version}, Resource={resource.plural}")
    labels_wanted, fields_wanted = query.get("labelSelector", ""), query.get("fieldSelector", "")
    if labels_wanted or fields_wanted:
        selectors = f"label selector {go_quote(labels_wanted)}, field selector {go_quote(fields_wanted)}"
        message = f"Unable to find {subject} that match {selectors}: {error.message}"
    else:
        message = f"Unable to list {subject}: {error.message}"
    return ApiError({**error.status, "message": message})


def _without_namespace(value: dict[str, Any]) -> dict[str, Any]:
    metadata = unstructured.metadata(value)
    if "namespace" not in metadata:
        return value
    return {**value, "metadata": {key: each for key, each in metadata.items() if key != "namespace"}}


def _normalize(words: list[str]) -> list[str]:
    """`pods,nodes a b` means every name in every type."""
    if len(words) >= 2:
        types = _unique(words[0].split(","))
        if len(types) > 1:
            return [f"{word}/{name}" for word in types for name in words[1:]]
    return words


def _unique(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))


def _pair(word: str) -> tuple[str, str]:
    parts = word.split("/")
    if len(parts) != 2:
        raise KubectlError("arguments in resource/name form may not have more than one slash")
    if not parts[0] or not parts[1] or "," in parts[0]:
        raise KubectlError("arguments in resource/name form must have a single resource and name")
    return parts[0], parts[1]
