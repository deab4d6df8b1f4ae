// SPDX-License-Identifier: GPL-2.0-or-later
#include "tui/log.h"

#define LOG_MAX 2000

struct Log {
	GPtrArray *entries;
	guint64 newest;
	GHashTable *said; /* "host\ncode\ntext", for log_once */
};

static void entry_clear(gpointer data)
{
	LogEntry *entry = data;
	g_free(entry->id);
	g_free(entry->host);
	g_free(entry->code);
	g_free(entry->text);
	g_free(entry->hint);
}

LogEntry *log_entry_ref(const LogEntry *entry)
{
	return g_rc_box_acquire((gpointer)entry);
}

void log_entry_unref(gpointer entry)
{
	g_rc_box_release_full(entry, entry_clear);
}

Log *log_new(void)
{
	Log *log = g_new0(Log, 1);
	log->entries = g_ptr_array_new_with_free_func(log_entry_unref);
	log->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	return log;
}

void log_free(Log *log)
{
	if (!log)
		return;
	g_ptr_array_unref(log->entries);
	g_hash_table_unref(log->said);
	g_free(log);
}

void log_add(Log *log, Role role, const char *host, const char *code, const char *text,
             const char *hint)
{
	LogEntry *entry = g_rc_box_new0(LogEntry);
	*entry = (LogEntry){ .at = g_get_real_time() / G_USEC_PER_SEC, .role = role };
	entry->number = ++log->newest;
	entry->id = g_strdup_printf("%" G_GUINT64_FORMAT, entry->number);
	entry->host = g_strdup(host);
	entry->code = g_strdup(code);
	entry->text = g_strdup(text ? text : "");
	entry->hint = g_strdup(hint);
	if (log->entries->len >= LOG_MAX)
		g_ptr_array_remove_index(log->entries, 0);
	g_ptr_array_add(log->entries, entry);
}

void log_problem(Log *log, const Problem *problem)
{
	log_add(log, ROLE_ERROR, problem->host, problem->code, problem->text, problem->hint);
}

void log_once(Log *log, Role role, const char *host, const char *code, const char *text,
              const char *hint)
{
	char *key = g_strdup_printf("%s\n%s\n%s", host ? host : "", code ? code : "", text);
	if (g_hash_table_size(log->said) > LOG_MAX)
		g_hash_table_remove_all(log->said);
	if (g_hash_table_add(log->said, key))
		log_add(log, role, host, code, text, hint);
}

guint64 log_newest(const Log *log)
{
	return log->newest;
}

guint log_count(const Log *log)
{
	return log->entries->len;
}

const LogEntry *log_nth(const Log *log, guint i)
{
	return g_ptr_array_index(log->entries, i);
}
