// SPDX-License-Identifier: GPL-2.0-or-later
#include "remote/ssh_config.h"

#include <libssh/libssh.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OUTPUT_MAX (256 * 1024)

static const char *const default_identities[] = { "id_ed25519", "id_ecdsa", "id_rsa" };

/* A process that is waited for. */
typedef struct {
	GMainLoop *loop;
	GBytes *output;
	GError *error;
} Wait;

static void on_done(GObject *source, GAsyncResult *result, gpointer data)
{
	Wait *wait = data;

	g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &wait->output, NULL,
	                                &wait->error);
	g_main_loop_quit(wait->loop);
}

static gboolean on_deadline(gpointer data)
{
	g_cancellable_cancel(data);
	return G_SOURCE_REMOVE;
}

static void forward_cancel(GCancellable *cancel, gpointer data)
{
	(void)cancel;
	g_cancellable_cancel(data);
}

/* Runs argv to its end or the deadline. New text, or NULL and error. */
static char *run(const char *const *argv, gint64 deadline, GCancellable *cancel, GError **error)
{
	g_autoptr(GSubprocess) process = g_subprocess_newv(
		argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, error);
	if (!process)
		return NULL;
	g_autoptr(GMainContext) context = g_main_context_new();
	g_main_context_push_thread_default(context);
	g_autoptr(GMainLoop) loop = g_main_loop_new(context, FALSE);
	g_autoptr(GCancellable) stop = g_cancellable_new();
	gulong handler =
		cancel ? g_cancellable_connect(cancel, G_CALLBACK(forward_cancel), stop, NULL) : 0;
	gint64 left = deadline - g_get_monotonic_time();
	GSource *timer = g_timeout_source_new((guint)(MAX(left, 1000) / 1000));
	g_source_set_callback(timer, on_deadline, stop, NULL);
	g_source_attach(timer, context);

	Wait wait = { .loop = loop };
	g_subprocess_communicate_async(process, NULL, stop, on_done, &wait);
	g_main_loop_run(loop);

	g_source_destroy(timer);
	g_source_unref(timer);
	if (cancel)
		g_cancellable_disconnect(cancel, handler);
	g_main_context_pop_thread_default(context);
	if (wait.error) {
		g_subprocess_force_exit(process);
		g_propagate_error(error, wait.error);
		return NULL;
	}
	g_autoptr(GBytes) output = wait.output;
	gsize size = 0;
	const char *data = output ? g_bytes_get_data(output, &size) : NULL;
	if (!g_subprocess_get_successful(process) || size == 0) {
		g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
		                    "the SSH configuration could not be read by `ssh -G`");
		return NULL;
	}
	return g_strndup(data, MIN(size, OUTPUT_MAX));
}

/* The options as `ssh -G` prints them. */
static SshConfig *ask_openssh(const char *program, const HostAddress *address, const char *file,
                              gint64 deadline, GCancellable *cancel, GError **error)
{
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	g_autofree char *port = g_strdup_printf("%u", address->port);

	g_ptr_array_add(argv, (gpointer)program);
	g_ptr_array_add(argv, (gpointer) "-G");
	if (file) {
		g_ptr_array_add(argv, (gpointer) "-F");
		g_ptr_array_add(argv, (gpointer)file);
	}
	if (address->port) {
		g_ptr_array_add(argv, (gpointer) "-p");
		g_ptr_array_add(argv, port);
	}
	if (address->user) {
		g_ptr_array_add(argv, (gpointer) "-l");
		g_ptr_array_add(argv, address->user);
	}
	g_ptr_array_add(argv, (gpointer) "--");
	g_ptr_array_add(argv, address->name);
	g_ptr_array_add(argv, NULL);
	g_autofree char *text = run((const char *const *)argv->pdata, deadline, cancel, error);
	return text ? ssh_config_parse(text) : NULL;
}

/* Copies one option out of libssh's parser. New, or NULL. */
static char *libssh_option(ssh_session session, enum ssh_options_e option)
{
	char *value = NULL;

	if (ssh_options_get(session, option, &value) != SSH_OK)
		return NULL;
	char *copy = ssh_config_expand_home(value);
	ssh_string_free_char(value);
	return copy;
}

/* Without an OpenSSH client: what libssh understands of the same files. */
static SshConfig *ask_libssh(const HostAddress *address, const char *file)
{
	SshConfig *config = ssh_config_new();
	ssh_session session = ssh_new();
	unsigned port = 0;

	if (!session)
		return config;
	ssh_options_set(session, SSH_OPTIONS_HOST, address->name);
	ssh_options_parse_config(session, file);
	config->hostname = libssh_option(session, SSH_OPTIONS_HOST);
	config->user = libssh_option(session, SSH_OPTIONS_USER);
	if (ssh_options_get_port(session, &port) == SSH_OK)
		config->port = port;
	g_autofree char *proxy = libssh_option(session, SSH_OPTIONS_PROXYCOMMAND);
	if (proxy && *proxy)
		config->proxy_command = g_steal_pointer(&proxy);
	char *identity = libssh_option(session, SSH_OPTIONS_IDENTITY);
	if (identity && !strchr(identity, '%'))
		g_ptr_array_add(config->identity_files, identity);
	else
		g_free(identity);
	ssh_free(session);
	if (address->user) {
		g_free(config->user);
		config->user = g_strdup(address->user);
	}
	if (address->port)
		config->port = address->port;
	return config;
}

static void add_home_file(GPtrArray *files, const char *name)
{
	g_ptr_array_add(files, g_build_filename(g_get_home_dir(), ".ssh", name, NULL));
}

/* `ssh -G` leaves the percent tokens of file names as they stand. New; takes `path`. */
static char *expand_tokens(char *path, const SshConfig *config, const HostAddress *address)
{
	g_autofree char *given = path;
	GString *out = g_string_new(NULL);

	for (const char *p = given; *p; p++) {
		if (*p != '%' || !p[1]) {
			g_string_append_c(out, *p);
			continue;
		}
		switch (*++p) {
		case 'd':
			g_string_append(out, g_get_home_dir());
			break;
		case 'h':
			g_string_append(out, config->hostname);
			break;
		case 'k':
			g_string_append(out, config->host_key_alias ? config->host_key_alias
			                                            : address->name);
			break;
		case 'n':
			g_string_append(out, address->name);
			break;
		case 'p':
			g_string_append_printf(out, "%u", config->port);
			break;
		case 'r':
			g_string_append(out, config->user);
			break;
		case 'u':
			g_string_append(out, g_get_user_name());
			break;
		default:
			g_string_append_c(out, *p);
		}
	}
	return g_string_free(out, FALSE);
}

static void expand_all(GPtrArray *files, const SshConfig *config, const HostAddress *address)
{
	for (guint i = 0; i < files->len; i++)
		files->pdata[i] = expand_tokens(files->pdata[i], config, address);
}

static void apply_defaults(SshConfig *config, const HostAddress *address)
{
	if (!config->hostname)
		config->hostname = g_strdup(address->name);
	if (!config->user)
		config->user = g_strdup(address->user ? address->user : g_get_user_name());
	if (!config->port)
		config->port = 22;
	if (!config->identity_files->len) {
		for (guint i = 0; i < G_N_ELEMENTS(default_identities); i++)
			add_home_file(config->identity_files, default_identities[i]);
	}
	expand_all(config->identity_files, config, address);
	expand_all(config->certificates, config, address);
	expand_all(config->user_known_hosts, config, address);
	expand_all(config->global_known_hosts, config, address);
}

SshConfig *ssh_config_resolve(const HostAddress *address, const char *file, gint64 deadline,
                              GCancellable *cancel, GError **error)
{
	if (!*address->name || address->name[0] == '-' ||
	    (address->user && address->user[0] == '-')) {
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "\"%s\" is not a host name", address->name);
		return NULL;
	}
	g_autofree char *program = g_find_program_in_path("ssh");
	g_autoptr(GError) failed = NULL;
	SshConfig *config = program ? ask_openssh(program, address, file, deadline, cancel, &failed)
	                            : ask_libssh(address, file);
	if (!config) {
		bool cancelled = g_cancellable_is_cancelled(cancel);
		g_set_error_literal(error, BACKEND_ERROR,
		                    cancelled ? BACKEND_ERROR_CANCELLED : BACKEND_ERROR_UNREACHABLE,
		                    cancelled ? "cancelled" : failed->message);
		return NULL;
	}
	if (!program) {
		add_home_file(config->user_known_hosts, "known_hosts");
		g_ptr_array_add(config->global_known_hosts, g_strdup("/etc/ssh/ssh_known_hosts"));
	}
	apply_defaults(config, address);
	return config;
}
