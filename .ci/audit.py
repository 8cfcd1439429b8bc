"""Exits with 1 if a package of the given lock file has a known hole (pip-audit).

Says so, loudly, where the database of holes can't be reached and nothing was looked at.
"""

import json
import subprocess
import sys

AUDIT = ["-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off", "--format=json"]


def main() -> int:
    """Return the exit status; 0 as well when nothing could be looked up."""
    result = subprocess.run(  # noqa: S603  fixed command, its argument is ours
        [sys.executable, *AUDIT, "--requirement", sys.argv[1]],
        capture_output=True,
        text=True,
        check=False,
    )
    packages = json.loads(result.stdout)["dependencies"] if result.stdout else []
    checked = [package for package in packages if "vulns" in package]
    holes = [package for package in checked if package["vulns"]]
    for package in holes:
        names = ", ".join(hole["id"] for hole in package["vulns"])
        print(f"{package['name']} {package['version']}: {names}")
    if not checked:
        print("SKIPPED: the database of vulnerable packages can't be reached; none was checked")
    else:
        print(f"{len(checked)} of {len(packages)} packages checked, {len(holes)} with known holes")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
