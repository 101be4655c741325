"""What the rules share: the files of the project and how a rule reports."""
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def tracked(*suffixes):
    """Paths that git knows (or would add), below the root, with one of the suffixes."""
    out = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for line in sorted(set(out.splitlines())):
        path = ROOT / line
        if path.suffix in suffixes and path.is_file():
            yield path


def relative(path):
    return path.relative_to(ROOT).as_posix()


def finish(rule, complaints):
    for complaint in complaints:
        print(f"{rule}: {complaint}")
    sys.exit(1 if complaints else 0)
