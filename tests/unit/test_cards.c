// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards, their names, and why something is 0 or empty; on hosts of tests/data and small ones. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/cards.h"
#include "core/device_names.h"
#include "core/explain.h"
#include "core/plan/plan.h"

static char *names_a40(const char *vendor, const char *device, const char *subsystem_vendor,
                       const char *subsystem_device)
{
	(void)subsystem_vendor;
	(void)subsystem_device;
	return strcmp(vendor, "10de") == 0 && strcmp(device, "2235") == 0 ? g_strdup("A40") : NULL;
}

static Inventory *load(const char *name)
{
	g_autofree char *file = g_strdup_printf("%s/%s.facts", g_getenv("MDEVCON_DATA"), name);
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = facts_load(file, &error);
	assert_null(error);
	return inventory_new_named(facts, names_a40);
}

static Inventory *read_text(const char *body)
{
	g_autofree char *text = g_strconcat("mdevcon-facts 1\n", body, ".\n", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Facts) facts = facts_parse(text, strlen(text), &error);
	assert_null(error);
	return inventory_new(facts);
}

#define assert_has(text, part) \
	do { \
		const char *text_ = (text); \
		if (!text_ || !strstr(text_, part)) \
			fail_msg("\"%s\" does not hold \"%s\"", text_ ? text_ : "(none)", part); \
	} while (0)

/* ---- grouping ------------------------------------------------------------------------------ */

static void test_functions_are_one_card(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = load("gpu-sriov");
	assert_int_equal(inv->parents->len, 32);
	assert_int_equal(inv->cards->len, 2);
	const Card *card = inventory_card(inv, "41:00.0");
	assert_ptr_equal(card, inventory_card(inv, "0000:41:00.0"));
	assert_string_equal(card->label, "A40 41:00.0");
	assert_true(card->has_functions);
	assert_int_equal(card->parents->len, 16);
	assert_int_equal(card->types->len, 20);
	assert_int_equal(card->instances->len, 3);
	assert_ptr_equal(inventory_parent(inv, "0000:41:01.3")->card, card);
	assert_string_equal(inventory_parent(inv, "0000:41:01.3")->label, "A40 41:01.3");
	const CardType *type = card_type(card, "nvidia-562");
	assert_int_equal(type->offers->len, 16);
	assert_int_equal(type->available, 13);
	assert_int_equal(type->instances, 3);
	assert_int_equal(type->used, 2);
	assert_int_equal(card_type(inventory_card(inv, "a1:00.0"), "nvidia-562")->available, 16);
	assert_null(inventory_card(inv, "42:00.0"));
	assert_null(inv->empty_why);
}

static void test_other_parents_are_cards(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = load("lab-a");
	assert_int_equal(inv->cards->len, inv->parents->len);
	const Card *card = inventory_card(inv, "mtty");
	assert_string_equal(card->label, "mtty");
	assert_false(card->has_functions);
	assert_int_equal(card->instances->len, 1);
}

/* ---- why a type is 0 ----------------------------------------------------------------------- */

static const Type *type_on(const Inventory *inv, const char *parent, const char *type)
{
	return parent_type(inventory_parent(inv, parent), type);
}

static void test_zero_on_a_card(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = load("gpu-sriov");
	g_autofree char *function = NULL, *size = NULL, *card = NULL, *none = NULL;
	assert_int_equal(explain_zero(type_on(inv, "0000:41:00.4", "nvidia-562"), &function),
	                 ZERO_FUNCTION);
	assert_has(function, "function 41:00.4 has its one instance: nvidia-562");
	assert_int_equal(explain_zero(type_on(inv, "0000:41:00.6", "nvidia-558"), &size),
	                 ZERO_ONE_SIZE);
	assert_has(size, "holds 3 nvidia-562");
	const Card *full = inventory_card(inv, "41:00.0");
	assert_int_equal(explain_card_zero(card_type(full, "nvidia-558"), &card), ZERO_ONE_SIZE);
	assert_int_equal(explain_card_zero(card_type(full, "nvidia-562"), &none), ZERO_NOT);
	assert_null(none);
	/* The other card has room: the host as a whole is not at 0. */
	assert_null(explain_host_zero(inv, "nvidia-558"));
}

#define MTTY "/sys/class/mdev_bus/mtty"
#define MTTY_TYPES \
	"n /sys/class/mdev_bus mtty\n" \
	"l " MTTY " ../../devices/virtual/mtty/mtty\n" \
	"n " MTTY "/mdev_supported_types mtty-1/mtty-2\n"
#define ONE_MTTY_2 \
	"n /sys/bus/mdev/devices 22222222-0000-4000-8000-000000000002\n" \
	"l /sys/bus/mdev/devices/22222222-0000-4000-8000-000000000002 " \
	"../../../devices/virtual/mtty/mtty/22222222-0000-4000-8000-000000000002\n" \
	"l /sys/bus/mdev/devices/22222222-0000-4000-8000-000000000002/mdev_type " \
	"../mdev_supported_types/mtty-2\n"
#define AVAILABLE(one, two) \
	"v " MTTY "/mdev_supported_types/mtty-1/available_instances " one "\n" \
	"v " MTTY "/mdev_supported_types/mtty-2/available_instances " two "\n"

static void test_zero_of_a_pool(void **state)
{
	(void)state;
	g_autoptr(Inventory) held = read_text(MTTY_TYPES ONE_MTTY_2 AVAILABLE("0", "0"));
	g_autofree char *others = NULL, *own = NULL, *unsaid = NULL, *host = NULL;
	assert_int_equal(explain_zero(type_on(held, "mtty", "mtty-1"), &others), ZERO_OTHERS);
	assert_has(others, "held by 1 mtty-2");
	assert_int_equal(explain_zero(type_on(held, "mtty", "mtty-2"), &own), ZERO_USED_UP);
	assert_has(own, "used up: 1 mtty-2");
	host = explain_host_zero(held, "mtty-1");
	assert_has(host, "mtty: the hardware is held by 1 mtty-2");

	g_autoptr(Inventory) bare = read_text(MTTY_TYPES AVAILABLE("0", "1"));
	assert_int_equal(explain_zero(type_on(bare, "mtty", "mtty-1"), &unsaid), ZERO_UNSAID);
	assert_has(unsaid, "does not say");
}

/* What could not be read is not 0, and is not explained as such. */
static void test_unreadable_is_not_zero(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = read_text(MTTY_TYPES AVAILABLE("x", "3"));
	char *why = NULL;
	assert_int_equal(explain_zero(type_on(inv, "mtty", "mtty-1"), &why), ZERO_NOT);
	assert_null(why);
	assert_null(explain_host_zero(inv, "mtty-1"));
}

static void test_unreadable_types(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = read_text("n /sys/class/mdev_bus mtty\n"
	                                     "l " MTTY " ../../devices/virtual/mtty/mtty\n"
	                                     "e n " MTTY "/mdev_supported_types EACCES\n");
	g_autofree char *why = explain_parent(inventory_parent(inv, "mtty"));
	assert_has(why, "not permitted");
	assert_has(inv->notes[0], "mtty: its types cannot be read");
}

/* ---- why a host is empty ------------------------------------------------------------------- */

static void test_functions_not_enabled(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = load("gpu-off");
	assert_int_equal(g_strv_length(inv->notes), 2);
	assert_has(inv->notes[0], "A40 41:00.0: its virtual functions are not enabled (0 of 16)");
	assert_has(inv->notes[0], "sriov-manage -e 0000:41:00.0");
	assert_has(inv->notes[1], "A40 a1:00.0");
	assert_has(inv->empty_why, "not enabled");
	assert_int_equal(inv->cards->len, 2);
}

#define GPU "/sys/bus/pci/drivers/nvidia/0000:41:00.0"

static void test_functions_without_types(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = read_text("n /sys/class/mdev_bus \n"
	                                     "l " GPU " ../../../../devices/x/0000:41:00.0\n"
	                                     "v " GPU "/sriov_totalvfs 16\n"
	                                     "v " GPU "/sriov_numvfs 16\n");
	assert_has(inv->empty_why, "16 virtual functions are enabled but offer no types");
	assert_has(inv->empty_why, "nvidia_vgpu_vfio is not loaded");
	/* A card that cannot be split says nothing: it is no candidate. */
	g_autoptr(Inventory) plain = read_text("n /sys/class/mdev_bus \n"
	                                       "l " GPU " ../../../../devices/x/0000:41:00.0\n");
	assert_int_equal(plain->cards->len, 0);
	assert_has(plain->empty_why, "no driver offers mdev types");
}

static void test_gvt(void **state)
{
	(void)state;
	g_autoptr(Inventory) off = load("gvt-off");
	assert_has(off->empty_why, "GVT-g is off");
	assert_has(off->empty_why, "i915.enable_gvt=1");
#define I915 "l /sys/bus/pci/drivers/i915/0000:00:02.0 ../../../../devices/x/0000:00:02.0\n"
#define GVT "v /sys/module/i915/parameters/enable_gvt "
	g_autoptr(Inventory) half = read_text(I915 GVT "Y\n");
	assert_has(half->empty_why, "modprobe kvmgt");
	g_autoptr(Inventory) without = read_text(I915);
	assert_has(without->empty_why, "not loaded (no /sys/class/mdev_bus)");
}

static void test_ap(void **state)
{
	(void)state;
	g_autoptr(Inventory) idle = load("ap-idle");
	assert_null(idle->empty_why);
	assert_has(idle->notes[0], "vfio_ap: it drives no queue");
	g_autoptr(Inventory) queue =
		read_text("v /sys/bus/ap/apmask 0xf\n"
	                  "n /sys/bus/ap/drivers/vfio_ap 05.0047/bind/uevent\n");
	assert_int_equal(queue->switches.ap_queues, 1);
	assert_null(queue->notes[0]);
	g_autoptr(Inventory) absent = read_text("v /sys/bus/ap/apmask 0xf\n");
	assert_has(absent->empty_why, "modprobe vfio_ap");
}

/* ---- vendor VFIO --------------------------------------------------------------------------- */

static void test_vendor_vfio(void **state)
{
	(void)state;
	g_autoptr(Inventory) inv = load("gpu-vendor");
	g_autoptr(Problem) problem = NULL;
	const char *const vf[] = { "vf:0000:21:00.4", NULL };
	Status status;
	assert_int_equal(inv->instances->len, 4);
	assert_has(inv->empty_why, "vendor VFIO is in use instead of mdev: 16 virtual functions, "
	                           "3 with a type: 3 nvidia-1152");
	const Instance *one = inventory_instance(inv, vf[0], NULL);
	assert_non_null(one);
	assert_int_equal(one->kind, INSTANCE_NVIDIA_VF);
	assert_null(one->uuid);
	assert_string_equal(one->id, "0000:21:00.4");
	assert_string_equal(one->type.s, "nvidia-1152");
	assert_string_equal(one->type_name, "NVIDIA L40S-6Q");
	assert_int_equal(one->in_use, TRI_YES);
	assert_string_equal(g_array_index(one->users, InstanceUser, 0).vm, "ml-1");
	assert_ptr_equal(instance_card(inv, one), inventory_card(inv, "21:00.0"));
	assert_int_equal(inventory_instance(inv, "vf:0000:21:00.6", NULL)->in_use, TRI_NO);
	/* It is no uuid and never an answer to the beginning of one. */
	assert_null(inventory_instance(inv, "0000", NULL));
	assert_null(plan_remove(inv, "a", vf, true, false, &status, &problem));
	assert_int_not_equal(status, STATUS_DONE);
}

/* ---- names --------------------------------------------------------------------------------- */

static gpointer name_often(gpointer data)
{
	guint wrong = 0;
	(void)data;
	for (int i = 0; i < 200; i++) {
		g_autofree char *a40 = device_name("10de", "2235", "10de", "145a");
		g_autofree char *intel = device_name("8086", "1912", NULL, NULL);
		g_autofree char *nobody = device_name("ffff", "0001", NULL, NULL);
		wrong += g_strcmp0(a40, "A40") != 0;
		wrong += g_strcmp0(intel, "Intel HD Graphics 530") != 0;
		wrong += nobody != NULL;
	}
	return GUINT_TO_POINTER(wrong);
}

static void test_names_on_several_threads(void **state)
{
	GThread *threads[4];
	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		threads[i] = g_thread_new("names", name_often, NULL);
	for (guint i = 0; i < G_N_ELEMENTS(threads); i++)
		assert_int_equal(GPOINTER_TO_UINT(g_thread_join(threads[i])), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_functions_are_one_card),
		cmocka_unit_test(test_other_parents_are_cards),
		cmocka_unit_test(test_zero_on_a_card),
		cmocka_unit_test(test_zero_of_a_pool),
		cmocka_unit_test(test_unreadable_is_not_zero),
		cmocka_unit_test(test_unreadable_types),
		cmocka_unit_test(test_functions_not_enabled),
		cmocka_unit_test(test_functions_without_types),
		cmocka_unit_test(test_gvt),
		cmocka_unit_test(test_ap),
		cmocka_unit_test(test_vendor_vfio),
		cmocka_unit_test(test_names_on_several_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
