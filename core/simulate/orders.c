// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/simulate/orders.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/facts.h"

static bool parse_uint(const char *text, guint64 max, guint64 *value)
{
	return g_ascii_string_to_unsigned(text, 10, 0, max, value, NULL);
}

static int write_text(SimKernel *kernel, const char *path, const char *text)
{
	gssize n = sim_write(kernel, path, text, (gssize)strlen(text), NULL);
	return n < 0 ? (int)n : 0;
}

static int create(SimKernel *kernel, char **words)
{
	g_autofree char *path = g_strdup_printf(
		"/sys/class/mdev_bus/%s/mdev_supported_types/%s/create", words[1], words[2]);
	return write_text(kernel, path, words[3]);
}

/* As `mdevctl define` writes it. */
static int define(SimKernel *kernel, char **words)
{
	g_autofree char *path = g_strconcat("/etc/mdevctl.d/", words[1], "/", words[3], NULL);
	g_autofree char *text = g_strdup_printf("{\n  \"mdev_type\": \"%s\",\n"
	                                        "  \"start\": \"%s\",\n  \"attrs\": []\n}\n",
	                                        words[2], words[4]);
	return sim_put_definition(kernel, path, text);
}

static int set_type(SimKernel *kernel, char **words)
{
	g_autofree char *path =
		g_strdup_printf("/sys/bus/pci/devices/%s/nvidia/current_vgpu_type", words[1]);
	return write_text(kernel, path, words[2]);
}

static int guest_start(SimKernel *kernel, char **words)
{
	guint64 pid;
	if (!parse_uint(words[1], G_MAXINT32, &pid))
		return -EINVAL;
	return sim_guest_start(kernel, (gint64)pid, words[2], (const char *const *)words + 3);
}

static int guest_stop(SimKernel *kernel, char **words)
{
	guint64 pid;
	if (!parse_uint(words[1], G_MAXINT32, &pid))
		return -EINVAL;
	return sim_guest_stop(kernel, (gint64)pid);
}

static int inject(SimKernel *kernel, char **words)
{
	guint64 delay_ms, times;
	int err = g_str_equal(words[3], "hang") ? -1 : errno_from_name(words[3]);
	if (err == 0 || !parse_uint(words[4], G_MAXUINT, &delay_ms) ||
	    !parse_uint(words[5], G_MAXUINT, &times))
		return -EINVAL;
	sim_inject(kernel, words[1], words[2], err, (guint)delay_ms, (guint)times);
	return 0;
}

static int mend(SimKernel *kernel, char **words)
{
	(void)words;
	sim_mend(kernel);
	return 0;
}

static const struct {
	const char *name;
	guint min_words, max_words;
	int (*run)(SimKernel *kernel, char **words);
} orders[] = {
	{ "create", 4, 4, create },
	{ "define", 5, 5, define },
	{ "set-type", 3, 3, set_type },
	{ "guest-start", 4, G_MAXUINT, guest_start },
	{ "guest-stop", 2, 2, guest_stop },
	{ "inject", 6, 6, inject },
	{ "mend", 1, 1, mend },
};

int sim_order(SimKernel *kernel, const char *line)
{
	g_autofree char *text = g_strstrip(g_strdup(line));
	g_auto(GStrv) words = g_strsplit(text, " ", -1);
	guint count = g_strv_length(words);

	for (guint i = 0; i < G_N_ELEMENTS(orders); i++)
		if (count >= orders[i].min_words && count <= orders[i].max_words &&
		    g_str_equal(words[0], orders[i].name))
			return orders[i].run(kernel, words);
	return -EINVAL;
}
