// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/connect.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/backend.h"
#include "remote/wait.h"

/* One look-up, shared by the one that waits and the thread that looks: the last one frees it. */
typedef struct {
	char *name;
	char port[8];
	int done_fd;
	int result; /* of getaddrinfo, valid once done_fd is readable */
	int err;
	struct addrinfo *addresses;
} Lookup;

static void lookup_clear(void *data)
{
	Lookup *lookup = data;

	if (lookup->addresses)
		freeaddrinfo(lookup->addresses);
	close(lookup->done_fd);
	g_free(lookup->name);
}

static void *lookup_thread(void *data)
{
	Lookup *lookup = data;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };

	lookup->result = getaddrinfo(lookup->name, lookup->port, &hints, &lookup->addresses);
	lookup->err = errno;
	if (eventfd_write(lookup->done_fd, 1) < 0)
		g_debug("look-up of %s: nobody can be told", lookup->name);
	g_atomic_rc_box_release_full(lookup, lookup_clear);
	return NULL;
}

static bool set_cancelled(GError **error)
{
	g_set_error_literal(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED, "cancelled");
	return false;
}

static bool look_up(Lookup *lookup, gint64 deadline, GCancellable *cancel, GError **error)
{
	struct addrinfo numeric = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };

	/* An address needs no thread. */
	if (getaddrinfo(lookup->name, lookup->port, &numeric, &lookup->addresses) == 0)
		return true;
	lookup->addresses = NULL;

	g_autoptr(GError) failed = NULL;
	GThread *thread = g_thread_try_new("resolve", lookup_thread,
	                                   g_atomic_rc_box_acquire(lookup), &failed);
	if (!thread) {
		g_atomic_rc_box_release_full(lookup, lookup_clear);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "resolve: %s",
		            failed->message);
		return false;
	}
	g_thread_unref(thread);
	switch (wait_fd(lookup->done_fd, POLLIN, deadline, cancel)) {
	case WAIT_CANCELLED:
		return set_cancelled(error);
	case WAIT_TIMEOUT:
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "the name %s was not resolved in time", lookup->name);
		return false;
	case WAIT_READY:
		break;
	}
	if (lookup->result != 0) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "%s: %s", lookup->name,
		            lookup->result == EAI_SYSTEM ? g_strerror(lookup->err)
		                                         : gai_strerror(lookup->result));
		return false;
	}
	return true;
}

/* Connects to one address. Returns the descriptor or -1; *err is 0 when cancelled. */
static int connect_one(const struct addrinfo *address, gint64 deadline, GCancellable *cancel,
                       int *err)
{
	int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0) {
		*err = errno;
		return -1;
	}
	int on = 1;
	/* Small requests and replies: without it Nagle and delayed ACK cost 40 ms now and then. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
	*err = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ? 0 : errno;
	if (*err == 0)
		return fd;
	if (*err == EINPROGRESS) {
		socklen_t len = sizeof *err;
		switch (wait_fd(fd, POLLOUT, deadline, cancel)) {
		case WAIT_CANCELLED:
			*err = 0;
			break;
		case WAIT_TIMEOUT:
			*err = ETIMEDOUT;
			break;
		case WAIT_READY:
			if (getsockopt(fd, SOL_SOCKET, SO_ERROR, err, &len) == 0 && *err == 0)
				return fd;
			break;
		}
	}
	close(fd);
	return -1;
}

/* Each address gets its share of the time, so that a dead first one does not eat it all. */
static int connect_any(const Lookup *lookup, gint64 deadline, GCancellable *cancel, GError **error)
{
	int left = 0, err = ENETUNREACH;

	for (const struct addrinfo *a = lookup->addresses; a; a = a->ai_next)
		left++;
	for (const struct addrinfo *a = lookup->addresses; a; a = a->ai_next, left--) {
		gint64 now = g_get_monotonic_time();
		int fd = connect_one(a, now + MAX(deadline - now, 0) / left, cancel, &err);
		if (fd >= 0)
			return fd;
		if (err == 0) {
			set_cancelled(error);
			return -1;
		}
	}
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "connect to %s port %s: %s",
	            lookup->name, lookup->port, g_strerror(err));
	return -1;
}

int tcp_connect(const char *name, guint port, gint64 deadline, GCancellable *cancel, GError **error)
{
	Lookup *lookup = g_atomic_rc_box_new0(Lookup);
	int fd = -1;

	lookup->name = g_strdup(name);
	g_snprintf(lookup->port, sizeof lookup->port, "%u", port);
	lookup->done_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (lookup->done_fd < 0)
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE, "resolve: %s",
		            g_strerror(errno));
	else if (look_up(lookup, deadline, cancel, error))
		fd = connect_any(lookup, deadline, cancel, error);
	g_atomic_rc_box_release_full(lookup, lookup_clear);
	return fd;
}
