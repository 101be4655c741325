#!/usr/bin/env python3
"""The remote API driven from Python (pycapnp), which nobody here wrote: the
lines of docs/remote-clients.md as they stand there, and a watch of jobs that
survives a restart of the node. Skipped with exit status 77 where the package cannot be had.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from document import lines_of
from harness import ROOT, run_tests
from programs import resumes, stored_and_done

PYCAPNP = "pycapnp==2.0.0"
SKIPPED = 77
PLACE = ROOT / "build/interop/python"


def python_with_pycapnp():
    python = PLACE / "bin/python"
    for command in ([sys.executable, "-m", "venv", PLACE], [python, "-m", "pip", "install", "-q", PYCAPNP]):
        if subprocess.run([python, "-c", "import capnp"], capture_output=True).returncode == 0 if python.exists() else False:
            break
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            print(f"skipped: {PYCAPNP} cannot be had: {(done.stderr or done.stdout).strip()[-200:]}")
            sys.exit(SKIPPED)
    return python


def the_documents_python_stores_and_watches_the_job(folder):
    python = python_with_pycapnp()
    program = folder / "store.py"
    program.write_text(lines_of("python"))
    stored_and_done(folder, lambda socket, token, file: [
        python, program, ROOT / "messages/rpc/weir.capnp", socket, token, file])


def a_python_watch_goes_on_after_a_restart(folder):
    python = python_with_pycapnp()
    program = ROOT / "tests/interop/clients/resume.py"
    resumes(folder, lambda socket, token: [python, program, ROOT / "messages/rpc/weir.capnp", socket, token])


run_tests([the_documents_python_stores_and_watches_the_job, a_python_watch_goes_on_after_a_restart])
