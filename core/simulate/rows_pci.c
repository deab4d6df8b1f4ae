// SPDX-License-Identifier: GPL-2.0-or-later

/* Devices themselves, of PCI above all, with SR-IOV and NVIDIA's vendor VFIO. */

#include "core/simulate/layout.h"

#include <errno.h>

#include "core/simulate/rows.h"

static const SimCard *pci_card(const SimPlace *place)
{
	return place->device->card->is_pci ? place->device->card : NULL;
}

static int hex_id(const SimCard *card, guint id, GString *out)
{
	if (!card)
		return -ENOENT;
	g_string_append_printf(out, "0x%04x\n", id);
	return 0;
}

static int vendor(const SimPlace *place, GString *out)
{
	return hex_id(pci_card(place), place->device->card->vendor, out);
}

static int device_id(const SimPlace *place, GString *out)
{
	return hex_id(pci_card(place), place->device->card->device, out);
}

static int subsystem_vendor(const SimPlace *place, GString *out)
{
	return hex_id(pci_card(place), place->device->card->subsystem_vendor, out);
}

static int subsystem_device(const SimPlace *place, GString *out)
{
	return hex_id(pci_card(place), place->device->card->subsystem_device, out);
}

static int class_code(const SimPlace *place, GString *out)
{
	if (!pci_card(place))
		return -ENOENT;
	g_string_append_printf(out, "0x%06x\n", place->device->card->class);
	return 0;
}

static int revision(const SimPlace *place, GString *out)
{
	if (!pci_card(place))
		return -ENOENT;
	g_string_append(out, "0xa1\n");
	return 0;
}

static int numa_node(const SimPlace *place, GString *out)
{
	if (!pci_card(place))
		return -ENOENT;
	g_string_append_printf(out, "%d\n", place->device->card->numa_node);
	return 0;
}

static int uevent(const SimPlace *place, GString *out)
{
	const SimCard *card = place->device->card;
	if (card->bus_driver)
		g_string_append_printf(out, "DRIVER=%s\n", card->bus_driver);
	if (card->is_pci)
		g_string_append_printf(out,
		                       "PCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
		                       "PCI_SLOT_NAME=%s\n",
		                       card->class, card->vendor, card->device,
		                       card->subsystem_vendor, card->subsystem_device,
		                       place->device->name);
	return 0;
}

static int modalias(const SimPlace *place, GString *out)
{
	const SimCard *card = pci_card(place);
	if (!card)
		return -ENOENT;
	g_string_append_printf(out, "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X\n", card->vendor,
	                       card->device, card->subsystem_vendor, card->subsystem_device,
	                       card->class >> 16, card->class >> 8 & 0xff, card->class & 0xff);
	return 0;
}

/* ---- links ---- */

static int to_subsystem(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/%s", place->device->card->subsystem);
	return 0;
}

static int to_driver(const SimPlace *place, GString *out)
{
	const SimCard *card = place->device->card;
	if (!card->bus_driver)
		return -ENOENT;
	g_string_append_printf(out, "/sys/%s/drivers/%s", card->subsystem, card->bus_driver);
	return 0;
}

static int to_module(const SimPlace *place, GString *out)
{
	if (!place->device->card->bus_module)
		return -ENOENT;
	g_string_append_printf(out, "/sys/module/%s", place->device->card->bus_module);
	return 0;
}

static int to_device(const SimPlace *place, GString *out)
{
	g_string_append_printf(out, "/sys/devices/%s", place->device->path);
	return 0;
}

static int to_group(const SimPlace *place, GString *out)
{
	if (place->device->group < 0)
		return -ENOENT;
	g_string_append_printf(out, "/sys/kernel/iommu_groups/%d", place->device->group);
	return 0;
}

static int to_physical(const SimPlace *place, GString *out)
{
	if (place->device->function == 0)
		return -ENOENT;
	g_string_append_printf(out, "/sys/devices/%s", place->device->card->path);
	return 0;
}

/* ---- SR-IOV ---- */

static bool has_sriov(const SimDevice *device)
{
	return device->card->vfs_total > 0 && device->function == 0;
}

static int sriov_total(const SimPlace *place, GString *out)
{
	if (!has_sriov(place->device))
		return -ENOENT;
	g_string_append_printf(out, "%u\n", place->device->card->vfs_total);
	return 0;
}

static int sriov_number(const SimPlace *place, GString *out)
{
	if (!has_sriov(place->device))
		return -ENOENT;
	g_string_append_printf(out, "%u\n", device_count_vfs(place->kernel, place->device));
	return 0;
}

static gssize set_sriov_number(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	return device_set_vfs(place->kernel, place->device, bytes, len);
}

/* ---- vendor VFIO ---- */

static const char *type_number(const SimType *type)
{
	return type->id + sizeof "nvidia-" - 1;
}

static int current_type(const SimPlace *place, GString *out)
{
	const SimType *type = place->device->type;
	if (!device_is_vendor_function(place->device))
		return -ENOENT;
	g_string_append_printf(out, "%s\n", type ? type_number(type) : "0");
	return 0;
}

static int creatable_types(const SimPlace *place, GString *out)
{
	const SimDriver *driver = place->device->card->driver;
	if (!device_is_vendor_function(place->device))
		return -ENOENT;
	for (guint i = 0; i < driver->n_types; i++)
		if (device_can_take(place->kernel, place->device, &driver->types[i]))
			g_string_append_printf(out, "%s : %s\n", type_number(&driver->types[i]),
			                       driver->types[i].name);
	return 0;
}

static gssize set_type(SimPlace *place, const char *bytes, gsize len, const SimWait *wait)
{
	(void)wait;
	return device_set_type(place->kernel, place->device, bytes, len);
}

static int vendor_default(const SimPlace *place, GString *out)
{
	if (!device_is_vendor_function(place->device))
		return -ENOENT;
	g_string_append(out, "N/A\n");
	return 0;
}

static int vendor_folder(const SimPlace *place, GString *out)
{
	(void)out;
	return device_is_vendor_function(place->device) ? 0 : -ENOENT;
}

#define DEVICE "/sys/devices/<device>"
#define PCI_DRIVER "/sys/bus/pci/drivers/<pci-driver>"
#define CSS_DRIVER "/sys/bus/css/drivers/<css-driver>"

const SimRow sim_rows_pci[] = {
	FOLDER(DEVICE, NULL),
	LINK(DEVICE "/subsystem", to_subsystem),
	VALUE(DEVICE "/uevent", 0644, uevent),
	FOLDER(DEVICE "/power", NULL),
	SIM_POWER_ROWS(DEVICE),
	LINK(DEVICE "/driver", to_driver),
	LINK(DEVICE "/iommu_group", to_group),
	VALUE(DEVICE "/vendor", 0444, vendor),
	VALUE(DEVICE "/device", 0444, device_id),
	VALUE(DEVICE "/subsystem_vendor", 0444, subsystem_vendor),
	VALUE(DEVICE "/subsystem_device", 0444, subsystem_device),
	VALUE(DEVICE "/class", 0444, class_code),
	VALUE(DEVICE "/modalias", 0444, modalias),
	VALUE(DEVICE "/revision", 0444, revision),
	VALUE(DEVICE "/numa_node", 0644, numa_node),
	LINK(DEVICE "/physfn", to_physical),
	LINK(DEVICE "/<virtfn>", to_device),
	VALUE(DEVICE "/sriov_totalvfs", 0444, sriov_total),
	CONTROL(DEVICE "/sriov_numvfs", 0644, sriov_number, set_sriov_number),

	FOLDER(DEVICE "/nvidia", vendor_folder),
	VALUE(DEVICE "/nvidia/creatable_vgpu_types", 0444, creatable_types),
	CONTROL(DEVICE "/nvidia/current_vgpu_type", 0644, current_type, set_type),
	VALUE(DEVICE "/nvidia/gpu_instance_id", 0644, vendor_default),
	VALUE(DEVICE "/nvidia/placement_id", 0644, vendor_default),
	VALUE(DEVICE "/nvidia/vgpu_params", 0644, vendor_default),

	LINK("/sys/bus/pci/devices/<pci>", to_device),
	FOLDER(PCI_DRIVER, NULL),
	LINK(PCI_DRIVER "/module", to_module),
	LINK(PCI_DRIVER "/<driven>", to_device),
	LINK("/sys/bus/css/devices/<css>", to_device),
	FOLDER(CSS_DRIVER, NULL),
	LINK(CSS_DRIVER "/module", to_module),
	LINK(CSS_DRIVER "/<driven>", to_device),
};
const guint sim_rows_pci_count = G_N_ELEMENTS(sim_rows_pci);
