"""Which Pod Security Standard a namespace's labels ask for, and what it says about a pod.

Source: kubernetes staging/src/k8s.io/pod-security-admission/api/helpers.go, policy/registry.go, policy/checks.go.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from k8scourse.apiserver.admission.pod_security_checks import BASELINE, RESTRICTED, Check, Versioned, Violation
from k8scourse.machinery.field import FieldError, invalid, key

PRIVILEGED = "privileged"
BASELINE_LEVEL = "baseline"
RESTRICTED_LEVEL = "restricted"
LEVELS = (PRIVILEGED, BASELINE_LEVEL, RESTRICTED_LEVEL)
"""From the most permissive to the strictest."""
LATEST = "latest"
NEWEST = 35
"""The minor version of the newest check; later versions of the standard are the same."""
PREFIX = "pod-security.kubernetes.io/"
MODES = ("enforce", "audit", "warn")
_VERSION = re.compile(r"v1\.([0-9]|[1-9][0-9]*)").fullmatch


@dataclass(frozen=True, slots=True)
class Standard:
    """A level in a version, e.g. ``restricted:v1.30``."""

    level: str = PRIVILEGED
    version: str = LATEST

    def __str__(self) -> str:
        return f"{self.level}:{self.version}"

    def violations(self, metadata: Mapping[str, Any], spec: Mapping[str, Any]) -> list[Violation]:
        """Return what the standard forbids of a pod."""
        minor = NEWEST if self.version == LATEST else min(int(self.version.removeprefix("v1.")), NEWEST)
        found = (check(metadata, spec) for check in _checks(self.level, minor))
        return [violation for violation in found if violation is not None]


@dataclass(frozen=True, slots=True)
class Policy:
    """The standards of a namespace by mode."""

    enforce: Standard = Standard()
    audit: Standard = Standard()
    warn: Standard = Standard()


@cache
def _checks(level: str, minor: int) -> tuple[Check, ...]:
    if level == PRIVILEGED:
        return ()
    restricted = [(item, _at(item, minor)) for item in (RESTRICTED if level == RESTRICTED_LEVEL else ())]
    overridden = {item.overrides for item, check in restricted if check is not None}
    baseline = [(item, _at(item, minor)) for item in BASELINE if item.name not in overridden]
    return tuple(check for _, check in (*baseline, *restricted) if check is not None)


def _at(item: Versioned, minor: int) -> Check | None:
    """Return the check as it is in version 1.*minor*, None where it does not exist yet."""
    return next((check for since, check in reversed(item.versions) if since <= minor), None)


def details(violations: Sequence[Violation]) -> str:
    """Return the findings in one text: ``privileged (container "c" must not ...), hostPort (...)``."""
    return ", ".join(f"{item.reason} ({item.detail})" if item.detail else item.reason for item in violations)


def reasons(violations: Sequence[Violation]) -> str:
    """Return the findings in a few words."""
    return ", ".join(item.reason for item in violations)


def policy_of(labels: Mapping[str, str] | None) -> tuple[Policy, list[FieldError]]:
    """Return the policy that a namespace's *labels* ask for, and the faults of labels that can't be read.

    An unreadable level means restricted for enforce and nothing for the others; warn follows enforce unless it is set.
    """
    labels = labels or {}
    errors: list[FieldError] = []
    found: dict[str, Standard] = {}
    for mode in MODES:
        standard, level = Standard(), labels.get(PREFIX + mode)
        if level is not None and level in LEVELS:
            standard = replace(standard, level=level)
        elif level is not None:
            errors.append(_fault(mode, level, f"must be one of {', '.join(LEVELS)}"))
            standard = replace(standard, level=RESTRICTED_LEVEL if mode == "enforce" else PRIVILEGED)
        version = labels.get(f"{PREFIX}{mode}-version")
        if version is not None and (version == LATEST or _VERSION(version)):
            standard = replace(standard, version=version)
        elif version is not None:
            errors.append(_fault(f"{mode}-version", version, 'must be "latest" or "v1.x"'))
        found[mode] = standard
    return _with_warnings(Policy(**found), labels), errors


def _fault(name: str, value: str, text: str) -> FieldError:
    return invalid(key("metadata.labels", PREFIX + name), value, text)


def _with_warnings(policy: Policy, labels: Mapping[str, str]) -> Policy:
    """Let warn be as strict as a readable enforce, where it has no level of its own."""
    is_set = PREFIX + "warn" in labels
    if is_set or labels.get(PREFIX + "enforce") not in LEVELS[1:]:
        return policy
    version = policy.warn.version if f"{PREFIX}warn-version" in labels else policy.enforce.version
    return replace(policy, warn=Standard(policy.enforce.level, version))


def is_stricter(first: str, second: str) -> bool:
    """Whether level *first* is stricter than *second*."""
    return LEVELS.index(first) > LEVELS.index(second)
