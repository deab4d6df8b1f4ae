# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Where things lie, and the few helpers every part uses. "here" is the directory of the entry
# script.
# shellcheck disable=SC2034,SC2154  # shared with the other parts

lab_root=${MDEVCON_LAB:-${XDG_CACHE_HOME:-$HOME/.cache}/mdevcon-lab}
lab_run=$lab_root/run

say() {
	printf 'lab: %s\n' "$*"
}

die() {
	printf 'lab: %s\n' "$*" >&2
	exit 1
}

# make, ssh_config and QEMU's option strings all have their own idea of quoting: none is needed for
# these.
case $lab_root in
/*) ;;
*) die "MDEVCON_LAB must be an absolute path: $lab_root" ;;
esac
case $lab_root in
*[!A-Za-z0-9/._+-]*)
	die "the lab's directory may hold only letters, digits and / . _ + -: $lab_root"
	;;
esac

# The host packages, as listed.
host_packages() {
	sed '/^#/d' "$here/packages"
}

# hash FILE...: a short key for the contents of files; "-" adds standard input.
hash() {
	cat -- "$@" | sha256sum | cut -c1-16
}

# One build, one change of the set of guests at a time. The lock goes with this process: what stays
# behind (QEMU) is started without descriptor 9.
lock() {
	mkdir -p "$lab_root"
	exec 9>"$lab_root/lock"
	flock -w 900 9 || die "another lab command holds $lab_root/lock"
}

unlock() {
	exec 9>&-
}

now() {
	date +%s
}
