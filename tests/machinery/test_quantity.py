"""kubernetes: staging/src/k8s.io/apimachinery/pkg/api/resource/quantity_test.go"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k8scourse.machinery import quantity
from k8scourse.machinery.quantity import Quantity, QuantityError, canonical, parse_quantity

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12}
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3}

numbers = st.from_regex(r"\A-?[0-9]{1,5}(\.[0-9]{0,5})?\Z")
suffixes = st.sampled_from([*DECIMAL, *BINARY, "e3", "E6", "e-3", "e+1", "e2"])
parts = st.tuples(numbers, suffixes)


def exact(part: tuple[str, str]) -> Fraction:
    """The value by a simple second reading, rounded away from zero to billionths."""
    number, suffix = part
    if suffix in BINARY:
        scale = Fraction(1024) ** BINARY[suffix]
    else:
        scale = Fraction(10) ** (DECIMAL[suffix] if suffix in DECIMAL else int(suffix[1:]))
    nano = Fraction(number.rstrip(".")) * scale * 10**9
    rounded = -(-abs(nano).numerator // nano.denominator)
    return Fraction(rounded if nano >= 0 else -rounded, 10**9)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1024Mi", "1Gi"),
        ("1Ki", "1Ki"),
        ("1536Ki", "1536Ki"),
        ("1.5Gi", "1536Mi"),
        ("0.1Gi", "107374182400m"),
        ("512Ki", "512Ki"),
        ("0.5Ki", "512"),
        ("0.5", "500m"),
        ("1.5", "1500m"),
        ("1000m", "1"),
        ("100m", "100m"),
        ("2000M", "2G"),
        ("1000000", "1M"),
        ("1e3", "1e3"),
        ("1E3", "1E3"),
        ("12e7", "120e6"),
        ("1000e0", "1e3"),
        ("0", "0"),
        ("0Gi", "0"),
        ("-0.5", "-500m"),
        (".001Ki", "1024m"),
        (".000001Ki", "1024u"),
        (".000000001Ki", "1024n"),
        (".000000000001Ki", "2n"),
        ("-.000000000001Ki", "-2n"),
        ("0.1n", "1n"),
        ("1e-12", "1e-9"),
        ("9Ei", "9223372036854775807"),
        ("1E", "1E"),
        (" 1 ", "1"),
    ],
)
def test_the_canonical_form_is_that_of_kubernetes(text: str, form: str) -> None:
    assert canonical(text) == form


@pytest.mark.parametrize("text", ["+5", "007", "1.500", "007Mi"])
def test_what_kubernetes_takes_for_canonical_stays_as_written(text: str) -> None:
    """quantity.go ParseQuantity: "if the number is in canonical form, reuse the string"."""
    assert canonical(text) == text


@pytest.mark.parametrize("text", [".", "-", "+", "Ki", "m"])
def test_a_number_without_digits_is_zero(text: str) -> None:
    assert parse_quantity(text).is_zero()


def test_numbers_of_a_manifest_are_quantities() -> None:
    assert [canonical(value) for value in (1, 0.5, 2000, 1.0)] == ["1", "500m", "2k", "1"]
    assert canonical(0.1) == "100m"


@pytest.mark.parametrize("text", ["", "x", "1 Gi", "1.2.3", "1e3.5", "true", "1_0", "١"])
def test_a_text_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(QuantityError) as error:
        parse_quantity(text)
    assert str(error.value) == (
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    )


@pytest.mark.parametrize("text", ["1kk", "--1", "1e", "1ee3", "1K", "1i", "1m5", "1e-", "1e9999999999999999999"])
def test_an_unknown_suffix_is_refused(text: str) -> None:
    with pytest.raises(QuantityError, match=r"^unable to parse quantity's suffix$"):
        parse_quantity(text)


def test_a_number_too_long_to_read_is_refused() -> None:
    with pytest.raises(QuantityError, match=r"^unable to parse numeric part of quantity$"):
        parse_quantity("9" * 5000)


def test_a_tiny_exponent_rounds_up_at_once() -> None:
    assert canonical("1e-999999999") == "1e-9"


def test_values_round_away_from_zero() -> None:
    assert parse_quantity("1.1").value() == 2
    assert parse_quantity("-1.1").value() == -2
    assert parse_quantity("0.0001").milli_value() == 1
    assert parse_quantity("250m").milli_value() == 250
    assert parse_quantity("1Gi").value() == 2**30


def test_defaulting_rounds_resource_lists_up_to_milli() -> None:
    """pkg/apis/core/v1/defaults.go SetDefaults_ResourceList: 0.0001 cpu is stored as 1m."""
    assert str(parse_quantity("0.0001").round_up_to_milli()) == "1m"
    whole = parse_quantity("1.500")
    assert whole.round_up_to_milli() is whole


def test_a_sum_keeps_the_form_of_the_first_amount_that_is_not_zero() -> None:
    assert str(parse_quantity("512Mi") + parse_quantity("512Mi")) == "1Gi"
    assert str(parse_quantity("0") + parse_quantity("1Gi")) == "1Gi"
    assert str(parse_quantity("1G") + parse_quantity("1Gi")) == "2073741824"
    assert str(parse_quantity("1Gi") - parse_quantity("1Gi")) == "0"
    assert str(-parse_quantity("1Gi")) == "-1Gi"
    assert str(parse_quantity("100m") * 15) == "1500m"


def test_quantities_are_made_from_numbers() -> None:
    assert str(Quantity.of(1024, quantity.BINARY_SI)) == "1Ki"
    assert str(Quantity.of_milli(1500)) == "1500m"
    assert repr(Quantity.of(5)) == "Quantity('5')"
    assert parse_quantity("1500m").as_float() == 1.5


def test_amounts_are_equal_by_value() -> None:
    assert parse_quantity("1Gi") == parse_quantity("1024Mi")
    assert len({parse_quantity("1"), parse_quantity("1000m")}) == 1
    assert parse_quantity("1") != "1"
    assert not parse_quantity("0")


@given(parts)
def test_the_canonical_form_is_its_own_canonical_form(part: tuple[str, str]) -> None:
    text = canonical("".join(part))
    assert canonical(text) == text


@given(parts)
def test_the_canonical_form_keeps_the_value(part: tuple[str, str]) -> None:
    amount = parse_quantity("".join(part))
    assert parse_quantity(str(amount)) == amount


@given(parts)
def test_the_amount_is_exact(part: tuple[str, str]) -> None:
    assert Fraction(parse_quantity("".join(part)).nano, 10**9) == exact(part)


@given(parts, parts)
def test_order_and_sums_agree_with_fractions(left: tuple[str, str], right: tuple[str, str]) -> None:
    a, b, x, y = parse_quantity("".join(left)), parse_quantity("".join(right)), exact(left), exact(right)
    assert (a < b, a <= b, a > b, a >= b, a == b) == (x < y, x <= y, x > y, x >= y, x == y)
    assert Fraction((a + b).nano, 10**9) == x + y
    assert parse_quantity(str(a + b)) == a + b
    assert parse_quantity(str(a - b)) == a - b
