"""`postroad fmt`: no server, no settings."""

from pathlib import Path

from typer.testing import CliRunner

from postroad.app import build_app


def fmt(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build_app("fmt"), ["fmt", *words])
    return ran.exit_code, ran.stdout, ran.stderr


def written(folder: Path, text: str, name: str = "sequence.yaml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text)
    return file


def test_files_are_laid_out_and_named(tmp_path: Path) -> None:
    file = written(tmp_path / "sequences" / "a", "sequence:   a\n")
    project = written(tmp_path, "events:   [won]\n", "postroad.yaml")

    status, out, _ = fmt(str(tmp_path))

    assert (status, out) == (0, f"changed {project}\nchanged {file}\n")
    assert file.read_text() == "sequence: a\n"
    assert fmt(str(tmp_path)) == (0, "", "")


def test_a_check_changes_nothing_and_fails(tmp_path: Path) -> None:
    file = written(tmp_path, "sequence:   a\n")

    assert fmt(str(tmp_path), "--check") == (1, f"would change {file}\n", "")
    assert file.read_text() == "sequence:   a\n"


def test_a_check_of_tidy_files_is_silent(tmp_path: Path) -> None:
    written(tmp_path, "sequence: a\n")

    assert fmt(str(tmp_path), "--check") == (0, "", "")


def test_a_broken_file_is_told_and_left_alone_and_the_others_are_laid_out(tmp_path: Path) -> None:
    broken = written(tmp_path / "a", "steps: [\n")
    other = written(tmp_path / "b", "sequence:   b\n")

    status, out, err = fmt(str(tmp_path))

    assert (status, out) == (1, f"changed {other}\n")
    assert f"{broken}:2:1: this is not YAML" in err
    assert broken.read_text() == "steps: [\n"


def test_a_folder_without_sequences_is_refused(tmp_path: Path) -> None:
    status, _, err = fmt(str(tmp_path))

    assert status == 1
    assert "there is no sequence.yaml" in err
