"""Paths of tools, relative to the project."""

from __future__ import annotations

import pytest

from ingest.transcripts.paths import relative_to_project


@pytest.mark.parametrize(
    ("path", "cwd", "root", "expected"),
    [
        ("/home/dev/app/src/a.py", "/home/dev/app", None, "src/a.py"),
        ("src/a.py", "/home/dev/app", None, "src/a.py"),
        ("./src/../src/a.py", "/home/dev/app/", None, "src/a.py"),
        ("/home/dev/app", "/home/dev/app", None, "."),
        ("/home/dev/application/a.py", "/home/dev/app", None, "/home/dev/application/a.py"),
        ("/etc/hosts", "/home/dev/app", None, "/etc/hosts"),
        ("../other/a.py", "/home/dev/app", None, "/home/dev/other/a.py"),
        ("/home/dev/app/graph/a.py", "/home/dev/app/tests", "/home/dev/app", "graph/a.py"),
        ("test_a.py", "/home/dev/app/tests", "/home/dev/app", "tests/test_a.py"),
        ("src/a.py", None, None, "src/a.py"),
        ("/abs/a.py", None, None, "/abs/a.py"),
        ("odd\\name.py", "/home/dev/app", None, "odd\\name.py"),
        (r"C:\Dev\App\src\a.py", r"C:\Dev\App", None, "src/a.py"),
        (r"c:\dev\app\src\A.py", r"C:\Dev\App", None, "src/A.py"),
        (r"src\a.py", r"C:\Dev\App", None, "src/a.py"),
        ("C:/Dev/App/src/a.py", "C:\\Dev\\App\\", None, "src/a.py"),
        (r"D:\other\a.py", r"C:\Dev\App", None, "D:/other/a.py"),
        (r"\\server\share\app\a.py", r"\\server\share\app", None, "a.py"),
        ("/a.py", "/", None, "a.py"),
    ],
)
def test_a_path_inside_the_project_is_relative_and_any_other_absolute(
    path: str, cwd: str | None, root: str | None, expected: str
) -> None:
    assert relative_to_project(path, cwd, root) == expected
