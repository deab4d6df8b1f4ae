// SPDX-License-Identifier: GPL-2.0-or-later

/* What is the same for every kind of host. */

#include "core/backend.h"

#include <errno.h>
#include <string.h>

#include "core/inventory.h"

G_DEFINE_QUARK(mdevcon - backend - error - quark, backend_error)

static bool is_cancelled(const Backend *backend, GCancellable *cancel, GError **error)
{
	if (!cancel || !g_cancellable_is_cancelled(cancel))
		return false;
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_CANCELLED, "%s: cancelled", backend->label);
	return true;
}

static bool refuses_changes(const Backend *backend, GError **error)
{
	if (!backend->ops->read_only)
		return false;
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_READ_ONLY,
	            "%s: a recorded host cannot be changed", backend->label);
	return true;
}

Facts *backend_scan(Backend *backend, ScanFlags flags, GCancellable *cancel, GError **error)
{
	if (is_cancelled(backend, cancel, error))
		return NULL;
	g_autoptr(Facts) facts = backend->ops->scan(backend, flags, cancel, error);
	/* Nobody waits for what was cancelled while it was read. */
	if (facts && is_cancelled(backend, cancel, error))
		return NULL;
	return g_steal_pointer(&facts);
}

int backend_write(Backend *backend, const char *path, const char *value, int deadline_ms,
                  GCancellable *cancel, GError **error)
{
	if (refuses_changes(backend, error) || is_cancelled(backend, cancel, error))
		return -1;
	return backend->ops->write(backend, path, value, deadline_ms, cancel, error);
}

int backend_try_open(Backend *backend, const char *devnode, GCancellable *cancel, GError **error)
{
	if (refuses_changes(backend, error) || is_cancelled(backend, cancel, error))
		return -1;
	return backend->ops->try_open(backend, devnode, cancel, error);
}

static int unsupported(const Backend *backend, const char *what, GError **error)
{
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNSUPPORTED,
	            "%s: this kind of host cannot %s", backend->label, what);
	return -1;
}

int backend_run(Backend *backend, const char *const *argv, const char *input, int deadline_ms,
                CommandOutput *output, GCancellable *cancel, GError **error)
{
	*output = (CommandOutput){ 0 };
	if (refuses_changes(backend, error) || is_cancelled(backend, cancel, error))
		return -1;
	if (!backend->ops->run)
		return unsupported(backend, "run a command", error);
	if (!argv[0] || *argv[0] != '/')
		return EINVAL;
	return backend->ops->run(backend, argv, input ? input : "", deadline_ms, output, cancel,
	                         error);
}

bool definition_path_is_valid(const char *path)
{
	if (!g_str_has_prefix(path, DEFINITIONS_FOLDER "/"))
		return false;
	g_auto(GStrv) parts = g_strsplit(path + strlen(DEFINITIONS_FOLDER "/"), "/", -1);
	return g_strv_length(parts) == 2 && name_is_actionable(parts[0]) &&
	       strcmp(parts[0], "scripts.d") != 0 && g_uuid_string_is_valid(parts[1]);
}

int backend_put_definition(Backend *backend, const char *path, const char *text,
                           GCancellable *cancel, GError **error)
{
	if (refuses_changes(backend, error) || is_cancelled(backend, cancel, error))
		return -1;
	if (!backend->ops->put_definition)
		return unsupported(backend, "write a definition", error);
	if (!definition_path_is_valid(path))
		return EINVAL;
	return backend->ops->put_definition(backend, path, text, cancel, error);
}

void command_output_clear(CommandOutput *output)
{
	g_clear_pointer(&output->out, g_free);
	g_clear_pointer(&output->err, g_free);
}

int backend_event_fd(Backend *backend)
{
	return backend->ops->event_fd ? backend->ops->event_fd(backend) : -1;
}

BackendEvents backend_take_events(Backend *backend)
{
	return backend->ops->take_events ? backend->ops->take_events(backend) : EVENTS_NONE;
}

bool backend_ping(Backend *backend, GCancellable *cancel, GError **error)
{
	return !backend->ops->ping || backend->ops->ping(backend, cancel, error);
}

void backend_close(Backend *backend)
{
	if (backend)
		backend->ops->close(backend);
}
