// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/ops/operations.h"

#define U0 "00000000-0000-0000-0000-000000000000"
#define U1 "11111111-1111-1111-1111-111111111111"
#define U2 "22222222-2222-2222-2222-222222222222"
#define U3 "33333333-3333-3333-3333-333333333333"
#define U4 "44444444-4444-4444-4444-444444444444"
#define U5 "55555555-5555-5555-5555-555555555555"
#define UA "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
#define NUMBERED "%08u-0000-4000-8000-000000000000\n"

#define BUS "/sys/bus/mdev/devices"
#define PARENT(parent) "/sys/class/mdev_bus/" parent
#define TYPES(parent) PARENT(parent) "/mdev_supported_types"
#define TYPE(parent, type) TYPES(parent) "/" type

#define CHAPTER(title) .chapter = title
#define WRITE(parent_, path_, bytes_) \
	.kind = OP_WRITE, .parent = parent_, .path = path_, .bytes = bytes_
#define CREATE(parent_, type_, bytes_) WRITE(parent_, TYPE(parent_, type_) "/create", bytes_)
#define REMOVE(parent_, uuid_, bytes_) WRITE(parent_, BUS "/" uuid_ "/remove", bytes_)
#define NUMBERS(from, to) .first = from, .last = to
#define READ(path_) .kind = OP_READ, .path = path_
#define LINK(path_) .kind = OP_LINK, .path = path_
#define LIST(path_) .kind = OP_LIST, .path = path_
#define INSTANCE(kind_, parent_, uuid_) .kind = kind_, .parent = parent_, .path = uuid_
#define CLEAN(parent_) .kind = OP_CLEAN, .parent = parent_

const Operation operations[] = {
	{ CHAPTER("what there is to begin with"), LIST("/sys/class/mdev_bus") },
	{ LINK(PARENT("mtty")) },
	{ LIST(TYPES("mtty")) },
	{ LIST(TYPES("mdpy")) },
	{ LIST(TYPES("mbochs")) },
	{ LIST(TYPE("mtty", "mtty-1")) },
	{ LIST(TYPE("mdpy", "mdpy-hd")) },
	{ LIST(TYPE("mtty", "mtty-1") "/devices") },
	{ READ(TYPE("mtty", "mtty-1") "/name") },
	{ READ(TYPE("mtty", "mtty-2") "/name") },
	{ READ(TYPE("mtty", "mtty-1") "/device_api") },
	{ READ(TYPE("mtty", "mtty-1") "/available_instances") },
	{ READ(TYPE("mtty", "mtty-1") "/description") },
	{ READ(TYPE("mdpy", "mdpy-hd") "/name") },
	{ READ(TYPE("mdpy", "mdpy-hd") "/description") },
	{ READ(TYPE("mbochs", "mbochs-large") "/description") },
	{ READ(TYPE("mtty", "mtty-3") "/name") },
	{ LIST(TYPE("mtty", "mtty-3")) },
	{ LIST(BUS) },
	{ LINK(BUS "/" U1) },
	{ LIST("/sys/bus/mdev/drivers") },
	{ LINK("/sys/bus/mdev/drivers/mtty/module") },
	{ LIST("/dev/vfio") },

	{ CHAPTER("create, and every way to say it"), CREATE("mtty", "mtty-1", U1 "\n") },
	{ LIST(BUS) },
	{ LINK(BUS "/" U1) },
	{ LIST(TYPE("mtty", "mtty-1") "/devices") },
	{ LINK(TYPE("mtty", "mtty-1") "/devices/" U1) },
	{ CREATE("mtty", "mtty-1", U1 "\n") },
	{ CREATE("mtty", "mtty-2", U1 "\n") },
	{ CREATE("mdpy", "mdpy-vga", U1 "\n") },
	{ CREATE("mbochs", "mbochs-small", U1 "\n") },
	{ CREATE("mtty", "mtty-1", "not-a-uuid\n") },
	{ CREATE("mtty", "mtty-1", "\n") },
	{ CREATE("mtty", "mtty-1", "") },
	{ CREATE("mtty", "mtty-1", U2) },
	{ CREATE("mtty", "mtty-1", "33333333333333333333333333333333\n") },
	{ CREATE("mtty", "mtty-1", "{" U3 "}\n") },
	{ CREATE("mtty", "mtty-1", U3 "xyz\n") },
	{ CREATE("mtty", "mtty-1", U3 " \n") },
	{ CREATE("mtty", "mtty-1", " " U3 "\n") },
	{ CREATE("mtty", "mtty-1", U3 "\n\n") },
	{ CREATE("mtty", "mtty-1", "33333333-3333-3333-3333-33333333333\n") },
	{ CREATE("mtty", "mtty-1", "33333333-3333-3333-3333-3333333333g3\n") },
	{ CREATE("mtty", "mtty-1", "33333333_3333_3333_3333_333333333333\n") },
	{ CREATE("mtty", "mtty-1", U3 "x") },
	{ CREATE("mtty", "mtty-1", "AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE\n") },
	{ CREATE("mtty", "mtty-1", UA "\n") },
	{ CREATE("mtty", "mtty-1", U0 "\n") },
	{ CREATE("mtty", "mtty-3", U4 "\n") },
	{ CREATE("nosuch", "mtty-1", U4 "\n") },
	{ LIST(BUS) },

	{ CHAPTER("remove, and every way to say it"), REMOVE("mtty", U1, "0\n") },
	{ REMOVE("mtty", U1, "x\n") },
	{ REMOVE("mtty", U1, "\n") },
	{ REMOVE("mtty", U1, "") },
	{ REMOVE("mtty", U1, "1x\n") },
	{ REMOVE("mtty", U1, "1\n") },
	{ REMOVE("mtty", U1, "1\n") },
	{ REMOVE("mtty", U2, "2\n") },
	{ REMOVE("mtty", U3, "0x1") },
	{ REMOVE("mtty", "AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE", "1\n") },
	{ LIST(BUS) },
	{ REMOVE("mtty", UA, "1") },
	{ CLEAN("mtty") },
	{ LIST(BUS) },

	{ CHAPTER("what is not to be written, read, or not by everybody"),
	  CREATE("mtty", "mtty-2", U2 "\n") },
	{ WRITE("mtty", TYPE("mtty", "mtty-1") "/name", "x\n") },
	{ WRITE("mtty", TYPE("mtty", "mtty-1") "/available_instances", "99\n") },
	{ WRITE("mtty", TYPE("mtty", "mtty-1") "/devices", "x\n") },
	{ READ(TYPE("mtty", "mtty-1") "/create") },
	{ READ(BUS "/" U2 "/remove") },
	{ READ(TYPE("mtty", "mtty-1")) },
	{ LIST(TYPE("mtty", "mtty-1") "/name") },
	{ LINK(TYPE("mtty", "mtty-1") "/name") },
	{ READ(TYPE("mtty", "mtty-1") "/available_instances"), .other = true },
	{ CREATE("mtty", "mtty-1", U1 "\n"), .other = true },
	{ REMOVE("mtty", U2, "1\n"), .other = true },
	{ LIST(BUS), .other = true },
	{ CLEAN("mtty") },

	{ CHAPTER("mtty: 24 ports, one after the other"), CREATE("mtty", "mtty-1", NUMBERED),
	  NUMBERS(1, 26) },
	{ CREATE("mtty", "mtty-2", U2 "\n") },
	{ CLEAN("mtty") },
	{ CHAPTER("mtty: both types take from the same ports"), CREATE("mtty", "mtty-2", NUMBERED),
	  NUMBERS(1, 11) },
	{ CREATE("mtty", "mtty-1", U1 "\n") },
	{ CREATE("mtty", "mtty-2", NUMBERED), NUMBERS(12, 13) },
	{ CREATE("mtty", "mtty-1", U2 "\n") },
	{ CREATE("mtty", "mtty-1", U3 "\n") },
	{ REMOVE("mtty", U1, "1\n") },
	{ CLEAN("mtty") },
	{ CHAPTER("mdpy: four, whatever their type"), CREATE("mdpy", "mdpy-hd", NUMBERED),
	  NUMBERS(1, 2) },
	{ CREATE("mdpy", "mdpy-vga", NUMBERED), NUMBERS(3, 3) },
	{ CREATE("mdpy", "mdpy-xga", NUMBERED), NUMBERS(4, 6) },
	{ CREATE("mdpy", "mdpy-hd", NUMBERED), NUMBERS(7, 7) },
	{ CLEAN("mdpy") },
	{ CHAPTER("mbochs: megabytes"), CREATE("mbochs", "mbochs-large", NUMBERED), NUMBERS(1, 3) },
	{ CREATE("mbochs", "mbochs-medium", NUMBERED), NUMBERS(4, 6) },
	{ CREATE("mbochs", "mbochs-large", NUMBERED), NUMBERS(7, 7) },
	{ CREATE("mbochs", "mbochs-small", NUMBERED), NUMBERS(8, 12) },
	{ CLEAN("mbochs") },

	{ CHAPTER("what an instance looks like"), CREATE("mtty", "mtty-1", U1 "\n") },
	{ CREATE("mtty", "mtty-2", U2 "\n") },
	{ CREATE("mdpy", "mdpy-vga", U3 "\n") },
	{ CREATE("mbochs", "mbochs-small", U4 "\n") },
	{ LIST(BUS "/" U1) },
	{ LINK(BUS "/" U1 "/mdev_type") },
	{ LINK(BUS "/" U1 "/driver") },
	{ LINK(BUS "/" U1 "/subsystem") },
	{ LINK(BUS "/" U1 "/iommu_group") },
	{ LINK(BUS "/" U3 "/iommu_group") },
	{ LINK(BUS "/" U4 "/mdev_type") },
	{ LIST(BUS "/" U1 "/vfio-dev") },
	{ LIST(BUS "/" U4 "/vfio-dev") },
	{ READ(BUS "/" U1 "/uevent") },
	{ READ(BUS "/" U1 "/vendor/sample_mdev_dev") },
	{ READ(BUS "/" U3 "/vendor/resolution") },
	{ READ(BUS "/" U4 "/vendor/memory") },
	{ LIST("/sys/class/vfio") },
	{ LIST("/dev/vfio") },
	{ REMOVE("mtty", U1, "1\n") },
	{ LIST("/dev/vfio") },
	{ CREATE("mdpy", "mdpy-hd", U5 "\n") },
	{ LINK(BUS "/" U5 "/iommu_group") },
	{ LIST(BUS "/" U5 "/vfio-dev") },
	{ REMOVE("mdpy", U5, "1\n") },
	{ CREATE("mtty", "mtty-1", U1 "\n") },

	{ CHAPTER("an instance that a guest holds"), INSTANCE(OP_OPEN, "mtty", U1) },
	{ INSTANCE(OP_OPEN, "mtty", U1) },
	{ INSTANCE(OP_HOLD, "mtty", U1) },
	{ INSTANCE(OP_OPEN, "mtty", U1) },
	{ INSTANCE(OP_OPEN, "mtty", U2) },
	{ REMOVE("mtty", U1, "0\n") },
	{ INSTANCE(OP_REMOVE_HELD, "mtty", U1) },
	{ LIST(BUS) },
	{ LIST(TYPE("mtty", "mtty-1") "/devices") },
	{ LINK(BUS "/" U1) },
	{ LIST(PARENT("mtty") "/" U1) },
	{ REMOVE("mtty", U1, "1\n") },
	{ CREATE("mtty", "mtty-1", U1 "\n") },
	{ REMOVE("mbochs", U4, "1\n") },
	{ CREATE("mtty", "mtty-1", U4 "\n") },
	{ .kind = OP_LET_GO },
	{ .kind = OP_REMOVE_ENDS, .parent = "mtty" },
	{ LIST(BUS) },
	{ CREATE("mtty", "mtty-1", U1 "\n") },
	{ INSTANCE(OP_OPEN, "mtty", U1) },
	{ CLEAN("mtty") },
	{ LIST(BUS) },
};

const guint operation_count = G_N_ELEMENTS(operations);
