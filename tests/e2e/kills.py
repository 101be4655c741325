"""What the tests that kill the node share: a node that dies at a named point while the devnet goes on, one run for
each point, and their count."""
import argparse
import http.client
import random
import subprocess
import urllib.error

from harness import CRASHED, WEIR, Api, Failure, Process, Watch, check, scratch


def all_points():
    return subprocess.run([WEIR, "debug", "crash-points"], check=True, capture_output=True, text=True).stdout.split()


class KilledFlow:
    """A devnet, a node that may die, a watcher; a test adds the steps (methods that answer true once they are done,
    false when the node died before)."""

    def __init__(self, folder, environment):
        self.devnet = Process("devnet", folder / "devnet", ["devnet", "--data", folder / "devnet"])
        self.devnet.folder.mkdir()
        self.devnet.start()
        check(self.devnet.wait_ready(), f"the devnet ended: {self.devnet.tail()}")
        data = folder / "node"
        data.mkdir()
        self.node = Process("node", data, [
            "node", "--data", data, "--chain", self.devnet.addresses["rpc"], "--api", "127.0.0.1:0",
            "--gateway", "127.0.0.1:0", "--pieces", "127.0.0.1:0"])
        self.control = Api(self.devnet.addresses["control"])
        self.environment = environment
        self.watch = Watch()
        self.kills = 0
        self.api = None
        self.stopped = False

    def run(self, data):
        """Every step is begun again after a kill, as a client does that lost its connection."""
        environment = self.environment
        steps = self.steps()
        self.data = data
        for _ in range(60):
            self.now = environment
            self.node.start(**environment)
            if self.node.wait_ready():
                self.api = Api(self.node.addresses["api"])
                self.watch.attach(self.api)
                while steps and self.done(steps[0]):
                    steps.pop(0)
                if not steps:
                    return
            self.watch.attach(None)
            status = self.node.wait_exit()
            check(status == CRASHED, f"the node ended with {status}: {self.node.tail()}")
            self.kills += 1
            environment = self.next_environment()
        raise Failure("the node was killed sixty times and did not get to the end")

    def done(self, step):
        """False when the node died meanwhile."""
        try:
            return step()
        except (OSError, ValueError, http.client.HTTPException) as problem:
            told = problem.read().decode() if isinstance(problem, urllib.error.HTTPError) else problem
            check(self.node.wait_exit(10) is not None, f"{step.__name__}: {told}")
            return False

    def next_environment(self):
        """A named point is hit once; random ones go on with another seed."""
        text = self.environment.get("WEIR_CRASH_RANDOM")
        if not text or self.kills > 20:
            return {}
        seed, permille = text.split(":")
        return {"WEIR_CRASH_RANDOM": f"{int(seed) + self.kills}:{permille}"}

    def heard(self, kind, subject, count=1):
        """So many events of a kind, now or later."""
        def enough(_):
            return sum(e["kind"] == kind and e["subject"] == subject for _, e in self.watch.events()) >= count
        return self.watch.wait_for(enough, while_running=self.node) is not None

    def fund(self, api):
        wallets = api.get("/api/v1/wallets")["items"]
        wallet = wallets[0]["addr"] if wallets else api.post("/api/v1/wallets", {"name": "main"})["addr"]
        self.control.post("/devnet/fund", {"address": wallet, "amount": "10 FIL"})

    def stop_and_start(self):
        """What was still to be done when it stopped is done now."""
        if not self.stopped:
            self.stopped = True
            self.watch.attach(None)
            if self.node.stop() == CRASHED:
                return False
            self.node.start(**self.now)
            if not self.node.wait_ready():
                return False
            self.api = Api(self.node.addresses["api"])
            self.watch.attach(self.api)
        return True

    def close(self):
        self.watch.close()
        self.node.stop()
        self.devnet.stop()


def run_one(flow_type, data, name, environment):
    with scratch() as folder:
        flow = flow_type(folder, environment)
        try:
            flow.run(data)
            flow.close()
        finally:
            flow.node.kill()
            flow.devnet.kill()
        print(f"ok   {name} ({flow.kills} kills, {len(flow.watch.transactions)} revisions)", flush=True)
        return flow.kills


def cases_of(options, every, quick):
    """(name, environment) of each run."""
    points = options.points or (every if options.all else quick if options.quick else [])
    source = random.Random(options.seed)
    return [(p, {"WEIR_CRASH_AT": p}) for p in points] + [
        (f"random {i}", {"WEIR_CRASH_RANDOM": f"{source.randrange(1 << 30)}:30"}) for i in range(options.random)]


def kill_main(title, flow_type, every, quick, data_of):
    """The program: [--quick | --all | --random N] [--seed S] [POINT...]; `data_of(name, seed)` is what a run stores."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("points", nargs="*")
    options = parser.parse_args()
    passed = failed = 0
    for number, (name, environment) in enumerate(cases_of(options, every, quick)):
        try:
            kills = run_one(flow_type, data_of(name, options.seed + number), name, environment)
            check(kills > 0 or "WEIR_CRASH_RANDOM" in environment, f"{name} was never reached")
            passed += 1
        except Failure as failure:
            failed += 1
            print(f"FAIL {name}: {failure}", flush=True)
    print(f"{title}: {passed} passed, {failed} failed")
    return 1 if failed else 0
