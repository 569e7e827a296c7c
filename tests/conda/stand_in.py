"""The conda commands that Snakemake and `make pins` use, done by py-rattler, for machines without conda.

Two variables say how: STAND_IN_CHANNEL is the folder that is read in the place of conda-forge, STAND_IN_CACHE that of
the unpacked packages. What is asked of pip is left to the environment's own pip.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import rattler
import yaml

# conda-forge is the only channel that an environment here may name.
CHANNELS = {"conda-forge": Path(os.environ["STAND_IN_CHANNEL"]).as_uri()} if "STAND_IN_CHANNEL" in os.environ else {}
PLATFORM = str(rattler.Subdir.current())


async def solved(file):
    """Packages that meet an environment file."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    specs = [rattler.MatchSpec(spec, strict=True) for spec in content["dependencies"] if isinstance(spec, str)]
    channels = [CHANNELS[channel] for channel in content["channels"]]
    return await rattler.solve(channels, specs, platforms=[PLATFORM, "noarch"])


async def pinned(file):
    """Packages that a pin file names, each with its checksum."""
    lines = [line.split("#") for line in file.read_text(encoding="utf-8").splitlines() if "://" in line]
    wanted = {address: checksum for address, checksum in lines}
    channels = {address.rsplit("/", 2)[0] for address in wanted}
    names = {address.rpartition("/")[2].rsplit("-", 2)[0] for address in wanted}
    answers = await rattler.Gateway().query([*channels], [PLATFORM, "noarch"], [*names], recursive=False)
    found = {record.url: record for records in answers for record in records}
    for address, checksum in wanted.items():
        if address not in found or found[address].md5.hex() != checksum:
            sys.exit(f"{address}: not in the channel, or another one")
    return [found[address] for address in wanted]


async def create(prefix, records):
    """Build an environment."""
    await rattler.install(await records, prefix, cache_dir=os.environ["STAND_IN_CACHE"], show_progress=False)


def install_from_pip(prefix, file):
    """Do what an environment file asks of pip."""
    parts = yaml.safe_load(file.read_text(encoding="utf-8"))["dependencies"]
    lines = [line for part in parts if isinstance(part, dict) for line in part["pip"]]
    if lines:
        subprocess.run([f"{prefix}/bin/python", "-m", "pip", "install", "--quiet", *lines], check=True)


def explicit(prefix):
    """Lines of a pin file for an environment."""
    records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(prefix.glob("conda-meta/*.json"))]
    return ["# platform: " + PLATFORM, "@EXPLICIT", *(f"{record['url']}#{record['md5']}" for record in records)]


def main(words):
    """Answer one command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("command", nargs="*")
    for option in ("--file", "--prefix"):
        parser.add_argument(option, type=Path)
    for flag in ("--version", "--json", "--quiet", "--yes", "-y", "--no-default-packages", "--explicit", "--md5"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--get")
    for flag in ("--tarballs", "--packages"):
        parser.add_argument(flag, action="store_true")
    given = parser.parse_args(words)
    match " ".join(given.command):
        case "" if given.version:
            print("conda 26.7.1")
        case "info":
            print(json.dumps({"conda_prefix": str(Path(__file__).parent), "platform": PLATFORM}))
        case "config":
            print(json.dumps({"get": {"channel_priority": "strict"}}))
        case "clean":
            # The cache is the test's own.
            pass
        case "env create":
            asyncio.run(create(given.prefix, solved(given.file)))
            install_from_pip(given.prefix, given.file)
        case "create":
            asyncio.run(create(given.prefix, pinned(given.file)))
        case "list" if given.explicit:
            print("\n".join(explicit(given.prefix)))
        case other:
            sys.exit(f"the stand-in for conda does not know: {other} {words}")


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    # py-rattler's threads sometimes abort a Python that ends as usual.
    os._exit(0)
