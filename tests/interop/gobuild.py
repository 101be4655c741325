"""Programs of others, built from the Go modules beside this file at the
versions that those pin; into build/interop, once."""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CACHE = ROOT / "build/interop"
SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def built(module, package, name):
    """Path of the program. Ends the test as skipped where there is no Go that can."""
    go = shutil.which("go")
    if not go:
        skip("there is no Go here")
    CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([go, "build", "-o", CACHE / name, package], cwd=ROOT / "tests/interop" / module,
                          capture_output=True, text=True)
    if done.returncode != 0:
        if "requires go" in done.stderr or "toolchain" in done.stderr:
            skip(f"this Go is too old: {done.stderr.strip().splitlines()[0]}")
        sys.exit(f"{name} does not build: {done.stderr}")
    return CACHE / name


def run(*words, **more):
    """Standard output of a program that has to succeed."""
    done = subprocess.run([str(w) for w in words], capture_output=True, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, words))}\nfailed: {done.stderr.decode()}")
    return done.stdout
