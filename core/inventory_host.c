// SPDX-License-Identifier: GPL-2.0-or-later

/* What belongs to the host as a whole: who it is, who else manages it, its crypto adapters. */

#include "core/inventory_build.h"

#include <errno.h>
#include <string.h>

#define SERVICES "/etc/systemd/system/multi-user.target.wants"
#define AP_DRIVER "/sys/bus/ap/drivers/vfio_ap"
#define AP_DEVICES "/sys/bus/ap/devices"

/* Services whose being enabled says that somebody else hands out devices on this host. */
static const struct {
	const char *service, *manager;
} managers[] = {
	{ "nova-compute.service", "OpenStack Nova" },
	{ "openstack-nova-compute.service", "OpenStack Nova" },
	{ "kubelet.service", "Kubernetes" },
	{ "pveproxy.service", "Proxmox VE" },
	{ "vdsmd.service", "oVirt" },
};

static gint64 note_number(const Facts *facts, const char *key, gint64 otherwise)
{
	const char *text = facts_note(facts, key);
	gint64 n = otherwise;
	if (text && !g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &n, NULL))
		n = otherwise;
	return n;
}

static void build_managers(Builder *b)
{
	const char **list = g_new0(const char *, G_N_ELEMENTS(managers) + 1);
	guint n = 0;
	b->inventory->managers_state = build_list_state(b, SERVICES);
	for (guint i = 0; i < G_N_ELEMENTS(managers); i++) {
		g_autofree char *path = g_strconcat(SERVICES "/", managers[i].service, NULL);
		TextReading link = facts_text(b->facts, path);
		if (link.state == READ_UNREADABLE)
			b->inventory->managers_state = READ_UNREADABLE;
		if (link.state != READ_VALUE)
			continue;
		if (n == 0 || strcmp(list[n - 1], managers[i].manager) != 0)
			list[n++] = managers[i].manager;
	}
	b->inventory->managers = list;
}

/* "05.00ab": a queue of a card, not a file of the driver's folder */
static bool is_queue(const char *name)
{
	return strlen(name) == 7 && strspn(name, "0123456789abcdefABCDEF") == 2 && name[2] == '.' &&
	       strspn(name + 3, "0123456789abcdefABCDEF") == 4;
}

static void build_ap(Builder *b)
{
	Inventory *inv = b->inventory;
	inv->ap_features = build_text(b, "/sys/bus/matrix/devices/matrix/features");
	inv->ap_cards = g_array_new(FALSE, FALSE, sizeof(ApCard));
	char **names = facts_names(b->facts, AP_DRIVER);
	if (names) {
		g_autoptr(GStrvBuilder) queues = g_strv_builder_new();
		for (; *names; names++)
			if (is_queue(*names))
				g_strv_builder_add(queues, *names);
		inv->ap_queues = g_strv_builder_end(queues);
	}
	for (guint i = 0; i < facts_count(b->facts); i++) {
		const Fact *fact = facts_nth(b->facts, i);
		if (!g_str_has_prefix(fact->path, AP_DEVICES "/card") ||
		    !g_str_has_suffix(fact->path, "/hwtype"))
			continue;
		g_autofree char *folder = g_path_get_dirname(fact->path);
		ApCard card = { .name = build_shared(b, folder + strlen(AP_DEVICES "/")) };
		gsize base = build_base(b, AP_DEVICES, card.name);
		card.hwtype = build_text(b, build_path(b, base, "hwtype"));
		card.functions = build_text(b, build_path(b, base, "ap_functions"));
		g_array_append_val(inv->ap_cards, card);
	}
}

void build_host(Builder *b)
{
	Inventory *inv = b->inventory;
	const char *source = facts_note(b->facts, "source");
	inv->live = source && strcmp(source, "live") == 0;
	inv->taken_at = note_number(b->facts, "taken", 0);
	inv->euid = note_number(b->facts, "euid", -1);
	inv->user = build_string(b, facts_note(b->facts, "user"));
	inv->via = build_string(b, facts_note(b->facts, "via"));
	inv->hostname = build_text(b, "/proc/sys/kernel/hostname");
	inv->kernel = build_text(b, "/proc/sys/kernel/osrelease");
	inv->machine_id = build_text(b, "/etc/machine-id");
	inv->boot_id = build_text(b, "/proc/sys/kernel/random/boot_id");
	inv->arch = build_text(b, "/proc/sys/kernel/arch");
	const char *arch = facts_note(b->facts, "arch");
	/* Kernels before 6.1 have no kernel.arch. */
	if (inv->arch.state != READ_VALUE && arch)
		inv->arch = (TextReading){ .state = READ_VALUE, .s = build_string(b, arch) };
	inv->parents_state = build_list_state(b, "/sys/class/mdev_bus");
	inv->instances_state = build_list_state(b, "/sys/bus/mdev/devices");
	build_managers(b);
	build_ap(b);
}
