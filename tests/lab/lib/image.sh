# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The initramfs all guests share: busybox, sshd, mdevctl, udevadm, the modules, and the libraries
# mdevcon is linked with. It holds no key and no name: those come in a second archive, one a guest
# (identity.sh). Result, under image/KEY: initrd.
# shellcheck disable=SC2154

# Libraries a dynamically linked mdevcon may need, by the start of their file names.
image_libraries="libc.so libm.so libglib-2.0.so libgobject-2.0.so libgio-2.0.so libgmodule-2.0.so
	libjansson.so libinih.so libssh.so libncursesw.so libpanelw.so libtinfo.so libudev.so"
image_terms="linux screen screen-256color tmux-256color xterm xterm-256color vt100 dumb"

image_dir() {
	key=$({
		kernel_dir
		# shellcheck disable=SC2046  # package names
		dpkg-query -W -f '${Package}=${Version}\n' $(host_packages) 2>/dev/null
		cat "$here/lib/image.sh" "$here"/guest/*
	} | hash -)
	printf '%s/image/%s\n' "$lab_root" "$key"
}

# image_skeleton ROOT: the merged directory layout both archives have.
image_skeleton() {
	mkdir -p "$1/usr/bin" "$1/usr/sbin" "$1/usr/lib" "$1/usr/lib64"
	for name in bin sbin lib lib64; do
		ln -s "usr/$name" "$1/$name"
	done
}

# image_pack ROOT: the tree as an archive the kernel unpacks, on standard output; everything root's.
image_pack() {
	(cd "$1" && find . | LC_ALL=C sort | cpio -o -H newc -R 0:0 --quiet)
}

# image_install ROOT FILE...: files at the path they have here, and the libraries they need.
image_install() {
	to=$1
	shift
	for file in "$@"; do
		mkdir -p "$to$(dirname "$file")"
		cp -L "$file" "$to$file"
		{ ldd "$file" 2>/dev/null || :; } | grep -o '/[^ ]*' | while read -r library; do
			[ ! -e "$to$library" ] || continue
			mkdir -p "$to$(dirname "$library")"
			cp -L "$library" "$to$library"
		done
	done
}

# The path of a library, by the start of its name; the newest where there are several.
image_library() {
	/sbin/ldconfig -p | awk -v name="$1." '
		index($1, name) == 1 && /x86-64/ { print $NF }' | sort -rV | head -n 1
}

image_programs() {
	image_install "$1" /usr/sbin/sshd /usr/lib/openssh/sftp-server "$(command -v mdevctl)" \
		"$(command -v udevadm)"
	for name in $image_libraries; do
		library=$(image_library "$name")
		[ -n "$library" ] || die "no $name on this machine; run $here/setup"
		image_install "$1" "$library"
	done
	for name in hold wr; do
		gcc -std=gnu17 -O2 -Wall -Wextra -Werror -static -s \
			-o "$1/usr/bin/$name" "$here/guest/$name.c"
	done
	install -m 755 "$here/guest/sshd-restart-in" "$1/usr/bin/sshd-restart-in"
	cp "$(kernel_dir)/busybox" "$1/usr/bin/busybox"
	chmod 755 "$1/usr/bin/busybox"
	# Applets fill what no real program provides.
	"$1/usr/bin/busybox" --list | while read -r name; do
		[ -e "$1/usr/bin/$name" ] || [ -e "$1/usr/sbin/$name" ] ||
			ln -s busybox "$1/usr/bin/$name"
	done
}

image_configuration() {
	mkdir -p "$1/proc" "$1/sys" "$1/dev" "$1/run" "$1/tmp" "$1/mnt" "$1/root" "$1/home/op" \
		"$1/var/empty" "$1/var/log" "$1/etc/ssh" "$1/etc/init.d" "$1/usr/share" \
		"$1/etc/mdevctl.d/scripts.d/callouts" "$1/etc/mdevctl.d/scripts.d/notifiers" \
		"$1/usr/lib/mdevctl/scripts.d/callouts" "$1/usr/lib/mdevctl/scripts.d/notifiers"
	chmod 700 "$1/root" "$1/home/op"
	ln -s ../run "$1/var/run"
	ln -s usr/bin/busybox "$1/init"
	install -m 755 "$here/guest/rcS" "$1/etc/init.d/rcS"
	install -m 644 "$here/guest/inittab" "$1/etc/inittab"
	install -m 644 "$here/guest/sshd_config" "$1/etc/ssh/sshd_config"
	image_accounts "$1/etc"
	printf '/bin/sh\n' >"$1/etc/shells"
	for name in $image_terms; do
		image_terminfo "$1" "$name"
	done
	[ ! -d /usr/lib/locale/C.utf8 ] || {
		mkdir -p "$1/usr/lib/locale"
		cp -rL /usr/lib/locale/C.utf8 "$1/usr/lib/locale"
	}
}

# image_accounts ETC: root, and a plain user "op"; both log in with a key only ("*" is no locked
# account).
image_accounts() {
	cat >"$1/passwd" <<-'PASSWD'
		root:x:0:0:root:/root:/bin/sh
		sshd:x:100:65534::/run/sshd:/bin/false
		op:x:1000:1000:unprivileged operator:/home/op:/bin/sh
		nobody:x:65534:65534::/:/bin/false
	PASSWD
	printf '%s:*:19000::::::\n' root op >"$1/shadow"
	chmod 600 "$1/shadow"
	printf '%s:\n' root:x:0 tty:x:5 kvm:x:101 op:x:1000 nogroup:x:65534 >"$1/group"
	printf '%s: files\n' passwd group shadow hosts >"$1/nsswitch.conf"
	printf '127.0.0.1 localhost\n' >"$1/hosts"
}

# image_terminfo ROOT TERM: a terminal's description, to the first place ncurses looks in.
image_terminfo() {
	initial=$(printf '%.1s' "$2")
	for base in /etc/terminfo /lib/terminfo /usr/share/terminfo; do
		[ -e "$base/$initial/$2" ] || continue
		mkdir -p "$1/usr/lib/terminfo/$initial"
		cp -L "$base/$initial/$2" "$1/usr/lib/terminfo/$initial/$2"
		return
	done
	die "no terminfo for $2 on this machine; run $here/setup"
}

image_build() {
	[ ! -e "$(image_dir)/initrd" ] || return 0
	say "building the initramfs"
	root=$lab_root/work/root
	rm -rf "$lab_root/work"
	mkdir -p "$root" "$lab_root/image"
	image_skeleton "$root"
	image_programs "$root"
	image_configuration "$root"
	mkdir -p "$root/usr/lib/modules"
	cp -r "$(kernel_dir)/lib/modules/." "$root/usr/lib/modules"
	mkdir -p "$lab_root/work/out"
	image_pack "$root" >"$lab_root/work/out/initrd"
	rm -rf "$(image_dir)"
	mv "$lab_root/work/out" "$(image_dir)"
	rm -rf "$lab_root/work"
}

# Drop what no build of the last two weeks has made.
lab_prune() {
	for kept in "$(kernel_dir)" "$(image_dir)"; do
		find "${kept%/*}" -mindepth 1 -maxdepth 1 -mtime +14 ! -path "$kept" \
			-exec rm -rf {} +
	done
}

lab_build_unlocked() {
	PATH=$PATH:/usr/sbin:/sbin
	"$here/setup" >&2 9>&-
	kernel_build
	image_build
	lab_prune
}

lab_build() {
	lock
	lab_build_unlocked
	unlock
	say "kernel $(cat "$(kernel_dir)/release"), image $(image_dir)"
}
