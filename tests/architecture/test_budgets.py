"""How long a file and a function may be."""

from collections.abc import Iterator

from tests.architecture.tracked import Function, functions, modules, place

FILE_LINES = 250
FUNCTION_LINES = 30


def test_a_file_has_at_most_250_lines() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}

    too_long = [f"{place(path)}: {count}" for path, count in lines.items() if count > FILE_LINES]

    assert too_long == []


def test_a_function_has_at_most_30_lines() -> None:
    too_long = list(_long_functions())

    assert too_long == []


def _long_functions() -> Iterator[str]:
    for path in modules():
        for function in functions(path):
            if (lines := _length(function)) > FUNCTION_LINES:
                yield f"{place(path, function.lineno)} {function.name}: {lines}"


def _length(function: Function) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1
