// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fake_host.h"

#include <errno.h>
#include <signal.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/trees.h"

typedef struct {
	Backend base;
	FakeHost *host;
	BackendOptions options;
} FakeBackend;

FakeHost *fake_host_new(guint ports)
{
	FakeHost *host = g_new0(FakeHost, 1);
	g_mutex_init(&host->lock);
	g_cond_init(&host->changed);
	host->uuids = g_ptr_array_new_with_free_func(g_free);
	host->ports = ports;
	host->definitions = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	host->ran = g_ptr_array_new_with_free_func(g_free);
	host->events = -1;
	return host;
}

void fake_host_free(FakeHost *host)
{
	g_ptr_array_unref(host->uuids);
	g_hash_table_unref(host->definitions);
	g_ptr_array_unref(host->ran);
	g_mutex_clear(&host->lock);
	g_cond_clear(&host->changed);
	if (host->events >= 0)
		close(host->events);
	g_free(host);
}

void fake_host_tells(FakeHost *host)
{
	host->events = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	assert_true(host->events >= 0);
}

void fake_host_tell(FakeHost *host)
{
	assert_int_equal(eventfd_write(host->events, 1), 0);
}

guint fake_host_scans(FakeHost *host)
{
	g_mutex_lock(&host->lock);
	guint scans = host->scans;
	g_mutex_unlock(&host->lock);
	return scans;
}

void fake_host_add(FakeHost *host, const char *uuid)
{
	g_mutex_lock(&host->lock);
	g_ptr_array_add(host->uuids, g_strdup(uuid));
	g_mutex_unlock(&host->lock);
}

void fake_host_set(FakeHost *host, bool *flag, bool value)
{
	g_mutex_lock(&host->lock);
	*flag = value;
	g_cond_broadcast(&host->changed);
	g_mutex_unlock(&host->lock);
}

static void on_cancelled(GCancellable *cancel, gpointer data)
{
	FakeHost *host = data;
	(void)cancel;
	g_mutex_lock(&host->lock);
	g_cond_broadcast(&host->changed);
	g_mutex_unlock(&host->lock);
}

static void wait_while_hanging(FakeHost *host, GCancellable *cancel)
{
	gulong id =
		cancel ? g_cancellable_connect(cancel, G_CALLBACK(on_cancelled), host, NULL) : 0;

	g_mutex_lock(&host->lock);
	while (host->hang && !g_cancellable_is_cancelled(cancel))
		g_cond_wait(&host->changed, &host->lock);
	g_mutex_unlock(&host->lock);
	g_cancellable_disconnect(cancel, id);
}

static void add_users(Facts *facts, const FakeHost *host)
{
	char *fds[] = { (char *)"5", NULL };

	facts_set_note(facts, "users", "yes");
	facts_set_note(facts, "hidden", host->hidden ? "3" : "0");
	facts_add_text(facts, FACT_LINK, "/proc/self/ns/pid", "pid:[4026531836]", -1);
	for (guint i = 0; i < host->uuids->len; i++) {
		if (g_strcmp0(host->held, g_ptr_array_index(host->uuids, i)) != 0)
			continue;
		g_autofree char *node = g_strdup_printf("/dev/vfio/%u", i);
		facts_add_names(facts, "/proc/4242/fd", fds);
		facts_add_text(facts, FACT_LINK, "/proc/4242/fd/5", node, -1);
		facts_add_text(facts, FACT_VALUE, "/proc/4242/cmdline",
		               "qemu-system-x86_64\n-name\nguest=web-7,debug-threads=on", -1);
	}
}

#define FOLDER "/etc/mdevctl.d"

/* All of them are of the parent mtty. */
static void add_definitions(Facts *facts, FakeHost *host)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();
	char *parents[] = { (char *)"mtty", NULL };
	GHashTableIter iter;
	gpointer path, text;

	g_hash_table_iter_init(&iter, host->definitions);
	while (g_hash_table_iter_next(&iter, &path, &text)) {
		facts_add_text(facts, FACT_VALUE, path, text, -1);
		g_ptr_array_add(names, strrchr(path, '/') + 1);
	}
	g_ptr_array_add(names, NULL);
	facts_add_names(facts, FOLDER, parents);
	facts_add_names(facts, FOLDER "/mtty", (char **)names->pdata);
	if (host->has_mdevctl)
		facts_add_text(facts, FACT_VALUE, "/usr/sbin/mdevctl", "x", 1);
	if (host->boot_id)
		facts_add_text(facts, FACT_VALUE, "/proc/sys/kernel/random/boot_id", host->boot_id,
		               -1);
	facts_add_text(facts, FACT_VALUE, "/etc/machine-id", "0123456789abcdef0123456789abcdef",
	               -1);
}

static Facts *fake_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	FakeBackend *self = (FakeBackend *)backend;
	FakeHost *host = self->host;

	wait_while_hanging(host, cancel);
	if (host->ask && self->options.ask) {
		Question question = { QUESTION_HOSTKEY, backend->label, "Is this the host?" };
		g_autofree char *answer =
			self->options.ask(&question, cancel, self->options.ask_data);
		host->asked++;
		if (!answer) {
			g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_HOSTKEY,
			            "host key refused");
			return NULL;
		}
		host->ask = false;
	}
	g_mutex_lock(&host->lock);
	host->scans++;
	host->user_scans += (flags & SCAN_USERS) != 0;
	if (host->refuse || g_cancellable_is_cancelled(cancel)) {
		g_mutex_unlock(&host->lock);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "%s: no route",
		            backend->label);
		return NULL;
	}
	g_autofree char *left = g_strdup_printf("%u", host->ports - host->uuids->len);
	Facts *facts = tree_facts("x86_64", "mtty", "mtty-1", "vfio-pci", left);
	facts_set_note(facts, "source", "live");
	facts_set_note(facts, "euid", "0");
	for (guint i = 0; i < host->uuids->len; i++)
		tree_add_instance(facts, "mtty", "mtty-1", g_ptr_array_index(host->uuids, i),
		                  (int)i);
	if (flags & SCAN_USERS)
		add_users(facts, host);
	add_definitions(facts, host);
	g_mutex_unlock(&host->lock);
	return facts;
}

static int kernel_create(FakeHost *host, const char *uuid)
{
	for (guint i = 0; i < host->uuids->len; i++)
		if (g_str_equal(g_ptr_array_index(host->uuids, i), uuid))
			return EEXIST;
	if (host->uuids->len == host->ports)
		return ENOSPC;
	g_ptr_array_add(host->uuids, g_strdup(uuid));
	return 0;
}

static int kernel_remove(FakeHost *host, const char *path)
{
	for (guint i = 0; i < host->uuids->len; i++) {
		if (!strstr(path, g_ptr_array_index(host->uuids, i)))
			continue;
		g_ptr_array_remove_index(host->uuids, i);
		return 0;
	}
	return ENOENT;
}

static int fake_write(Backend *backend, const char *path, const char *value, int deadline_ms,
                      GCancellable *cancel, GError **error)
{
	FakeHost *host = ((FakeBackend *)backend)->host;
	(void)deadline_ms, (void)cancel, (void)error;

	if (host->die_at_write > 0 && --host->die_at_write == 0)
		raise(SIGKILL);
	g_mutex_lock(&host->lock);
	int err = host->write_errno;
	if (!err && g_str_has_suffix(path, "/create"))
		err = kernel_create(host, value);
	else if (!err && g_str_has_suffix(path, "/remove"))
		err = kernel_remove(host, path);
	else if (!err && g_str_has_suffix(path, "/bad"))
		err = EINVAL; /* any other attribute takes any value */
	g_mutex_unlock(&host->lock);
	return err;
}

static int fake_try_open(Backend *backend, const char *devnode, GCancellable *cancel,
                         GError **error)
{
	(void)devnode, (void)cancel, (void)error;
	return ((FakeBackend *)backend)->host->open_errno;
}

static int fake_put_definition(Backend *backend, const char *path, const char *text,
                               GCancellable *cancel, GError **error)
{
	FakeHost *host = ((FakeBackend *)backend)->host;
	(void)cancel, (void)error;

	if (host->write_errno)
		return host->write_errno;
	if (text)
		g_hash_table_insert(host->definitions, g_strdup(path), g_strdup(text));
	else
		g_hash_table_remove(host->definitions, path);
	return 0;
}

/* What mdevctl does of `mdevctl VERB --uuid U --parent mtty ...`. */
static int fake_run(Backend *backend, const char *const *argv, const char *input, int deadline_ms,
                    CommandOutput *output, GCancellable *cancel, GError **error)
{
	FakeHost *host = ((FakeBackend *)backend)->host;
	g_autofree char *path = g_strconcat(FOLDER "/mtty/", argv[3], NULL);
	g_autofree char *remove = g_strconcat("/", argv[3], "/remove", NULL);
	const char *verb = argv[1];
	(void)deadline_ms, (void)cancel, (void)error;

	g_ptr_array_add(host->ran, g_strjoinv(" ", (char **)argv));
	output->out = g_strdup("");
	output->err = g_strdup(host->run_says ? host->run_says : "");
	output->status = host->run_says != NULL;
	if (host->run_says)
		return 0;
	if (g_str_equal(verb, "define"))
		g_hash_table_insert(host->definitions, g_strdup(path), g_strdup(input));
	else if (g_str_equal(verb, "undefine"))
		g_hash_table_remove(host->definitions, path);
	else if (g_str_equal(verb, "start"))
		output->status = kernel_create(host, argv[3]) != 0;
	else if (g_str_equal(verb, "stop"))
		output->status = kernel_remove(host, remove) != 0;
	return 0;
}

static int fake_event_fd(Backend *backend)
{
	return ((FakeBackend *)backend)->host->events;
}

static BackendEvents fake_take_events(Backend *backend)
{
	FakeHost *host = ((FakeBackend *)backend)->host;
	eventfd_t count;

	if (host->events < 0 || eventfd_read(host->events, &count) < 0)
		return EVENTS_NONE;
	g_mutex_lock(&host->lock);
	bool lost = host->lost;
	host->lost = false;
	g_mutex_unlock(&host->lock);
	return lost ? EVENTS_LOST : EVENTS_CHANGED;
}

static bool fake_ping(Backend *backend, GCancellable *cancel, GError **error)
{
	FakeHost *host = ((FakeBackend *)backend)->host;

	wait_while_hanging(host, cancel);
	g_mutex_lock(&host->lock);
	bool answers = !host->refuse;
	g_mutex_unlock(&host->lock);
	if (!answers)
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "%s: no route",
		            backend->label);
	return answers;
}

static void fake_close(Backend *backend)
{
	g_free(backend->label);
	g_free(backend);
}

static const BackendOps fake_ops = {
	.state_when_up = "up",
	.live = true,
	.scan = fake_scan,
	.write = fake_write,
	.try_open = fake_try_open,
	.run = fake_run,
	.put_definition = fake_put_definition,
	.event_fd = fake_event_fd,
	.take_events = fake_take_events,
	.ping = fake_ping,
	.close = fake_close,
};

Backend *fake_backend_new(FakeHost *host, const char *label, const BackendOptions *options)
{
	FakeBackend *self = g_new0(FakeBackend, 1);
	self->base.ops = &fake_ops;
	self->base.label = g_strdup(label);
	self->host = host;
	if (options)
		self->options = *options;
	return &self->base;
}
