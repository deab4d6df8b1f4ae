# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The guests' kernel: Debian's own from backports, plus its sample mdev drivers, which Debian does
# not ship built. Result, under kernel/KEY: kernel, busybox, release, and lib/modules with just what
# a guest loads.
# shellcheck disable=SC2154

# The cloud flavour boots fastest and is the smallest to fetch. It has no mdev.ko; that is built as
# well then.
kernel_flavour=cloud-amd64
kernel_modules="virtio_net virtio_blk vfio vfio_iommu_type1 mdev mtty mdpy mbochs"
kernel_samples="mtty mdpy mbochs"
versions=$apt_dir/versions

# Write the versions to build from, as the meta packages name them today.
kernel_resolve() {
	apt_prepare
	image=$(apt_show "linux-image-$kernel_flavour/$apt_suite" Depends |
		sed -n "s/^linux-image-\([^ ,]*\)-$kernel_flavour.*/\1/p")
	[ -n "$image" ] || die "$apt_suite has no linux-image-$kernel_flavour"
	source=$(apt_show "linux-source/$apt_suite" Depends |
		sed -n 's/^\(linux-source-[^ ,]*\).*/\1/p')
	[ -n "$source" ] || die "$apt_suite has no linux-source"
	{
		printf 'release=%s\n' "$image-$kernel_flavour"
		for package in "linux-image-$image-$kernel_flavour/$apt_suite" \
			"linux-headers-$image-$kernel_flavour/$apt_suite" \
			"linux-headers-$image-common/$apt_suite" "linux-kbuild-$image/$apt_suite" \
			"$source/$apt_suite" "busybox-static/$apt_base"; do
			printf 'package=%s=%s\n' "${package%/*}" "$(apt_show "$package" Version)"
		done
	} >"$versions.new"
	! grep '=$' "$versions.new" >&2 || die "the package lists are incomplete"
	mv "$versions.new" "$versions"
	rm -f "$apt_dir"/cache/*.bin
}

kernel_release() {
	sed -n 's/^release=//p' "$versions"
}

kernel_dir() {
	key=$(hash "$versions" "$here/lib/apt.sh" "$here/lib/kernel.sh")
	printf '%s/kernel/%s\n' "$lab_root" "$key"
}

# Fetch every package; a version that has left the mirror since the lists were read is resolved
# anew, once.
kernel_fetch() {
	# shellcheck disable=SC2046  # package names
	apt_fetch "$1" $(sed -n 's/^package=//p' "$versions") && return
	say "the package lists are out of date"
	kernel_resolve
	rm -rf "$1"
	# shellcheck disable=SC2046
	apt_fetch "$1" $(sed -n 's/^package=//p' "$versions")
}

# kernel_unpack WORK: image, headers, kbuild and busybox into WORK/k; of the source only what is
# built.
kernel_unpack() {
	for deb in "$1"/debs/*.deb; do
		case $deb in
		*/linux-source-*) dpkg-deb -x "$deb" "$1/src" ;;
		*) dpkg-deb -x "$deb" "$1/k" ;;
		esac
		rm "$deb"
	done
	mkdir "$1/source"
	tar -C "$1/source" --strip-components=1 -xJf "$1"/src/usr/src/linux-source-*.tar.xz \
		--wildcards 'linux-source-*/samples/vfio-mdev' 'linux-source-*/drivers/vfio/mdev'
	# The headers' top Makefile includes its common half by an absolute path.
	sed -i "s,^include /usr/src,include $1/k/usr/src," \
		"$1/k/usr/src/linux-headers-$(kernel_release)/Makefile"
}

# kernel_make WORK DIR [VARIABLE=VALUE...]: build the modules of DIR against the headers.
kernel_make() {
	make_work=$1
	make_dir=$2
	shift 2
	make -s -C "$make_work/k/usr/src/linux-headers-$(kernel_release)" M="$make_dir" \
		CONFIG_DEBUG_INFO_BTF_MODULES= "$@" modules >"$make_dir/build.log" 2>&1 || {
		cat "$make_dir/build.log" >&2
		die "building the modules of $make_dir failed"
	}
}

kernel_build_modules() {
	extra=$1/k/lib/modules/$(kernel_release)/updates
	mkdir -p "$extra"
	set -- "$1" ""
	if [ -z "$(find "$1/k/lib/modules" -name 'mdev.ko*')" ]; then
		mdev=$1/source/drivers/vfio/mdev
		printf 'mdev-y := mdev_core.o mdev_sysfs.o mdev_driver.o\nobj-m := mdev.o\n' \
			>"$mdev/Makefile"
		kernel_make "$1" "$mdev"
		cp "$mdev/mdev.ko" "$extra"
		set -- "$1" "KBUILD_EXTRA_SYMBOLS=$mdev/Module.symvers"
	fi
	samples=$1/source/samples/vfio-mdev
	for name in $kernel_samples; do
		printf 'obj-m += %s.o\n' "$name"
	done >"$samples/Makefile"
	kernel_make "$1" "$samples" ${2:+"$2"}
	for name in $kernel_samples; do
		cp "$samples/$name.ko" "$extra"
	done
}

# kernel_pick_modules WORK OUT: the wanted modules and what they depend on, plain and without debug
# data.
kernel_pick_modules() {
	release=$(kernel_release)
	unpacked=$1/k/lib/modules/$release
	tree=$2/lib/modules/$release
	mkdir -p "$tree"
	depmod -b "$1/k" "$release"
	for name in $kernel_modules; do
		modprobe -C /dev/null -d "$1/k" -S "$release" -D "$name" >>"$1/depends" ||
			die "the kernel has no module $name"
	done
	sed -n 's/^insmod \([^ ]*\).*/\1/p' "$1/depends" | sort -u | while read -r file; do
		name=$(basename "${file%.xz}")
		case $file in
		*.xz) xz -dc "$file" >"$tree/$name" ;;
		*) cp "$file" "$tree/$name" ;;
		esac
		strip --strip-debug "$tree/$name"
	done
	cp "$unpacked"/modules.builtin* "$unpacked/modules.order" "$tree"
	depmod -b "$2" "$release"
}

# number FILE OFFSET SIZE: a little-endian number in a file.
number() {
	od -An -v "-tu$3" "-j$2" "-N$3" "$1" | tr -d ' '
}

# kernel_image VMLINUZ OUT: the kernel as QEMU can start it without its own, slow, decompression:
# under emulation that costs 4 s at the first boot and 8 s at every other. The boot header tells
# where it lies (Documentation/arch/x86/boot.rst: setup_sects, payload_offset, payload_length); its
# last 4 bytes are the length unpacked. In an unknown format the kernel is taken as it is.
kernel_image() {
	begin=$((($(number "$1" 497 1) + 1) * 512 + $(number "$1" 584 4)))
	length=$(($(number "$1" 588 4) - 4))
	case $(od -An -tx1 "-j$begin" -N4 "$1" | tr -d ' ') in
	28b52ffd) unpack=zstd ;;
	fd377a58) unpack=xz ;;
	*)
		cp "$1" "$2"
		return
		;;
	esac
	tail -c "+$((begin + 1))" "$1" | head -c "$length" | "$unpack" -dc >"$2"
}

# Make sure the kernel is there. It is put together aside and moved into place whole.
kernel_build() {
	[ -s "$versions" ] || kernel_resolve
	[ ! -e "$(kernel_dir)/release" ] || return 0
	work=$lab_root/work
	rm -rf "$work"
	mkdir -p "$work/out" "$lab_root/kernel"
	[ -d "$apt_dir/state/lists" ] || kernel_resolve
	say "fetching kernel $(kernel_release), its headers and source"
	kernel_fetch "$work/debs"
	say "building the sample drivers"
	kernel_unpack "$work"
	kernel_build_modules "$work"
	kernel_pick_modules "$work" "$work/out"
	kernel_image "$work/k/boot/vmlinuz-$(kernel_release)" "$work/out/kernel"
	cp "$work/k/bin/busybox" "$work/out/busybox"
	kernel_release >"$work/out/release"
	rm -rf "$(kernel_dir)"
	mv "$work/out" "$(kernel_dir)"
	rm -rf "$work"
}
