"""Reading container image references such as ``nginx``, ``ghcr.io/x/y:1.2`` or ``host:5000/z@sha256:...``.

Source: kubernetes pkg/util/parsers/parsers.go (ParseImageName), which uses the grammar of distribution/reference.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

DEFAULT_DOMAIN = "docker.io"
_LEGACY_DOMAIN = "index.docker.io"
_OFFICIAL_PREFIX = "library/"
_REPOSITORY_LIMIT = 255

_DOMAIN_COMPONENT = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_IPV6 = r"\[(?:[a-fA-F0-9:]+)\]"
_DOMAIN = rf"(?:(?:{_DOMAIN_COMPONENT}(?:\.{_DOMAIN_COMPONENT})*)|{_IPV6})(?::[0-9]+)?"
_PATH_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = rf"{_PATH_COMPONENT}(?:/{_PATH_COMPONENT})*"
_TAG = r"[\w][\w.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(
    rf"(?P<domain>{_DOMAIN})/(?P<path>{_PATH})(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII
)
_IDENTIFIER = re.compile("[a-f0-9]{64}")


class ImageReferenceError(ValueError):
    """A text that is no image reference; ``str()`` is the container runtime's wording."""


@dataclass(frozen=True, slots=True)
class ImageReference:
    """The parts of an image reference, normalised: ``nginx`` is ``docker.io/library/nginx``.

    *tag* is "" when none was written and a digest is there; without both it is "latest".
    """

    domain: str
    path: str
    tag: str
    digest: str

    @property
    def repository(self) -> str:
        """Registry and path, without tag and digest."""
        return f"{self.domain}/{self.path}"

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.repository}{tag}{digest}"


@lru_cache(maxsize=4096)
def parse_image(text: str) -> ImageReference:
    """Return the parts of *text*; raises ImageReferenceError with the runtime's sentence.

    Source: distribution/reference ParseNormalizedNamed and Parse.
    """
    if _IDENTIFIER.fullmatch(text):
        raise ImageReferenceError(f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings")
    domain, remainder = _split_domain(text)
    name = remainder.split("@", 1)[0].split(":", 1)[0]
    if name != name.lower():
        raise ImageReferenceError(f"invalid reference format: repository name ({name}) must be lowercase")
    match = _REFERENCE.fullmatch(f"{domain}/{remainder}")
    if match is None:
        raise ImageReferenceError("invalid reference format")
    if len(match["path"]) > _REPOSITORY_LIMIT:
        raise ImageReferenceError(f"repository name must not be more than {_REPOSITORY_LIMIT} characters")
    tag, digest = match["tag"] or "", match["digest"] or ""
    return ImageReference(match["domain"], match["path"], tag if tag or digest else "latest", digest)


def _split_domain(text: str) -> tuple[str, str]:
    """Split off the registry; a first part without dot, colon or capital (and not localhost) belongs to the path."""
    first, slash, rest = text.partition("/")
    is_domain = slash and ("." in first or ":" in first or first == "localhost" or first != first.lower())
    domain, remainder = (first, rest) if is_domain else (DEFAULT_DOMAIN, text)
    if domain == _LEGACY_DOMAIN:
        domain = DEFAULT_DOMAIN
    if domain == DEFAULT_DOMAIN and "/" not in remainder:
        remainder = _OFFICIAL_PREFIX + remainder
    return domain, remainder


@lru_cache(maxsize=4096)
def default_pull_policy(image: str) -> str:
    """Return the imagePullPolicy a container gets when it names none.

    ``Always`` for the tag ``latest``, written or implied, else ``IfNotPresent`` (also for a text that is no reference:
    validation reports that elsewhere). Source: kubernetes pkg/apis/core/v1/defaults.go SetDefaults_Container.
    """
    try:
        tag = parse_image(image).tag
    except ImageReferenceError:
        return "IfNotPresent"
    return "Always" if tag == "latest" else "IfNotPresent"
