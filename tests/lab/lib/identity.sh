# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# What makes one guest differ from the next, and what the user needs to reach them. All keys are
# made for one run and go with it.
# shellcheck disable=SC2154

# The archive unpacked over the shared one, on standard output: name, machine-id, keys, and the tree
# LAB_EXTRA.
identity_pack() {
	guest=$1
	dir=$lab_run/$guest
	root=$dir/overlay
	mkdir -p "$root/etc/ssh"
	image_skeleton "$root"
	printf 'lab-%s\n' "$guest" >"$root/etc/hostname"
	# From the name alone: the same guest is the same machine after "down" and "up".
	printf 'mdevcon lab %s' "$guest" | md5sum | cut -c1-32 >"$root/etc/machine-id"
	ssh-keygen -q -t ed25519 -N '' -C "lab-$guest" -f "$root/etc/ssh/ssh_host_ed25519_key"
	cp "$root/etc/ssh/ssh_host_ed25519_key.pub" "$dir/host_key.pub"
	cp "$lab_run/id.pub" "$root/etc/ssh/authorized_keys"
	chmod 644 "$root/etc/ssh/authorized_keys"
	if [ -n "${LAB_EXTRA:-}" ]; then
		# Both trees may spell /bin or /usr/bin: the links of the merged layout stay.
		tar -C "$LAB_EXTRA" -cf - . |
			tar -C "$root" --keep-directory-symlink --no-overwrite-dir -xf -
	fi
	image_pack "$root"
	rm -rf "$root"
}

# The run's own key, once.
identity_key() {
	[ -f "$lab_run/id" ] || ssh-keygen -q -t ed25519 -N '' -C mdevcon-lab -f "$lab_run/id"
}

# Write known_hosts, ssh_config and the inventory for every guest there is; each file appears
# complete.
identity_inventory() {
	: >"$lab_run/known_hosts.new"
	: >"$lab_run/ssh_config.new"
	: >"$lab_run/hosts.ini.new"
	for guest in $(guest_names); do
		port=$(cat "$lab_run/$guest/port")
		host_key=$(cut -d ' ' -f 1,2 "$lab_run/$guest/host_key.pub")
		printf '[127.0.0.1]:%s %s\n' "$port" "$host_key" >>"$lab_run/known_hosts.new"
		cat >>"$lab_run/ssh_config.new" <<-CONFIG
			Host $guest
			  HostName 127.0.0.1
			  Port $port
			  User root
			  IdentityFile $lab_run/id
			  IdentitiesOnly yes
			  UserKnownHostsFile $lab_run/known_hosts
			  StrictHostKeyChecking yes
		CONFIG
		cat >>"$lab_run/hosts.ini.new" <<-INI
			[$guest]
			address = $guest
			ssh_config = $lab_run/ssh_config
			groups = lab

		INI
	done
	for name in known_hosts ssh_config hosts.ini; do
		mv "$lab_run/$name.new" "$lab_run/$name"
	done
}
