"""A SLURM of several nodes on this machine, from start to end below one folder."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "scancel", "srun")
# Where every program on the machine looks for the configuration. A variable would not do: jobs lose all of SLURM's.
SHARED_CONF = Path("/run/slurm/conf")
CONF = """\
ClusterName=tiny
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
SlurmctldPort={port}
SlurmdParameters=config_overrides
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
# Memory is watched once a second, and who takes more than was asked for is killed.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=sched_interval=5,batch_sched_delay=1,bf_interval=5
MinJobAge=3600
MpiDefault=none
ReturnToService=2
KillWait=2
NodeName=n[1-{nodes}] NodeHostname={host} NodeAddr=127.0.0.1 Port=[{first}-{last}] CPUs={cpus} RealMemory={memory_mb}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Why no cluster can be started here; nothing where it can."""
    absent = [name for name in PROGRAMS if not find(name)]
    if absent:
        return f"{', '.join(absent)} not found; on Debian: apt install --no-install-recommends slurm-wlm munge"
    if os.geteuid():
        return "only root may start the nodes of a cluster"
    if SHARED_CONF.exists() or Path("/etc/slurm/slurm.conf").exists():
        return f"this machine has a SLURM already: {SHARED_CONF} or /etc/slurm/slurm.conf is there"
    return ""


def find(program: str) -> str | None:
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin")


class Cluster:
    """Nodes n1, n2, ... of `cpus` cores each; they are there inside the `with` block.

    Parameters
    ----------
    folder : Path
        Empty; keys, sockets, logs and states go there.
    """

    def __init__(self, folder: Path, nodes: int = 3, cpus: int = 2, memory_mb: int = 16_000):
        self.folder, self.nodes = folder, nodes
        host, port = socket.gethostname().partition(".")[0], free_ports(nodes + 1)
        numbers = {"nodes": nodes, "cpus": cpus, "memory_mb": memory_mb}
        ports = {"port": port, "first": port + 1, "last": port + nodes}
        self.conf = CONF.format(folder=folder, host=host, **ports, **numbers)
        self._daemons = []

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        munge = self.folder / "munge"
        for path in (munge, self.folder / "state", *(self.folder / f"spool/n{n + 1}" for n in range(self.nodes))):
            path.mkdir(parents=True)
        munge.chmod(0o711)
        key = munge / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o400)
        files = [f"--{kind}-file={munge / kind}" for kind in ("key", "pid", "log", "seed")]
        self._daemon("munged", "--foreground", "--force", f"--socket={munge / 'socket'}", *files)
        conf = self.folder / "slurm.conf"
        conf.write_text(self.conf, encoding="utf-8")
        SHARED_CONF.parent.mkdir(exist_ok=True)
        SHARED_CONF.symlink_to(self.folder)
        self.wait_for((munge / "socket").exists, 120)
        self._daemon("slurmctld", "-D", "-f", conf)
        for n in range(self.nodes):
            self._daemon("slurmd", "-D", "-f", conf, "-N", f"n{n + 1}")
        self.wait_for(lambda: said("sinfo", "-h", "-N", "-o", "%T").split() == ["idle"] * self.nodes, 120)

    def _daemon(self, program, *arguments):
        log = (self.folder / f"{program}-{len(self._daemons)}.out").open("wb")
        with log:
            command = [find(program), *map(str, arguments)]
            self._daemons.append(subprocess.Popen(command, stdout=log, stderr=log, env=self.environment))

    def __exit__(self, *_):
        said("scancel", "--user", "root")
        self._settle(lambda: not said("squeue", "-h"))
        for number in (signal.SIGTERM, signal.SIGKILL):
            # Last started, first stopped: the nodes before who leads them.
            for daemon in reversed(self._daemons):
                if daemon.poll() is None:
                    daemon.send_signal(number)
            self._settle(lambda: all(daemon.poll() is not None for daemon in self._daemons))
        # What jobs started is no child of the nodes, but has their environment or that of who submitted it.
        for process in self._marked():
            os.kill(process, signal.SIGKILL)
        # A link, even where what it leads to is gone.
        SHARED_CONF.unlink(missing_ok=True)

    def _settle(self, condition):
        with contextlib.suppress(TimeoutError):
            self.wait_for(condition, 15)

    @property
    def environment(self) -> dict[str, str]:
        """Variables for every program that submits jobs: by them its processes are found in the end."""
        return os.environ | {"LIVEDEAD_TEST_CLUSTER": str(self.folder)}

    def _marked(self):
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if f"LIVEDEAD_TEST_CLUSTER={self.folder}".encode() in path.read_bytes().split(b"\0"):
                    yield int(path.parent.name)
            except OSError:
                continue

    def wait_for(self, condition, patience_s: float):
        """Wait until a condition holds and give what it gave; TimeoutError with the logs where it never does."""
        end = time.monotonic() + patience_s
        while not (found := condition()):
            if time.monotonic() > end:
                raise TimeoutError(f"waited {patience_s} s in vain; the cluster said:\n{self.logs()}")
            time.sleep(0.2)
        return found

    def logs(self) -> str:
        """Last lines of what the daemons wrote, for the message of a failed test."""
        tails = (f"{path.name}:\n{path.read_text(errors='replace')[-1500:]}" for path in self.folder.glob("*.log"))
        return "\n".join(tails)

    def jobs(self) -> list[dict[str, str]]:
        """Every job the cluster has seen: the fields of `scontrol show job`."""
        text = said("scontrol", "--oneliner", "show", "job")
        lines = [line for line in text.splitlines() if line.startswith("JobId=")]
        return [dict(word.split("=", 1) for word in line.split() if "=" in word) for line in lines]


def said(*command: str) -> str:
    """What a command writes; nothing where it fails."""
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def free_ports(count: int) -> int:
    """First of several ports in a row that nobody listens on."""
    for first in range(21_000, 29_000, count):
        try:
            for port in range(first, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return first
    raise OSError("no free ports for a cluster")
