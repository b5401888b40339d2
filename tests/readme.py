"""README.md taken apart: its code blocks and its table of errors."""

import re
from pathlib import Path

README = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of one language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def snippets() -> dict[str, str]:
    """Return every block of Python, by the words in bold that introduce it."""
    found = re.findall(
        r"^\*\*(.+?)\*\*[^\n]*\n```python\n(.*?)^```$", README, re.DOTALL | re.MULTILINE
    )
    return dict(found)


def error_lines() -> list[str]:
    """Return what the script says, from the first column of the table of errors."""
    section = README.split("## When a service is down\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \|", section, re.MULTILINE)
    return [line for row in rows for line in re.findall(r"`([^`]+)`", row)]


def commands() -> list[str]:
    """Return the shell commands, in blocks and in running text."""
    inline = re.findall(r"`((?:pip|python|uv) [^`\n]+)`", README)
    return "".join(blocks("sh")).splitlines() + inline
