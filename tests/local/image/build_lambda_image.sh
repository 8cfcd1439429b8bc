#!/usr/bin/env bash
# Gives Docker an image of the name under which SAM CLI looks for AWS's Lambda Python 3.14.
#
# AWS's own where it can be pulled; elsewhere a stand-in made from Debian and PyPI packages:
# CPython 3.14 and AWS's runtime client (SAM CLI adds AWS's emulator by itself).
# Does nothing when the image is there. A stand-in needs root, debootstrap and a Debian system,
# whose own apt sources say which mirror to use. PYTHON names a Python that has pip.
set -euo pipefail

MACHINE=$(uname -m)
ARCHITECTURE=${MACHINE/aarch64/arm64}
IMAGE=public.ecr.aws/lambda/python:3.14-$ARCHITECTURE
SUITE=forky # the Debian release that has Python 3.14
SCRIPTS=/usr/share/debootstrap/scripts
PYTHON=${PYTHON:-python3}
HERE=$(cd "$(dirname "$0")" && pwd)

main() {
    if docker image inspect "$IMAGE" >/dev/null 2>&1; then
        echo "$IMAGE is there"
        return
    fi
    if docker pull --quiet "$IMAGE" 2>/dev/null; then
        return
    fi
    require_tools
    local work
    work=$(mktemp -d)
    # shellcheck disable=SC2064  # the folder as it is now
    trap "rm -rf -- '$work'" EXIT
    echo "$IMAGE can't be pulled here; making a stand-in, about a minute"
    install_debian "$work"
    install_runtime "$work/rootfs"
    import_image "$work/rootfs"
}

require_tools() {
    [ "$ARCHITECTURE" = x86_64 ] || fail "the stand-in is for x86_64; pull $IMAGE on another machine"
    [ "$(id -u)" = 0 ] || fail "debootstrap needs root: run this script with sudo"
    command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
}

fail() {
    echo "error: $1" >&2
    exit 1
}

install_debian() {
    # An older Debian has no script for a newer release; that of sid fits them all.
    mkdir "$1/scripts"
    ln -s "$SCRIPTS"/* "$1/scripts/"
    ln -sf "$SCRIPTS/sid" "$1/scripts/$SUITE"
    debootstrap --variant=minbase --include=python3.14,ca-certificates \
        "$SUITE" "$1/rootfs" "$(find_mirror)" "$1/scripts/$SUITE" >"$1/log" 2>&1 ||
        { tail -n 20 "$1/log" >&2; fail "debootstrap failed"; }
}

find_mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | head -n 1
}

install_runtime() {
    local rootfs=$1
    mkdir -p "$rootfs/var/runtime" "$rootfs/var/task" "$rootfs/var/lang/bin" "$rootfs/opt/python"
    "$PYTHON" -m pip install --quiet --target "$rootfs/var/runtime" --python-version 3.14 \
        --implementation cp --platform manylinux_2_17_x86_64 --platform manylinux2014_x86_64 \
        --only-binary=:all: --no-compile --disable-pip-version-check -r "$HERE/requirements.txt"
    cp "$HERE/bootstrap" "$rootfs/var/runtime/bootstrap"
    ln -s /usr/bin/python3.14 "$rootfs/var/lang/bin/python3.14"
    # As in AWS's image: a cold start doesn't pay for compiling.
    chroot "$rootfs" /usr/bin/python3.14 -m compileall -q /usr/lib/python3.14 /var/runtime
    rm -rf "$rootfs"/var/cache/apt/* "$rootfs"/var/lib/apt/lists/* "$rootfs"/usr/share/doc
}

import_image() {
    tar -C "$1" -c . | docker import \
        -c 'ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime LANG=C.UTF-8 PATH=/var/lang/bin:/usr/local/bin:/usr/bin:/bin' \
        -c 'WORKDIR /var/task' -c 'ENTRYPOINT ["/var/runtime/bootstrap"]' \
        -c 'LABEL stand-in=true' - "$IMAGE"
}

main
