"""Validation of file paths and modes in volumes and mounts.

Source: kubernetes pkg/apis/core/validation/validation.go validateLocalDescendingPath and following.
"""

from k8scourse.apiserver.validation.support import Errors
from k8scourse.machinery.field import invalid

FILE_MODE = "must be a number between 0 and 0777 (octal), both inclusive"


def check_no_backsteps(errors: Errors, target: str, path: str) -> None:
    """Report a path with a part ``..``."""
    if ".." in target.split("/"):
        errors.append(invalid(path, target, "must not contain '..'"))


def check_descending(errors: Errors, target: str, path: str) -> None:
    """Report a path that is absolute or leaves its directory."""
    if target.startswith("/"):
        errors.append(invalid(path, target, "must be a relative path"))
    check_no_backsteps(errors, target, path)


def check_local_path(errors: Errors, target: str, path: str) -> None:
    """Report a path that leaves its directory or looks like one of the kubelet's own (``..data``)."""
    check_descending(errors, target, path)
    if target.startswith("..") and not target.startswith("../"):
        errors.append(invalid(path, target, "must not start with '..'"))


def check_mode(errors: Errors, mode: int | None, path: str) -> None:
    """Report permission bits outside 0..0777."""
    if mode is not None and not 0 <= mode <= 0o777:
        errors.append(invalid(path, mode, FILE_MODE))
