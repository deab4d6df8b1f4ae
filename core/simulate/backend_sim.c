// SPDX-License-Identifier: GPL-2.0-or-later

/* A simulated host: its kernel is read by the collector, and the line to it may be bad. */

#include "core/simulate/backend_sim.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "core/collect.h"

#define SLOW_MS 2000
#define FLAPPING 3 /* every so many requests one is lost */
#define LIVELY_MS 700

typedef struct {
	Backend backend;
	SimKernel *kernel;
	BackendOptions options;
	guint requests;
	bool accepted; /* the question for the host key was answered */
	/* events: what is read is the epoll descriptor over the other two */
	int events_fd, changed_fd, timer_fd; /* timer_fd: -1 but for a lively host */
	guint listener;
} SimBackend;

/* ---- the kernels of this program ---- */

SimKernel *backend_sim_kernel(const char *label, const char *profile)
{
	static GMutex lock;
	static GHashTable *kernels;
	g_autofree char *key = g_strconcat(profile, ":", label, NULL);
	g_mutex_lock(&lock);
	if (!kernels)
		kernels = g_hash_table_new(g_str_hash, g_str_equal);
	SimKernel *kernel = g_hash_table_lookup(kernels, key);
	if (!kernel) {
		kernel = sim_kernel_new(sim_profile_find(profile), label);
		sim_fill(kernel, sim_kernel_profile(kernel)->instances);
		g_hash_table_insert(kernels, g_steal_pointer(&key), kernel);
	}
	g_mutex_unlock(&lock);
	return kernel;
}

/* ---- the line ---- */

/* Waits; false and an error once cancelled. */
static bool pass_time(SimBackend *sim, int ms, GCancellable *cancel, GError **error)
{
	GPollFD fd = { .fd = -1 };
	bool watched = cancel && g_cancellable_make_pollfd(cancel, &fd);
	struct pollfd poll_fd = { .fd = fd.fd, .events = POLLIN };
	gint64 end = g_get_monotonic_time() + (gint64)ms * 1000;
	for (gint64 left = ms; left > 0 && !(cancel && g_cancellable_is_cancelled(cancel));
	     left = (end - g_get_monotonic_time()) / 1000)
		poll(&poll_fd, watched ? 1 : 0, (int)left);
	if (watched)
		g_cancellable_release_fd(cancel);
	if (!cancel || !g_cancellable_is_cancelled(cancel))
		return true;
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED, "%s: cancelled",
	            sim->backend.label);
	return false;
}

static bool lose(SimBackend *sim, BackendErrorCode code, const char *text, GError **error)
{
	g_set_error(error, BACKEND_ERROR, code, "%s: %s", sim->backend.label, text);
	return false;
}

static bool line_good(SimBackend *sim, GCancellable *cancel, GError **error)
{
	(void)sim;
	(void)cancel;
	(void)error;
	return true;
}

static bool line_refused(SimBackend *sim, GCancellable *cancel, GError **error)
{
	(void)cancel;
	return lose(sim, BACKEND_ERROR_UNREACHABLE, "connect to port 22: Connection refused",
	            error);
}

static bool line_auth(SimBackend *sim, GCancellable *cancel, GError **error)
{
	(void)cancel;
	return lose(sim, BACKEND_ERROR_AUTH, "permission denied (publickey)", error);
}

static bool line_hostkey(SimBackend *sim, GCancellable *cancel, GError **error)
{
	if (sim->accepted)
		return true;
	g_autofree char *text =
		g_strdup_printf("%s is not known yet. Its key:\n"
	                        "ssh-ed25519 SHA256:AAAAsimulatedAAAAhostAAAAkeyAAAAAAAAAAAAAAA\n"
	                        "Is this the host?",
	                        sim->backend.label);
	Question question = { QUESTION_HOSTKEY, sim->backend.label, text };
	g_autofree char *answer =
		sim->options.ask ? sim->options.ask(&question, cancel, sim->options.ask_data)
				 : NULL;
	sim->accepted = g_strcmp0(answer, "yes") == 0;
	return sim->accepted ||
	       lose(sim, BACKEND_ERROR_HOSTKEY, "the host key is not known", error);
}

static bool line_hang(SimBackend *sim, GCancellable *cancel, GError **error)
{
	int ms = sim->options.connect_timeout_ms;
	return pass_time(sim, ms > 0 ? ms : G_MAXINT, cancel, error) &&
	       lose(sim, BACKEND_ERROR_UNREACHABLE, "no answer in time", error);
}

static bool line_slow(SimBackend *sim, GCancellable *cancel, GError **error)
{
	return pass_time(sim, SLOW_MS, cancel, error);
}

static bool line_flapping(SimBackend *sim, GCancellable *cancel, GError **error)
{
	(void)cancel;
	return ++sim->requests % FLAPPING ||
	       lose(sim, BACKEND_ERROR_UNREACHABLE, "the line dropped: Connection reset by peer",
	            error);
}

/* What comes before every request; false and an error where it does not get through. */
static bool reach(SimBackend *sim, GCancellable *cancel, GError **error)
{
	static bool (*const lines[])(SimBackend *, GCancellable *, GError **) = {
		[SIM_LINE_GOOD] = line_good,         [SIM_LINE_REFUSED] = line_refused,
		[SIM_LINE_AUTH] = line_auth,         [SIM_LINE_HOSTKEY] = line_hostkey,
		[SIM_LINE_HANG] = line_hang,         [SIM_LINE_SLOW] = line_slow,
		[SIM_LINE_FLAPPING] = line_flapping,
	};
	return lines[sim_kernel_profile(sim->kernel)->line](sim, cancel, error);
}

/* ---- requests ---- */

static gint64 end_of_request(const SimBackend *sim)
{
	int ms = sim->options.deadline_ms;
	return ms > 0 ? g_get_monotonic_time() + (gint64)ms * 1000 : 0;
}

static Facts *sim_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	SimBackend *sim = (SimBackend *)backend;
	if (!reach(sim, cancel, error))
		return NULL;
	gint64 end = end_of_request(sim);
	FileTree *tree = sim_tree_new(sim->kernel, end, cancel);
	CollectOptions options = { .users = flags & SCAN_USERS, .live = true };
	g_autoptr(Facts) facts = facts_collect(tree, options);
	sim_tree_free(tree);
	if (end && g_get_monotonic_time() >= end) {
		lose(sim, BACKEND_ERROR_TIMEOUT, "no reply in time", error);
		return NULL;
	}
	facts_set_note(facts, "euid", "0");
	facts_set_note(facts, "user", "root");
	facts_set_note(facts, "arch", sim_kernel_profile(sim->kernel)->arch);
	return g_steal_pointer(&facts);
}

static int sim_write_value(Backend *backend, const char *path, const char *value, int deadline_ms,
                           GCancellable *cancel, GError **error)
{
	SimBackend *sim = (SimBackend *)backend;
	if (!reach(sim, cancel, error))
		return -1;
	if (!g_str_has_prefix(path, "/sys/"))
		return EINVAL;
	g_autofree char *text = g_strconcat(value, "\n", NULL);
	gsize len = strlen(text);
	gint64 end = g_get_monotonic_time() + (gint64)deadline_ms * 1000;
	gssize n = sim_write_until(sim->kernel, path, text, len, end, cancel);
	if (n == -EINTR) {
		lose(sim, BACKEND_ERROR_CANCELLED, "cancelled", error);
		return -1;
	}
	if (n < 0)
		return (int)-n;
	return (gsize)n == len ? 0 : EIO;
}

static int sim_try_open(Backend *backend, const char *devnode, GCancellable *cancel, GError **error)
{
	SimBackend *sim = (SimBackend *)backend;
	if (!reach(sim, cancel, error))
		return -1;
	if (!g_str_has_prefix(devnode, "/dev/vfio/"))
		return EINVAL;
	return -sim_open_device(sim->kernel, devnode);
}

static int sim_put(Backend *backend, const char *path, const char *text, GCancellable *cancel,
                   GError **error)
{
	SimBackend *sim = (SimBackend *)backend;
	if (!reach(sim, cancel, error))
		return -1;
	return -sim_put_definition(sim->kernel, path, text);
}

static bool sim_ping(Backend *backend, GCancellable *cancel, GError **error)
{
	return reach((SimBackend *)backend, cancel, error);
}

/* ---- events ---- */

/* On the thread that changed something: only a sign is left. */
static void on_event(const SimEvent *event, void *data)
{
	(void)event;
	guint64 one = 1;
	/* It fails only where the counter is full, and then it is readable anyway. */
	if (write(((SimBackend *)data)->changed_fd, &one, sizeof one) < 0)
		errno = 0;
}

static int open_timer(void)
{
	struct itimerspec every = { { 0, LIVELY_MS * 1000000L }, { 0, LIVELY_MS * 1000000L } };
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (fd >= 0)
		timerfd_settime(fd, 0, &every, NULL);
	return fd;
}

/* Without descriptors the host is polled, like any other without events. */
static void open_events(SimBackend *sim)
{
	struct epoll_event event = { .events = EPOLLIN };
	sim->changed_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	sim->timer_fd = -1;
	if (sim_kernel_profile(sim->kernel)->features & SIM_LIVELY)
		sim->timer_fd = open_timer();
	sim->events_fd = epoll_create1(EPOLL_CLOEXEC);
	if (sim->changed_fd < 0 || sim->events_fd < 0)
		return;
	epoll_ctl(sim->events_fd, EPOLL_CTL_ADD, sim->changed_fd, &event);
	if (sim->timer_fd >= 0)
		epoll_ctl(sim->events_fd, EPOLL_CTL_ADD, sim->timer_fd, &event);
	sim->listener = sim_listen(sim->kernel, on_event, sim);
}

static int sim_event_fd(Backend *backend)
{
	SimBackend *sim = (SimBackend *)backend;
	return sim->listener ? sim->events_fd : -1;
}

static guint64 take_count(int fd)
{
	guint64 count = 0;
	return fd >= 0 && read(fd, &count, sizeof count) == sizeof count ? count : 0;
}

static BackendEvents sim_take_events(Backend *backend)
{
	SimBackend *sim = (SimBackend *)backend;
	/* One step however late: what was slept through did not happen. */
	if (take_count(sim->timer_fd))
		sim_step(sim->kernel);
	return take_count(sim->changed_fd) ? EVENTS_CHANGED : EVENTS_NONE;
}

/* ---- life ---- */

static void sim_close(Backend *backend)
{
	SimBackend *sim = (SimBackend *)backend;
	int fds[] = { sim->events_fd, sim->changed_fd, sim->timer_fd };
	if (sim->listener)
		sim_unlisten(sim->kernel, sim->listener);
	for (guint i = 0; i < G_N_ELEMENTS(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	sim_kernel_unref(sim->kernel);
	g_free(sim->backend.label);
	g_free(sim);
}

static const BackendOps sim_ops = {
	.state_when_up = "simulated",
	.live = true,
	.scan = sim_scan,
	.write = sim_write_value,
	.try_open = sim_try_open,
	.put_definition = sim_put,
	.event_fd = sim_event_fd,
	.take_events = sim_take_events,
	.ping = sim_ping,
	.close = sim_close,
};

Backend *backend_sim_new(const char *label, const char *profile, const BackendOptions *options)
{
	SimBackend *sim = g_new0(SimBackend, 1);
	sim->backend.ops = &sim_ops;
	sim->backend.label = g_strdup(label);
	sim->kernel = sim_kernel_ref(backend_sim_kernel(label, profile));
	if (options)
		sim->options = *options;
	open_events(sim);
	return &sim->backend;
}
