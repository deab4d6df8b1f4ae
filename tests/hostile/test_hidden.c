// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Readers from whom processes are hidden, on the running system: by hidepid, by a PID namespace, by
 * a user namespace, by being nobody. An instance without a user that they can see is not idle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/hostile/ways.h"
#include "tests/unit/host_tree.h"
#include "tests/unit/trees.h"

#define NOBODY 65534
#define CANNOT 77 /* this machine does not let us */

/* What is read of this machine, with an instance that it does not have. */
static Inventory *with_instance(guint way)
{
	g_autoptr(Facts) facts = way_read(way, "");
	tree_add_instance(facts, "mtty", "mtty-1", HOST_TREE_UUID, 4711);
	return inventory_new(facts);
}

static void expect_unknown(void)
{
	for (guint way = 0; way < WAY_COUNT; way++) {
		if (way == 1)
			continue; /* a tree is another thing than a running system */
		g_autoptr(Inventory) inventory = with_instance(way);
		const Instance *instance = inventory_instance(inventory, HOST_TREE_UUID, NULL);
		EXPECT(inventory->live);
		EXPECT(instance->in_use == TRI_UNKNOWN);
		EXPECT(inventory->users_known == TRI_UNKNOWN);
		EXPECT(instance->in_use_why && *instance->in_use_why);
	}
}

/* Runs `enter` and `then` in a child; skips the test where `enter` cannot. */
static void in_child(bool (*enter)(void), void (*then)(void))
{
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!enter())
			_exit(CANNOT);
		then();
		_exit(0);
	}
	int status = -1;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFEXITED(status) && WEXITSTATUS(status) == CANNOT)
		skip();
	assert_int_equal(status, 0);
}

static bool private_mounts(void)
{
	return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static bool become_nobody(void)
{
	return setresgid(NOBODY, NOBODY, NOBODY) == 0 && setresuid(NOBODY, NOBODY, NOBODY) == 0;
}

static bool hide_processes(void)
{
	return private_mounts() && mount("proc", "/proc", "proc", 0, "hidepid=2") == 0;
}

static bool hidepid_nobody(void)
{
	return hide_processes() && become_nobody();
}

/* Root, but of a user namespace only: what hidepid hides is not shown to it. */
static bool hidepid_namespace_root(void)
{
	if (!hide_processes() || unshare(CLONE_NEWUSER) != 0)
		return false;
	int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, "0 0 1", 5) == 5;
	close(fd);
	return ok && geteuid() == 0;
}

static bool namespace_root(void)
{
	if (unshare(CLONE_NEWUSER) != 0)
		return false;
	int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, "0 0 1", 5) == 5;
	close(fd);
	return ok && geteuid() == 0;
}

/* The rest happens in a child, the first process of a PID namespace of its own. */
static bool enter_pid_namespace(void)
{
	if (!private_mounts() || unshare(CLONE_NEWPID) != 0)
		return false;
	pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		return true;
	}
	int status = -1;
	waitpid(pid, &status, 0);
	_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static bool pid_namespace_with_proc(void)
{
	return enter_pid_namespace() && mount("proc", "/proc", "proc", 0, NULL) == 0;
}

/* We stay outside, but /proc shows a namespace with one process in it. */
static bool proc_of_another(void)
{
	int ready[2];
	if (!private_mounts() || pipe2(ready, O_CLOEXEC) != 0 || unshare(CLONE_NEWPID) != 0)
		return false;
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		bool ok = mount("proc", "/proc", "proc", 0, NULL) == 0;
		if (write(ready[1], &ok, sizeof ok) != sizeof ok)
			_exit(1);
		for (;;)
			pause();
	}
	bool ok = false;
	return read(ready[0], &ok, sizeof ok) == sizeof ok && ok;
}

static bool nothing(void)
{
	return geteuid() == 0;
}

static void test_nobody(void **state)
{
	(void)state;
	in_child(become_nobody, expect_unknown);
}

static void test_hidepid_nobody(void **state)
{
	(void)state;
	in_child(hidepid_nobody, expect_unknown);
}

static void test_hidepid_namespace_root(void **state)
{
	(void)state;
	in_child(hidepid_namespace_root, expect_unknown);
}

static void test_namespace_root(void **state)
{
	(void)state;
	in_child(namespace_root, expect_unknown);
}

static void test_pid_namespace(void **state)
{
	(void)state;
	in_child(enter_pid_namespace, expect_unknown);
}

static void test_pid_namespace_with_proc(void **state)
{
	(void)state;
	in_child(pid_namespace_with_proc, expect_unknown);
}

static void test_proc_of_another(void **state)
{
	(void)state;
	in_child(proc_of_another, expect_unknown);
}

/* One of the two nodes under which users are found could not be read: they may be there. */
static void test_hidden_places(void **state)
{
	static const char start[] = "mdevcon-facts 1\nm source tree\nm users yes\nm hidden 0\n"
				    "n /sys/bus/mdev/devices " HOST_TREE_UUID "\n";
	static const struct {
		const char *group, *nodes;
		Tri use;
	} cases[] = {
		{ "l @/iommu_group ../g/3\n", "n @/vfio-dev vfio0\n", TRI_NO },
		{ "e l @/iommu_group EACCES\n", "n @/vfio-dev vfio0\n", TRI_UNKNOWN },
		{ "l @/iommu_group ../g/-3\n", "n @/vfio-dev vfio0\n", TRI_UNKNOWN },
		{ "l @/iommu_group ../g/3\n", "e n @/vfio-dev EIO\n", TRI_UNKNOWN },
		{ "l @/iommu_group ../g/3\n", "e n @/vfio-dev ENOENT\n", TRI_NO },
		{ "l @/iommu_group ../g/3\n", "m cut /sys/x\n", TRI_UNKNOWN },
	};

	(void)state;
	for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) text = g_string_new(start);
		g_string_append_printf(text, "%s%s.\n", cases[i].group, cases[i].nodes);
		g_string_replace(text, "@", "/sys/bus/mdev/devices/" HOST_TREE_UUID, 0);
		g_autoptr(Facts) facts = facts_parse(text->str, text->len, NULL);
		assert_non_null(facts);
		g_autoptr(Inventory) inventory = inventory_new(facts);
		const Instance *instance = inventory_instance(inventory, HOST_TREE_UUID, NULL);
		assert_int_equal(instance->in_use, cases[i].use);
	}
}

/* The other side: root in the first namespaces does know, or all of the above proves nothing. */
static void expect_idle(void)
{
	for (guint way = 0; way < WAY_COUNT; way++) {
		if (way == 1)
			continue;
		g_autoptr(Inventory) inventory = with_instance(way);
		EXPECT(inventory_instance(inventory, HOST_TREE_UUID, NULL)->in_use == TRI_NO);
	}
}

static void test_root_knows(void **state)
{
	char space[64] = "";
	(void)state;
	if (readlink("/proc/self/ns/pid", space, sizeof space - 1) < 0 ||
	    strcmp(space, "pid:[4026531836]") != 0)
		skip(); /* a container */
	if (readlink("/proc/1/fd/0", space, sizeof space - 1) < 0 && errno == EACCES)
		skip(); /* root, but without the right to look into others */
	in_child(nothing, expect_idle);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_hidepid_nobody),
		cmocka_unit_test(test_hidepid_namespace_root),
		cmocka_unit_test(test_namespace_root),
		cmocka_unit_test(test_pid_namespace),
		cmocka_unit_test(test_pid_namespace_with_proc),
		cmocka_unit_test(test_proc_of_another),
		cmocka_unit_test(test_hidden_places),
		cmocka_unit_test(test_root_knows),
	};
	return cmocka_run_group_tests_name("hidden", tests, NULL, NULL);
}
