"""What every program of a remote client has to do, whatever language it is in."""
import json
import subprocess
import sys

from harness import Failure, check, devnet_node

TIME = 240


def instance(api):
    return api.post("/api/v1/ffs/instances", {"name": "clients"})


def stored_and_done(folder, program_of):
    """`program_of(socket, token, file)` gives the words of a program that stores the file and follows its job."""
    file = folder / "file.bin"
    file.write_bytes(bytes(range(256)) * 4001)
    with devnet_node(folder) as (node, api, _):
        made = instance(api)
        words = program_of(node.addresses["socket"], made["token"], file)
        ran = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=TIME)
        check(ran.returncode == 0, f"it failed: {ran.stdout}{ran.stderr}")
        jobs = api.get(f"/api/v1/ffs/instances/{made['id']}/jobs")["items"]
        check([j["state"] for j in jobs] == ["done"], f"there is {jobs}")
        check(jobs[0]["id"] in ran.stdout, f"it said {ran.stdout}")
        kept = api.get(f"/api/v1/ffs/instances/{made['id']}/cids/{jobs[0]['cid']}")
        check(kept["hot"]["enabled"] and kept["cold"]["enabled"], f"it is not kept: {kept}")
        deals = [d["state"] for d in kept["proposals"]]
        check("active" in deals, f"the deals are {deals}")


def line_of(child):
    line = child.stdout.readline()
    if not line:
        raise Failure(f"the program ended: {child.stderr.read()}")
    return json.loads(line)


def resumes(folder, program_of):
    """`program_of(socket, token)` gives the words of a program that says a line of JSON when its first job is
    done, reads a line, and then goes on with the node that was started anew."""
    with devnet_node(folder) as (node, api, _):
        made = instance(api)
        words = [str(w) for w in program_of(node.addresses["socket"], made["token"])]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              text=True) as child:
            try:
                first = line_of(child)
                check(first["revision"] > 0, f"it said {first}")
                node.stop()
                node.start()
                check(node.wait_ready(), f"the node ended: {node.tail()}")
                child.stdin.write("\n")
                child.stdin.flush()
                second = line_of(child)
            finally:
                child.kill()
        told = [tuple(x) for x in second["told"]]
        check(second["job"] != first["job"], f"it said {first} and {second}")
        check((second["job"], "done") in told, f"the second job's end was not told: {second}")
        check(all(job != first["job"] for job, _ in told), f"what was dealt with came again: {second}")


sys.stdout.reconfigure(line_buffering=True)
