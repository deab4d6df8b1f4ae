// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/lab/guests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#define EVENTUALLY_US (20 * G_USEC_PER_SEC)

const char *lab_run_dir(void)
{
	static char *dir;

	if (!dir) {
		const char *lab = g_getenv("MDEVCON_LAB");
		dir = lab ? g_build_filename(lab, "run", NULL)
		          : g_build_filename(g_get_user_cache_dir(), "mdevcon-lab", "run", NULL);
	}
	if (!g_file_test(dir, G_FILE_TEST_IS_DIR))
		g_error("the lab is not up (%s): run ./dev lab up", dir);
	return dir;
}

const char *lab_hosts(void)
{
	static char *hosts;
	if (!hosts)
		hosts = g_build_filename(lab_run_dir(), "hosts.ini", NULL);
	return hosts;
}

static char *spawn(const char *const argv[], int *status, char **messages)
{
	char *out = NULL;
	int raw = -1;
	g_autoptr(GError) error = NULL;

	if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out,
	                  messages, &raw, &error))
		fail_msg("%s: %s", argv[0], error->message);
	*status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128;
	return out;
}

static char *guest_spawn(const char *guest, int *status, const char *command)
{
	g_autofree char *config = g_build_filename(lab_run_dir(), "ssh_config", NULL);
	g_autofree char *both = g_strdup_printf("{ %s ; } 2>&1", command);
	const char *const argv[] = { "ssh", "-n", "-F", config, "-o", "ConnectTimeout=10",
		                     guest, both, NULL };
	return spawn(argv, status, NULL);
}

char *guest_run(const char *guest, int *status, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_autofree char *command = g_strdup_vprintf(format, args);
	va_end(args);
	return guest_spawn(guest, status, command);
}

char *guest_must(const char *guest, const char *format, ...)
{
	int status;
	va_list args;
	va_start(args, format);
	g_autofree char *command = g_strdup_vprintf(format, args);
	va_end(args);
	char *out = guest_spawn(guest, &status, command);
	if (status != 0)
		fail_msg("%s: ended with %d:\n%s\nThe command: %s", guest, status, out, command);
	return out;
}

void guest_clean(const char *guest)
{
	g_free(guest_must(guest, "killall hold 2>/dev/null; for i in 1 2 3 4 5 6 7 8 9 10; do "
	                         "pidof hold >/dev/null || break; sleep 0.2; done; "
	                         "for r in /sys/bus/mdev/devices/*/remove; do "
	                         "[ -e $r ] && echo 1 > $r; done; true"));
}

char *guest_hold(const char *guest, const char *uuid)
{
	return guest_must(guest,
	                  "n=$(basename $(readlink /sys/bus/mdev/devices/%s/iommu_group)); "
	                  "rm -f /tmp/hold.log; "
	                  "setsid hold /dev/vfio/$n %s >/tmp/hold.log 2>&1 </dev/null & "
	                  "i=0; until grep -q held /tmp/hold.log; do sleep 0.1; i=$((i+1)); "
	                  "[ $i -lt 100 ] || exit 1; done",
	                  uuid, uuid);
}

void guest_install(const char *guest)
{
	const char *plain = g_getenv("MDEVCON_PLAIN_BIN");
	g_autofree char *config = g_build_filename(lab_run_dir(), "ssh_config", NULL);
	g_autofree char *copy = g_strdup_printf(
		"ssh -F '%s' %s 'cat > /usr/bin/mdevcon && chmod 755 /usr/bin/mdevcon' < '%s'",
		config, guest, plain);

	assert_int_equal(system(copy), 0); // NOLINT(cert-env33-c): the shell redirects
}

int guest_available(const char *guest, const char *parent, const char *type)
{
	g_autofree char *text = guest_must(
		guest, "cat /sys/class/mdev_bus/%s/mdev_supported_types/%s/available_instances",
		parent, type);
	return (int)strtol(text, NULL, 10);
}

bool guest_eventually(const char *guest, const char *needle, const char *command)
{
	for (gint64 until = g_get_monotonic_time() + EVENTUALLY_US;
	     g_get_monotonic_time() < until;) {
		int status;
		g_autofree char *out = guest_run(guest, &status, "%s", command);
		if (strstr(out, needle))
			return true;
	}
	return false;
}

void lab_verb(const char *verb, const char *guest)
{
	int status;
	const char *const argv[] = { g_getenv("MDEVCON_LAB_SCRIPT"), verb, guest, NULL };
	g_autofree char *messages = NULL;
	g_free(spawn(argv, &status, &messages));
	if (status != 0)
		fail_msg("lab %s %s: %s", verb, guest, messages);
}

char *mdevcon_run(int *status, char **messages, const char *const args[])
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();

	g_ptr_array_add(argv, (char *)g_getenv("MDEVCON_BIN"));
	g_ptr_array_add(argv, (char *)"--hosts");
	g_ptr_array_add(argv, (char *)lab_hosts());
	for (; *args; args++)
		g_ptr_array_add(argv, (char *)*args);
	g_ptr_array_add(argv, NULL);
	return spawn((const char *const *)argv->pdata, status, messages);
}

json_t *mdevcon_json(int *status, const char *const args[])
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *messages = NULL;
	json_error_t error;

	for (; *args; args++)
		g_ptr_array_add(argv, (char *)*args);
	g_ptr_array_add(argv, (char *)"--json");
	g_ptr_array_add(argv, NULL);
	g_autofree char *out = mdevcon_run(status, &messages, (const char *const *)argv->pdata);
	json_t *json = json_loads(out, 0, &error);
	if (!json)
		fail_msg("not JSON (%s): %s\n%s", error.text, out, messages);
	return json;
}
