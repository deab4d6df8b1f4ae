// SPDX-License-Identifier: GPL-2.0-or-later
/* Getting in: agent, key files, then questions. Nothing ever prompts on a terminal. */
#include <string.h>
#include <sys/stat.h>

#include "core/text.h"
#include "remote/agent_filter.h"
#include "remote/session.h"

#define AGENT_US (5 * G_USEC_PER_SEC) /* for its list of keys */

typedef struct {
	Session *session;
	SessionPlan *plan;
	GString *tried;   /* for the message: "agent, key FILE, password" */
	GError *error;    /* of waiting: ends everything */
	bool asked;       /* a passphrase was asked for */
	bool no_answer;   /* ... and not given */
	const char *file; /* the key file in hand */
	GPtrArray *keys;  /* GBytes: public halves of the identity files, as far as known */
	AgentFilter *agent;
} Login;

static void note_tried(Login *login, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void note_tried(Login *login, const char *format, ...)
{
	va_list arguments;

	if (login->tried->len)
		g_string_append(login->tried, ", ");
	va_start(arguments, format);
	g_string_append_vprintf(login->tried, format, arguments);
	va_end(arguments);
}

/*
 * True to call libssh once more; false ends the attempt, with login->error set if waiting failed.
 * libssh says "again" for ever of a line that the host has closed.
 */
static bool again(Login *login, int rc)
{
	return rc == SSH_AUTH_AGAIN && ssh_is_connected(session_ssh(login->session)) &&
	       session_wait(login->session, login->plan->deadline, login->plan->cancel,
	                    &login->error);
}

/* Each method: SSH_AUTH_SUCCESS, or anything else to go on with the next. */
static int try_none(Login *login)
{
	int rc;

	do
		rc = ssh_userauth_none(session_ssh(login->session), NULL);
	while (again(login, rc));
	return rc;
}

static bool is_file(const char *name)
{
	struct stat st;

	/* A FIFO or a device would hold us up for ever. */
	return stat(name, &st) == 0 && S_ISREG(st.st_mode);
}

/* The public half of an identity: FILE.pub, or FILE where that is not encrypted. NULL: unknown. */
static ssh_key public_half(const char *file)
{
	g_autofree char *beside = g_strconcat(file, ".pub", NULL);
	const char *names[] = { beside, file };
	ssh_key key = NULL;

	for (guint i = 0; i < G_N_ELEMENTS(names) && !key; i++) {
		if (is_file(names[i]) && ssh_pki_import_pubkey_file(names[i], &key) != SSH_OK)
			key = NULL;
	}
	return key;
}

/* A key as it is on the wire. New, or NULL. */
static GBytes *wire_key(ssh_key key)
{
	char *base64 = NULL;
	gsize len = 0;

	if (!key || ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK)
		return NULL;
	guchar *bytes = g_base64_decode(base64, &len);
	ssh_string_free_char(base64);
	return g_bytes_new_take(bytes, len);
}

static GBytes *file_key(const char *file)
{
	ssh_key key = public_half(file);
	GBytes *bytes = wire_key(key);

	ssh_key_free(key);
	return bytes;
}

static GPtrArray *file_keys(const GPtrArray *files)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (guint i = 0; i < files->len; i++) {
		GBytes *key = file_key(files->pdata[i]);
		if (key)
			g_ptr_array_add(keys, key);
	}
	return keys;
}

static void note_agent(Login *login)
{
	if (agent_filter_hung(login->agent))
		note_tried(login, "agent (it does not answer)");
	else
		note_tried(login, "agent (%u key%s)", agent_filter_count(login->agent),
		           agent_filter_count(login->agent) == 1 ? "" : "s");
}

static int try_agent(Login *login)
{
	SessionPlan *plan = login->plan;
	const char *path = plan->config->identity_agent ? plan->config->identity_agent
	                                                : g_getenv("SSH_AUTH_SOCK");
	int fd, rc;

	if (!path || !*path || g_str_equal(path, "none"))
		return SSH_AUTH_DENIED;
	login->agent = agent_filter_new(path, login->keys, plan->config->identities_only,
	                                MIN(plan->deadline, g_get_monotonic_time() + AGENT_US),
	                                plan->cancel, &fd);
	if (!login->agent) {
		note_tried(login, "agent (none is there)");
		return SSH_AUTH_DENIED;
	}
	ssh_set_agent_socket(session_ssh(login->session), fd);
	do
		rc = ssh_userauth_agent(session_ssh(login->session), NULL);
	while (again(login, rc));
	plan->deadline += agent_filter_signing_us(login->agent);
	note_agent(login);
	return rc == SSH_AUTH_ERROR && ssh_is_connected(session_ssh(login->session))
	               ? SSH_AUTH_DENIED
	               : rc;
}

/*
 * libssh's call-back for an encrypted key. It is always given, because without one OpenSSL would
 * ask on the terminal by itself.
 */
static int give_passphrase(const char *prompt, char *buf, size_t len, int echo, int verify,
                           void *userdata)
{
	Login *login = userdata;
	g_autofree char *text =
		g_strdup_printf("Passphrase of %s (for %s)", login->file, login->plan->label);
	(void)prompt;
	(void)echo;
	(void)verify;
	login->asked = true;
	char *answer = session_ask(login->plan, QUESTION_PASSPHRASE, text);
	if (!answer || strlen(answer) >= len) {
		login->no_answer = true;
		session_wipe(answer);
		return -1;
	}
	memcpy(buf, answer, strlen(answer) + 1);
	session_wipe(answer);
	return 0;
}

/* False if the server would not take this key: then no passphrase need be asked. */
static bool public_key_wanted(Login *login, const char *file)
{
	ssh_key key = public_half(file);
	int rc;

	if (!key)
		return true; /* cannot tell */
	do
		rc = ssh_userauth_try_publickey(session_ssh(login->session), NULL, key);
	while (again(login, rc));
	ssh_key_free(key);
	return rc == SSH_AUTH_SUCCESS;
}

static ssh_key load_key(Login *login, const char *file)
{
	ssh_key key = NULL;

	login->file = file;
	for (guint i = 0; i < login->plan->config->password_prompts && !key; i++) {
		login->asked = login->no_answer = false;
		if (ssh_pki_import_privkey_file(file, NULL, give_passphrase, login, &key) != SSH_OK)
			key = NULL;
		if (!login->asked || login->no_answer)
			break;
	}
	return key;
}

static int try_file(Login *login, const char *file)
{
	int rc;

	if (!is_file(file))
		return SSH_AUTH_DENIED;
	g_autoptr(GBytes) offered = login->agent ? file_key(file) : NULL;
	if (offered && agent_filter_shown(login->agent, offered))
		return SSH_AUTH_DENIED; /* a try of the same key counts */
	g_autofree char *visible = text_visible(file, -1);
	if (!public_key_wanted(login, file)) {
		note_tried(login, "key %s", visible);
		return SSH_AUTH_DENIED;
	}
	ssh_key key = load_key(login, file);
	note_tried(login, "key %s%s", visible,
	           key                ? ""
	           : login->no_answer ? " (its passphrase was not given)"
	           : login->asked     ? " (wrong passphrase)"
	                              : " (cannot be read)");
	if (!key)
		return SSH_AUTH_DENIED;
	do
		rc = ssh_userauth_publickey(session_ssh(login->session), NULL, key);
	while (again(login, rc));
	ssh_key_free(key);
	return rc;
}

static int try_files(Login *login)
{
	const GPtrArray *files = login->plan->config->identity_files;
	int rc = SSH_AUTH_DENIED;

	for (guint i = 0; i < files->len && !login->error; i++) {
		rc = try_file(login, files->pdata[i]);
		if (rc == SSH_AUTH_SUCCESS || rc == SSH_AUTH_PARTIAL || rc == SSH_AUTH_ERROR)
			break;
	}
	return rc;
}

static int try_public_keys(Login *login)
{
	int rc = try_agent(login);

	if (rc == SSH_AUTH_SUCCESS || rc == SSH_AUTH_PARTIAL || login->error ||
	    !ssh_is_connected(session_ssh(login->session)))
		return rc;
	return try_files(login);
}

/* Answers what the server asks. False if somebody did not. */
static bool answer_prompts(Login *login)
{
	ssh_session ssh = session_ssh(login->session);
	int n = ssh_userauth_kbdint_getnprompts(ssh);

	for (int i = 0; i < n; i++) {
		char echo = 0;
		const char *prompt = ssh_userauth_kbdint_getprompt(ssh, (unsigned)i, &echo);
		g_autofree char *text =
			g_strdup_printf("%s asks: %s", login->plan->label, prompt ? prompt : "?");
		char *answer = session_ask(login->plan, QUESTION_PASSWORD, text);
		bool ok = answer && ssh_userauth_kbdint_setanswer(ssh, (unsigned)i, answer) >= 0;
		session_wipe(answer);
		if (!ok) {
			login->no_answer = true;
			return false;
		}
	}
	return true;
}

static int try_keyboard(Login *login)
{
	int rc = SSH_AUTH_DENIED;

	if (!login->plan->options->ask)
		return rc;
	note_tried(login, "keyboard-interactive");
	login->no_answer = false;
	for (guint i = 0; i < login->plan->config->password_prompts; i++) {
		do {
			rc = ssh_userauth_kbdint(session_ssh(login->session), NULL, NULL);
			if (rc == SSH_AUTH_INFO && !answer_prompts(login))
				return SSH_AUTH_DENIED;
		} while (rc == SSH_AUTH_INFO || again(login, rc));
		if (rc != SSH_AUTH_DENIED || login->error)
			break;
	}
	return rc;
}

static int try_password(Login *login)
{
	int rc = SSH_AUTH_DENIED;

	if (!login->plan->options->ask)
		return rc;
	note_tried(login, "password");
	g_autofree char *text = g_strdup_printf("Password of %s on %s", login->plan->config->user,
	                                        login->plan->label);
	for (guint i = 0;
	     i < login->plan->config->password_prompts && rc == SSH_AUTH_DENIED && !login->error;
	     i++) {
		char *answer = session_ask(login->plan, QUESTION_PASSWORD, text);
		if (!answer) {
			login->no_answer = true;
			break;
		}
		do
			rc = ssh_userauth_password(session_ssh(login->session), NULL, answer);
		while (again(login, rc));
		session_wipe(answer);
	}
	return rc;
}

/* In this order where the configuration has no other, each where the server offers it. */
static const struct {
	int bit;
	const char *name;
	int (*attempt)(Login *);
	gsize off; /* where the configuration says that it is not wanted */
} methods[] = {
	{ SSH_AUTH_METHOD_PUBLICKEY, "publickey", try_public_keys,
	  G_STRUCT_OFFSET(SshConfig, no_public_key) },
	{ SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive", try_keyboard,
	  G_STRUCT_OFFSET(SshConfig, no_keyboard) },
	{ SSH_AUTH_METHOD_PASSWORD, "password", try_password,
	  G_STRUCT_OFFSET(SshConfig, no_password) },
};

static int method_named(const char *name)
{
	for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (g_str_equal(methods[i].name, name))
			return (int)i;
	}
	return -1;
}

/* The next method to try of those that `offered` holds and `done` does not, or -1. */
static int next_method(const SshConfig *config, int offered, int done)
{
	const char *usual = "publickey,keyboard-interactive,password";
	g_auto(GStrv) names = g_strsplit(config->preferred ? config->preferred : usual, ",", -1);

	for (char **name = names; *name; name++) {
		int i = method_named(*name);
		if (i >= 0 && (offered & methods[i].bit) && !(done & methods[i].bit) &&
		    !*(const bool *)G_STRUCT_MEMBER_P(config, methods[i].off))
			return i;
	}
	return -1;
}

/* Runs the methods; one that succeeded in part opens the others again. */
static int run_methods(Login *login)
{
	ssh_session ssh = session_ssh(login->session);
	int done = 0, rc = try_none(login);

	while (rc != SSH_AUTH_SUCCESS && !login->error && ssh_is_connected(ssh)) {
		int i = next_method(login->plan->config, ssh_userauth_list(ssh, NULL), done);
		if (i < 0)
			break;
		done |= methods[i].bit;
		rc = methods[i].attempt(login);
	}
	return rc;
}

static char *offered_methods(ssh_session ssh)
{
	int offered = ssh_userauth_list(ssh, NULL);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
		if (offered & methods[i].bit)
			g_string_append_printf(out, "%s%s", out->len ? ", " : "", methods[i].name);
	}
	return g_string_free(out, FALSE);
}

static void set_refused(Login *login, GError **error)
{
	SessionPlan *plan = login->plan;
	g_autofree char *user = text_visible(plan->config->user, -1);

	if (!ssh_is_connected(session_ssh(login->session))) {
		g_autofree char *text = session_error_text(login->session);
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_AUTH,
		            "login as %s ended by the host: %s (tried: %s)", user, text,
		            login->tried->len ? login->tried->str : "nothing");
		return;
	}
	g_autofree char *offered = offered_methods(session_ssh(login->session));
	g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_AUTH,
	            "login as %s refused (tried: %s; the host offers: %s)", user,
	            login->tried->len ? login->tried->str : "nothing",
	            *offered ? offered : "nothing");
}

bool session_authenticate(Session *session, SessionPlan *plan, GError **error)
{
	Login login = { .session = session, .plan = plan, .tried = g_string_new(NULL) };
	login.keys = file_keys(plan->config->identity_files);
	bool ok = run_methods(&login) == SSH_AUTH_SUCCESS;

	if (!ok && login.error && login.error->code == BACKEND_ERROR_TIMEOUT)
		g_set_error(error, BACKEND_ERROR, BACKEND_ERROR_UNREACHABLE,
		            "login as %s was not answered in time", plan->config->user);
	else if (!ok && login.error)
		g_propagate_error(error, g_steal_pointer(&login.error));
	else if (!ok)
		set_refused(&login, error);
	g_clear_error(&login.error);
	g_string_free(login.tried, TRUE);
	agent_filter_free(login.agent);
	g_ptr_array_unref(login.keys);
	return ok;
}
