"""The one error for text that cannot be read as a manifest."""

# What usually went wrong and what to do, by the problem as libyaml and go-yaml name it.
_REMEDIES = {
    "mapping values are not allowed in this context": (
        "indent fields of one level alike, and quote a text that contains ': '"
    ),
    "found character that cannot start any token": (
        "indent with spaces, never with tabs, and quote a text that begins with @ or `"
    ),
    "found a tab character that violates indentation": "indent with spaces, never with tabs",
    "did not find expected key": "give every field of one level the same indentation",
    "did not find expected '-' indicator": "give every '- ' of one list the same indentation",
    "could not find expected ':'": "write the field as 'name: value'",
    "did not find expected ',' or ']'": "close the list with ]",
    "did not find expected ',' or '}'": "close the mapping with }",
    "found unexpected end of stream": "close the quotation mark",
    "found unknown escape character": "use single quotes, or write \\\\ for a backslash",
    "did not find expected node content": "write a value here, or quote it",
}


class ManifestError(ValueError):
    """Text is not a manifest: where (*source*, *line* and *column*, from 1), what is wrong, and what to do about it.

    `kubectl_text` is what kubectl prints after ``error: error parsing SOURCE: ``.
    """

    def __init__(
        self, source: str, line: int, column: int, message: str, *, remedy: str = "", kubectl_text: str = ""
    ) -> None:
        self.source = source
        self.line = line
        self.column = column
        self.message = message
        self.remedy = remedy or _REMEDIES.get(message, "")
        self.kubectl_text = kubectl_text or f"error converting YAML to JSON: yaml: {message}"
        ending = f" ({self.remedy})" if self.remedy else ""
        super().__init__(f"{source}:{line}:{column}: {message}{ending}")

    def _render_traceback_(self) -> list[str]:
        """IPython's hook: the line to show instead of a traceback."""
        return [str(self)]
