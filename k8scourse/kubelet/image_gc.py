"""Which images a kubelet removes from its disk, and when: rules over plain data, without a clock or a disk.

Sources: pkg/kubelet/images/image_gc_manager.go, pkg/kubelet/apis/config/validation/validation.go,
pkg/kubelet/kubelet.go (StartGarbageCollection)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from k8scourse.kubelet import messages
from k8scourse.machinery.duration import format_duration

SECOND = 1_000_000_000
PERIOD = 300 * SECOND
"""So often a kubelet looks for images to remove."""

BY_AGE, BY_SPACE = "age", "space"


@dataclass(frozen=True, slots=True)
class ImageGCPolicy:
    """The settings of a KubeletConfiguration, with their defaults; ages in nanoseconds."""

    high: int = 85
    """imageGCHighThresholdPercent: from this usage on images are removed."""
    low: int = 80
    """imageGCLowThresholdPercent: down to this usage."""
    min_age: int = 120 * SECOND
    """imageMinimumGCAge: a younger image stays when space is needed."""
    max_age: int = 0
    """imageMaximumGCAge: an image that was not used for longer goes even when there is space; 0: none does."""

    @property
    def enabled(self) -> bool:
        """Whether images are collected at all: a high threshold of 100 without a maximum age switches it off."""
        return self.high != 100 or self.max_age != 0


def validate(policy: ImageGCPolicy) -> list[str]:
    """What makes a kubelet with these settings refuse to start; [] when nothing does."""
    faults: list[str] = []
    for name, flag, value in (("High", "high", policy.high), ("Low", "low", policy.low)):
        if not 0 <= value <= 100:
            faults.append(messages.IMAGE_GC_PERCENT.format(name=name, flag=flag, value=value))
    if policy.low >= policy.high:
        faults.append(messages.IMAGE_GC_ORDER.format(low=policy.low, high=policy.high))
    for name, age in (("imageMinimumGCAge", policy.min_age), ("imageMaximumGCAge", policy.max_age)):
        if age < 0:
            faults.append(messages.IMAGE_GC_NEGATIVE_AGE.format(name=name, age=format_duration(age)))
    if 0 < policy.max_age <= policy.min_age:
        ages = {"longest": format_duration(policy.max_age), "shortest": format_duration(policy.min_age)}
        faults.append(messages.IMAGE_GC_AGE_ORDER.format(**ages))
    return faults


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the kubelet remembers it; *size* in bytes, times as instants in nanoseconds."""

    id: str
    size: int
    first_detected: int
    last_used: int = 0
    """When a container was last seen with it; 0, before all other times, for one that never had a container."""
    in_use: bool = False
    """A container has it, a stopped one too as long as it is not removed."""
    pinned: bool = False
    """The container runtime keeps it, as it does with the pause image."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system of the images, in bytes."""

    capacity: int
    available: int

    @property
    def usage(self) -> int:
        """The usage in percent; the free part is rounded down, so that 159 free bytes of 1000 count as 85 % used."""
        return 100 - min(self.available, self.capacity) * 100 // self.capacity


@dataclass(frozen=True, slots=True)
class RemovedImage:
    """An image that went, by age or for space."""

    image: Image
    reason: str


@dataclass(frozen=True, slots=True)
class ImageCollection:
    """What one look at the images did."""

    removed: tuple[RemovedImage, ...] = ()
    wanted: int = 0
    """Bytes that had to be freed for space."""
    event: tuple[str, str] | None = None
    """(reason, message) of a Warning about the node, when too little could be freed."""

    @property
    def freed(self) -> int:
        """The bytes of all removed images."""
        return sum(one.image.size for one in self.removed)


def collect_images(
    images: Iterable[Image], disk: Disk, policy: ImageGCPolicy, *, now: int, began: int
) -> ImageCollection:
    """One look at the images (GarbageCollect): first those that are too old go, then as many as the disk needs.

    *began* is when the kubelet started to look. *disk* is the file system as its statistics show it at this moment;
    what is removed for its age is not counted against them.
    """
    if not policy.enabled:
        return ImageCollection()
    candidates = _in_eviction_order(images)
    old = [image for image in candidates if _is_too_old(image, policy, now, began)]
    removed = [RemovedImage(image, BY_AGE) for image in old]
    if disk.capacity == 0:
        return ImageCollection(tuple(removed), event=("InvalidDiskCapacity", messages.INVALID_CAPACITY))
    if disk.usage < policy.high:
        return ImageCollection(tuple(removed))
    wanted = disk.capacity * (100 - policy.low) // 100 - min(disk.available, disk.capacity)
    rest = [image for image in candidates if image not in old]
    chosen = _free(rest, wanted, policy, now)
    freed = sum(image.size for image in chosen)
    removed += [RemovedImage(image, BY_SPACE) for image in chosen]
    return ImageCollection(tuple(removed), wanted, _failure(disk, freed) if freed < wanted else None)


def _in_eviction_order(images: Iterable[Image]) -> list[Image]:
    """Images that may go: the one that was used longest ago first, then the one that was detected first."""
    candidates = [image for image in images if not image.in_use and not image.pinned]
    return sorted(candidates, key=lambda image: (image.last_used, image.first_detected))


def _is_too_old(image: Image, policy: ImageGCPolicy, now: int, began: int) -> bool:
    """A kubelet that has not run for so long cannot know (freeOldImages)."""
    return bool(policy.max_age) and now - began > policy.max_age and now - image.last_used > policy.max_age


def _free(images: Sequence[Image], wanted: int, policy: ImageGCPolicy, now: int) -> list[Image]:
    """The images that go to free *wanted* bytes (freeSpace)."""
    chosen: list[Image] = []
    freed = 0
    for image in images:
        if image.last_used >= now or now - image.first_detected < policy.min_age:
            continue
        chosen.append(image)
        freed += image.size
        if freed >= wanted:
            break
    return chosen


def _failure(disk: Disk, freed: int) -> tuple[str, str]:
    text = messages.FREE_DISK_SPACE_FAILED.format(usage=disk.usage, size=format_size(disk.capacity), freed=freed)
    return "FreeDiskSpaceFailed", text


def format_size(size: int) -> str:
    """Bytes as the event about a full disk shows them: ``1000 B``, ``93.1 GiB``."""
    if size < 1024:
        return f"{size} B"
    scaled = size / 1024
    for unit in ("KiB", "MiB", "GiB"):
        if scaled < 1024:
            return f"{scaled:.1f} {unit}"
        scaled /= 1024
    return f"{scaled:.1f} TiB"
