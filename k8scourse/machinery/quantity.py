"""Quantities: exact amounts such as ``500m``, ``1Gi`` or ``1e3``, with Kubernetes' canonical form.

kubernetes: staging/src/k8s.io/apimachinery/pkg/api/resource (quantity.go, amount.go, suffix.go)

The smallest amount is a billionth (``1n``); smaller ones are rounded away from zero, because whoever asks for some
should get some. The arithmetic is exact and not limited to 64 bits.
"""

import re
from functools import lru_cache
from typing import Final, Literal, final

from k8scourse.machinery.go_format import go_json

Format = Literal["DecimalSI", "BinarySI", "DecimalExponent"]

DECIMAL_SI: Final = "DecimalSI"
"""12M: powers of ten with a suffix."""
BINARY_SI: Final = "BinarySI"
"""12Mi: powers of 1024 with a suffix."""
DECIMAL_EXPONENT: Final = "DecimalExponent"
"""12e6: powers of ten with an exponent."""

FORMAT_WRONG: Final = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
NUMERIC_WRONG: Final = "unable to parse numeric part of quantity"
SUFFIX_WRONG: Final = "unable to parse quantity's suffix"

_NANO = 10**9
_MILLI = 10**6
_MAX_INT64 = 2**63 - 1
_MAX_FAST_DIGITS = 18
_MAX_EXPONENT = 1000

_PARTS = re.compile(
    r"(?P<sign>[+-]?)0*(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?P<suffix>[eEinumkKMGTP]*[-+]?[0-9]*)"
)

_DECIMAL_SUFFIXES = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY_SUFFIXES = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_NAMES = {exponent: suffix for suffix, exponent in _DECIMAL_SUFFIXES.items()}
_BINARY_NAMES = {exponent: suffix for suffix, exponent in _BINARY_SUFFIXES.items()}


class QuantityError(ValueError):
    """A text is no quantity; the message is Kubernetes'."""


@final
class Quantity:
    """An exact amount that remembers the form it was written in. Immutable.

    Amounts compare by value (``1Gi == 1024Mi``); `str()` is the canonical form: no fraction, the suffix as large as
    possible, in the form (decimal, binary, exponent) of the text it came from.
    """

    __slots__ = ("_text", "format", "nano")

    nano: int
    """The amount in billionths."""
    format: Format

    def __init__(self, nano: int, format: Format = DECIMAL_SI, text: str = "") -> None:
        self.nano = nano
        self.format = format
        self._text = text

    @classmethod
    def of(cls, value: int, format: Format = DECIMAL_SI) -> "Quantity":
        """Return the quantity of *value* units."""
        return cls(value * _NANO, format)

    @classmethod
    def of_milli(cls, milli: int, format: Format = DECIMAL_SI) -> "Quantity":
        """Return the quantity of *milli* thousandths."""
        return cls(milli * _MILLI, format)

    def __str__(self) -> str:
        if not self._text:
            self._text = _canonical_text(self.nano, self.format)
        return self._text

    def __repr__(self) -> str:
        return f"Quantity('{self}')"

    def value(self) -> int:
        """Return the amount in units (cores, bytes, ...), rounded away from zero."""
        return _divide_up(self.nano, _NANO)

    def milli_value(self) -> int:
        """Return the amount in thousandths (millicores), rounded away from zero."""
        return _divide_up(self.nano, _MILLI)

    def as_float(self) -> float:
        """Return the amount as a float, which may lose precision."""
        return self.nano / _NANO

    def is_zero(self) -> bool:
        """Whether the amount is zero."""
        return self.nano == 0

    def round_up_to_milli(self) -> "Quantity":
        """Return the quantity rounded away from zero to thousandths, as API defaulting does with resource lists."""
        if self.nano % _MILLI == 0:
            return self
        return Quantity(_divide_up(self.nano, _MILLI) * _MILLI, self.format)

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.nano + other.nano, self.format if self.nano else other.format)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.nano - other.nano, self.format if self.nano else other.format)

    def __mul__(self, factor: int) -> "Quantity":
        return Quantity(self.nano * factor, self.format)

    def __neg__(self) -> "Quantity":
        return Quantity(-self.nano, self.format)

    def __bool__(self) -> bool:
        return self.nano != 0

    def __hash__(self) -> int:
        return hash(self.nano)

    def __eq__(self, other: object) -> bool:
        return self.nano == other.nano if isinstance(other, Quantity) else NotImplemented

    def __lt__(self, other: "Quantity") -> bool:
        return self.nano < other.nano

    def __le__(self, other: "Quantity") -> bool:
        return self.nano <= other.nano

    def __gt__(self, other: "Quantity") -> bool:
        return self.nano > other.nano

    def __ge__(self, other: "Quantity") -> bool:
        return self.nano >= other.nano


@lru_cache(maxsize=65536, typed=True)
def parse_quantity(value: str | int | float) -> Quantity:
    """Return the quantity of a JSON value: a text, or a number as a manifest may give it.

    Raises QuantityError with Kubernetes' text. Unlike Kubernetes, exponents beyond 1000 are refused.
    """
    if isinstance(value, str):
        return _parse(value.strip())
    return _parse(go_json(value))


def canonical(value: str | int | float) -> str:
    """Return the canonical form: ``1024Mi`` -> ``1Gi``, ``0.5`` -> ``500m``. Raises QuantityError."""
    return str(parse_quantity(value))


ZERO: Final = Quantity(0)


def _parse(text: str) -> Quantity:
    match = _PARTS.fullmatch(text)
    if not text or match is None:
        raise QuantityError(FORMAT_WRONG)
    sign, suffix = -1 if match["sign"] == "-" else 1, match["suffix"]
    whole, fraction = match["whole"] or "0", match["fraction"] or ""
    format, exponent = _interpret(suffix)
    try:
        digits = int(whole + fraction)
    except ValueError as error:
        raise QuantityError(NUMERIC_WRONG) from error
    if format == BINARY_SI:
        return _parse_binary(text, sign * digits, whole, fraction, exponent)
    nano = _scale(digits, exponent - len(fraction) + 9)
    return Quantity(sign * nano, format, _kept(text, whole + fraction, exponent - len(fraction)))


def _interpret(suffix: str) -> tuple[Format, int]:
    if suffix in _DECIMAL_SUFFIXES:
        return DECIMAL_SI, _DECIMAL_SUFFIXES[suffix]
    if suffix in _BINARY_SUFFIXES:
        return BINARY_SI, _BINARY_SUFFIXES[suffix]
    if not re.fullmatch("[eE][-+]?[0-9]{1,10}", suffix) or int(suffix[1:]) > _MAX_EXPONENT:
        raise QuantityError(SUFFIX_WRONG)
    return DECIMAL_EXPONENT, int(suffix[1:])


def _kept(text: str, digits: str, scale: int) -> str:
    """Return *text* where Kubernetes takes it for canonical and keeps it as written (even ``1.500`` or ``+5``)."""
    fast = len(digits) <= _MAX_FAST_DIGITS and scale >= -9
    kept = fast and scale % 3 == 0 and not digits.endswith("000") and digits[0] != "0"
    return text if kept else ""


def _parse_binary(text: str, digits: int, whole: str, fraction: str, exponent: int) -> Quantity:
    precise = 15 - len(whole) - exponent * 3 // 10 - 1 >= 0
    if precise and not fraction and abs(digits) << exponent <= _MAX_INT64:
        return Quantity((digits << exponent) * _NANO, BINARY_SI, text if digits & 7 else "")
    nano = _divide_up((digits << exponent) * _NANO, 10 ** len(fraction))
    nano = max(-_MAX_INT64 * _NANO, min(nano, _MAX_INT64 * _NANO))
    return Quantity(nano, DECIMAL_SI if 0 < abs(nano) < _NANO else BINARY_SI)


def _scale(digits: int, exponent: int) -> int:
    """Return digits * 10**exponent, rounded up."""
    if exponent >= 0:
        return digits * 10**exponent
    if exponent < -10000:
        return 1 if digits else 0
    return _divide_up(digits, 10**-exponent)


def _divide_up(number: int, divisor: int) -> int:
    """Return number / divisor, rounded away from zero."""
    return -(-number // divisor) if number >= 0 else number // divisor


def _canonical_text(nano: int, format: Format) -> str:
    if nano == 0:
        return "0"
    if format == BINARY_SI and abs(nano) >= 1024 * _NANO and nano % _NANO == 0:
        mantissa, power = _without_factors(nano // _NANO, 1024)
        return f"{mantissa}{_BINARY_NAMES.get(power * 10, '')}"
    mantissa, power = _without_factors(nano, 10)
    exponent = power - 9
    mantissa *= 10 ** (exponent % 3)
    exponent -= exponent % 3
    if format == DECIMAL_EXPONENT:
        return f"{mantissa}e{exponent}" if exponent else str(mantissa)
    return f"{mantissa}{_DECIMAL_NAMES.get(exponent, '')}"


def _without_factors(number: int, factor: int) -> tuple[int, int]:
    times = 0
    while number % factor == 0:
        number //= factor
        times += 1
    return number, times
