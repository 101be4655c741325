"""The programs that stand in docs/remote-clients.md."""
import pathlib
import re

DOCUMENT = pathlib.Path(__file__).resolve().parent.parent.parent / "docs/remote-clients.md"


def lines_of(language):
    return re.search(rf"```{language}\n(.*?)```", DOCUMENT.read_text(), re.S).group(1)
