// SPDX-License-Identifier: GPL-2.0-or-later
/* The agent's protocol: draft-miller-ssh-agent, 3 and 4. */
#include "remote/agent_filter.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "remote/wait.h"

#define MESSAGE_MAX (256 * 1024)
#define SIGN_US (60 * G_USEC_PER_SEC) /* somebody may have to confirm, or to touch a key */

enum { FAILURE = 5, REQUEST_IDENTITIES = 11, IDENTITIES_ANSWER = 12, SIGN_REQUEST = 13 };

struct AgentFilter {
	int agent, client; /* ours; `client` is the other end of libssh's socket */
	GPtrArray *wanted;
	bool only;
	gint64 deadline;
	GCancellable *cancel;
	GThread *thread;
	GMutex lock; /* of what follows */
	GPtrArray *shown;
	gint64 signing_us;
	bool hung;
};

static guint32 get_u32(const guint8 *p)
{
	return (guint32)p[0] << 24 | (guint32)p[1] << 16 | (guint32)p[2] << 8 | p[3];
}

static void put_u32(GByteArray *out, gsize value)
{
	guint32 wire = GUINT32_TO_BE((guint32)value);

	g_byte_array_append(out, (const guint8 *)&wire, sizeof wire);
}

/* All of it, or false: at the end, when time is up, or when cancelled. */
static bool transfer(int fd, guint8 *bytes, gsize size, bool out, gint64 deadline,
                     GCancellable *cancel)
{
	while (size) {
		ssize_t n = out ? send(fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL)
		                : recv(fd, bytes, size, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		if (n > 0) {
			bytes += n;
			size -= (gsize)n;
		} else if (wait_fd(fd, out ? POLLOUT : POLLIN, deadline, cancel) != WAIT_READY) {
			return false;
		}
	}
	return true;
}

/* One message without its length. New, or NULL. */
static GByteArray *receive(int fd, gint64 deadline, GCancellable *cancel)
{
	guint8 head[4];

	if (!transfer(fd, head, sizeof head, false, deadline, cancel))
		return NULL;
	guint32 len = get_u32(head);
	if (len == 0 || len > MESSAGE_MAX)
		return NULL;
	GByteArray *message = g_byte_array_sized_new(len);
	g_byte_array_set_size(message, len);
	if (transfer(fd, message->data, len, false, deadline, cancel))
		return message;
	g_byte_array_unref(message);
	return NULL;
}

static bool send_message(int fd, const GByteArray *message, gint64 deadline, GCancellable *cancel)
{
	g_autoptr(GByteArray) out = g_byte_array_new();

	put_u32(out, message->len);
	g_byte_array_append(out, message->data, message->len);
	return transfer(fd, out->data, out->len, true, deadline, cancel);
}

/* One key of the agent's list. */
typedef struct {
	GBytes *key, *comment;
} Identity;

static void identity_clear(void *data)
{
	Identity *identity = data;

	g_bytes_unref(identity->key);
	g_bytes_unref(identity->comment);
}

/* A string of the wire at *at; NULL past the end. */
static GBytes *take_string(const GByteArray *message, gsize *at)
{
	if (message->len - *at < 4)
		return NULL;
	guint32 len = get_u32(message->data + *at);
	if (len > message->len - *at - 4)
		return NULL;
	GBytes *bytes = g_bytes_new(message->data + *at + 4, len);
	*at += 4 + (gsize)len;
	return bytes;
}

static GArray *parse_identities(const GByteArray *message)
{
	GArray *list = g_array_new(FALSE, FALSE, sizeof(Identity));
	gsize at = 5;

	g_array_set_clear_func(list, identity_clear);
	if (message->len < at || message->data[0] != IDENTITIES_ANSWER)
		return list;
	for (;;) {
		Identity identity = { .key = take_string(message, &at) };
		if (!identity.key)
			break;
		identity.comment = take_string(message, &at);
		if (!identity.comment) {
			g_bytes_unref(identity.key);
			break;
		}
		g_array_append_val(list, identity);
	}
	return list;
}

static bool holds(const GPtrArray *keys, GBytes *key)
{
	return g_ptr_array_find_with_equal_func((GPtrArray *)keys, key, g_bytes_equal, NULL);
}

static void show(AgentFilter *filter, GByteArray *out, const Identity *identity)
{
	GBytes *parts[] = { identity->key, identity->comment };

	for (guint i = 0; i < G_N_ELEMENTS(parts); i++) {
		gsize len;
		const guint8 *bytes = g_bytes_get_data(parts[i], &len);
		put_u32(out, len);
		g_byte_array_append(out, bytes, (guint)len);
	}
	g_ptr_array_add(filter->shown, g_bytes_ref(identity->key));
}

/* The list as libssh shall see it. New. */
static GByteArray *filtered(AgentFilter *filter, const GByteArray *message)
{
	g_autoptr(GArray) list = parse_identities(message);
	g_autoptr(GByteArray) keys = g_byte_array_new();

	g_mutex_lock(&filter->lock);
	g_ptr_array_set_size(filter->shown, 0);
	for (guint w = 0; w < filter->wanted->len; w++) {
		for (guint i = 0; i < list->len; i++) {
			const Identity *identity = &g_array_index(list, Identity, i);
			if (g_bytes_equal(identity->key, filter->wanted->pdata[w]) &&
			    !holds(filter->shown, identity->key))
				show(filter, keys, identity);
		}
	}
	for (guint i = 0; i < list->len && !filter->only; i++) {
		const Identity *identity = &g_array_index(list, Identity, i);
		if (!holds(filter->shown, identity->key))
			show(filter, keys, identity);
	}
	GByteArray *out = g_byte_array_new();
	guint8 type = IDENTITIES_ANSWER;
	g_byte_array_append(out, &type, 1);
	put_u32(out, filter->shown->len);
	g_byte_array_append(out, keys->data, keys->len);
	g_mutex_unlock(&filter->lock);
	return out;
}

/* Asks the agent. New, or NULL: it does not answer. */
static GByteArray *ask_agent(AgentFilter *filter, const GByteArray *request, bool sign)
{
	gint64 began = g_get_monotonic_time();
	gint64 deadline = sign ? MAX(filter->deadline, began + SIGN_US) : filter->deadline;
	GByteArray *answer = send_message(filter->agent, request, deadline, filter->cancel)
	                             ? receive(filter->agent, deadline, filter->cancel)
	                             : NULL;

	g_mutex_lock(&filter->lock);
	if (sign)
		filter->signing_us += g_get_monotonic_time() - began;
	filter->hung |= !answer && g_get_monotonic_time() >= deadline;
	g_mutex_unlock(&filter->lock);
	return answer;
}

/* libssh's request → what it is told; NULL ends it. */
static GByteArray *serve_one(AgentFilter *filter, const GByteArray *request)
{
	guint8 failure = FAILURE;

	switch (request->data[0]) {
	case REQUEST_IDENTITIES: {
		g_autoptr(GByteArray) all = ask_agent(filter, request, false);
		return all ? filtered(filter, all) : NULL;
	}
	case SIGN_REQUEST:
		return ask_agent(filter, request, true);
	default:
		return g_byte_array_append(g_byte_array_new(), &failure, 1);
	}
}

static void *serve(void *data)
{
	AgentFilter *filter = data;
	bool more = true;

	while (more) {
		g_autoptr(GByteArray) request = receive(filter->client, G_MAXINT64, filter->cancel);
		g_autoptr(GByteArray) reply = request ? serve_one(filter, request) : NULL;
		more = reply && send_message(filter->client, reply, G_MAXINT64, filter->cancel);
	}
	shutdown(filter->client, SHUT_RDWR); /* libssh waits for nothing else */
	return NULL;
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) < sizeof address.sun_path &&
	    connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	close(fd);
	return -1;
}

AgentFilter *agent_filter_new(const char *path, GPtrArray *wanted, bool only, gint64 deadline,
                              GCancellable *cancel, int *fd)
{
	int agent = connect_to(path), ends[2];

	if (agent < 0)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
		close(agent);
		return NULL;
	}
	AgentFilter *filter = g_new0(AgentFilter, 1);
	filter->agent = agent;
	filter->client = ends[0];
	filter->wanted = g_ptr_array_ref(wanted);
	filter->only = only;
	filter->deadline = deadline;
	filter->cancel = cancel ? g_object_ref(cancel) : NULL;
	filter->shown = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	g_mutex_init(&filter->lock);
	filter->thread = g_thread_try_new("agent", serve, filter, NULL);
	if (!filter->thread) {
		close(ends[1]);
		agent_filter_free(filter);
		return NULL;
	}
	*fd = ends[1];
	return filter;
}

void agent_filter_free(AgentFilter *filter)
{
	if (!filter)
		return;
	shutdown(filter->client, SHUT_RDWR);
	if (filter->thread)
		g_thread_join(filter->thread);
	close(filter->client);
	close(filter->agent);
	g_ptr_array_unref(filter->wanted);
	g_ptr_array_unref(filter->shown);
	g_clear_object(&filter->cancel);
	g_mutex_clear(&filter->lock);
	g_free(filter);
}

bool agent_filter_shown(AgentFilter *filter, GBytes *key)
{
	g_mutex_lock(&filter->lock);
	bool shown = holds(filter->shown, key);
	g_mutex_unlock(&filter->lock);
	return shown;
}

guint agent_filter_count(AgentFilter *filter)
{
	g_mutex_lock(&filter->lock);
	guint n = filter->shown->len;
	g_mutex_unlock(&filter->lock);
	return n;
}

gint64 agent_filter_signing_us(AgentFilter *filter)
{
	g_mutex_lock(&filter->lock);
	gint64 us = filter->signing_us;
	g_mutex_unlock(&filter->lock);
	return us;
}

bool agent_filter_hung(AgentFilter *filter)
{
	g_mutex_lock(&filter->lock);
	bool hung = filter->hung;
	g_mutex_unlock(&filter->lock);
	return hung;
}
