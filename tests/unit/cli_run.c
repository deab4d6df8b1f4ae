// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/cli_run.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

char *folder;
char *tree;

/* --- trees --------------------------------------------------------------------------------- */

void put_file(const char *root, const char *path, const char *content)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *parent = g_path_get_dirname(full);

	assert_int_equal(g_mkdir_with_parents(parent, 0755), 0);
	assert_true(g_file_set_contents(full, content, -1, NULL));
}

void put_link(const char *root, const char *path, const char *target)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	g_autofree char *parent = g_path_get_dirname(full);

	assert_int_equal(g_mkdir_with_parents(parent, 0755), 0);
	assert_int_equal(symlink(target, full), 0);
}

char *get_file(const char *root, const char *path)
{
	g_autofree char *full = g_build_filename(root, path, NULL);
	char *content = NULL;

	assert_true(g_file_get_contents(full, &content, NULL, NULL));
	return content;
}

static void put_type(const char *root, const char *type, const char *available)
{
	const char *const files[][2] = {
		{ "name", "A serial port\n" },
		{ "device_api", "vfio-pci\n" },
		{ "create", "" },
		{ "available_instances", available },
	};

	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_strdup_printf(TYPES "%s/%s", type, files[i][0]);
		put_file(root, path, files[i][1]);
	}
	g_autofree char *devices = g_strdup_printf("%s/" TYPES "%s/devices", root, type);
	assert_int_equal(g_mkdir_with_parents(devices, 0755), 0);
}

static void put_instance(const char *root, const char *uuid, const char *type)
{
	g_autofree char *base = g_strdup_printf(MTTY "%s", uuid);
	g_autofree char *remove_file = g_strdup_printf("%s/remove", base);
	g_autofree char *type_link = g_strdup_printf("%s/mdev_type", base);
	g_autofree char *type_target = g_strdup_printf("../mdev_supported_types/%s", type);
	g_autofree char *bus = g_strdup_printf("sys/bus/mdev/devices/%s", uuid);
	g_autofree char *bus_target =
		g_strdup_printf("../../../devices/virtual/mtty/mtty/%s", uuid);
	g_autofree char *listed = g_strdup_printf(TYPES "%s/devices/%s", type, uuid);
	g_autofree char *listed_target = g_strdup_printf("../../../%s", uuid);
	g_autofree char *group = g_strdup_printf("%s/iommu_group", base);
	g_autofree char *group_target =
		g_strdup_printf("../../../../../kernel/iommu_groups/%c", uuid[strlen(uuid) - 1]);

	put_file(root, remove_file, "");
	put_link(root, type_link, type_target);
	put_link(root, bus, bus_target);
	put_link(root, listed, listed_target);
	put_link(root, group, group_target);
}

char *make_tree(const char *name, bool users)
{
	char *root = g_build_filename(folder, name, NULL);

	put_file(root, "proc/sys/kernel/osrelease", "6.12.8\n");
	put_file(root, "proc/sys/kernel/arch", "x86_64\n");
	put_file(root, "proc/sys/kernel/hostname", "gpu\n");
	put_link(root, "sys/class/mdev_bus/mtty", "../../devices/virtual/mtty/mtty");
	put_type(root, "mtty-1", "24\n");
	put_type(root, "mtty-2", "12\n");
	put_instance(root, IDLE, "mtty-2");
	put_instance(root, OTHER, "mtty-1");
	if (users) {
		put_file(root, "proc/1/cmdline", "init");
		put_link(root, "proc/1/fd/0", "/dev/null");
	}
	return root;
}

char *path_of(const char *uuid)
{
	return g_strdup_printf(MTTY "%s/remove", uuid);
}

/* --- running ------------------------------------------------------------------------------- */

Ran run(const char *first, ...)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autoptr(GError) error = NULL;
	Ran ran = { 0 };
	int status = 0;
	va_list args;

	g_ptr_array_add(argv, (gpointer)g_getenv("MDEVCON_BIN"));
	va_start(args, first);
	for (const char *arg = first; arg; arg = va_arg(args, const char *))
		g_ptr_array_add(argv, (gpointer)arg);
	va_end(args);
	g_ptr_array_add(argv, NULL);
	assert_true(g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL,
	                         &ran.out, &ran.err, &status, &error));
	assert_true(WIFEXITED(status));
	ran.exit = WEXITSTATUS(status);
	ran.json = json_loads(ran.out, JSON_REJECT_DUPLICATES, NULL);
	return ran;
}

void ran_clear(Ran *ran)
{
	json_decref(ran->json);
	g_free(ran->out);
	g_free(ran->err);
}

const json_t *at(const json_t *array, gsize i)
{
	return json_array_get(array, i);
}

const json_t *field(const json_t *object, const char *key)
{
	const json_t *got = json_object_get(object, key);
	assert_non_null(got);
	return got;
}

const char *text(const json_t *object, const char *key)
{
	return json_string_value(field(object, key));
}

const json_t *payload(const Ran *ran, const char *command, const char *key)
{
	assert_non_null(ran->json);
	assert_string_equal(text(ran->json, "schema"), "mdevcon/1");
	assert_string_equal(text(ran->json, "command"), command);
	assert_true(json_is_integer(field(ran->json, "time")));
	assert_true(json_is_array(field(ran->json, "errors")));
	assert_int_equal(json_object_size(ran->json), 5);
	return field(ran->json, key);
}

char *recorded(const char *label)
{
	return g_strdup_printf("%s=recorded:%s", label, tree);
}

int closed_port(int *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(sin);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, len), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*port = ntohs(sin.sin_port);
	return fd;
}

/* --- the folder ---------------------------------------------------------------------------- */

static void remove_tree(const char *path)
{
	GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir))) {
		g_autofree char *below = g_build_filename(path, name, NULL);
		remove_tree(below);
	}
	if (dir)
		g_dir_close(dir);
	g_remove(path);
}

int cli_set_up(void **state)
{
	(void)state;
	folder = g_dir_make_tmp("mdevcon-cli-XXXXXX", NULL);
	g_setenv("HOME", folder, TRUE);
	g_setenv("LC_ALL", "C.UTF-8", TRUE);
	g_unsetenv("NO_COLOR");
	g_unsetenv("XDG_STATE_HOME"); /* the journal lies below HOME */
	tree = make_tree("tree", true);
	return folder ? 0 : -1;
}

int cli_tear_down(void **state)
{
	(void)state;
	remove_tree(folder);
	g_free(tree);
	g_free(folder);
	return 0;
}
