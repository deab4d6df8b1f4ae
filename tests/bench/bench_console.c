// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an operator feels: from exec to the first paint, beside a program that does nothing and is
 * linked to nothing new; and from a key to the paint that it causes, beside a program that only
 * sends the key back. All on a pty, read by the same emulator.
 */
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/console.h"

#define STARTS 31
#define KEYS 400
#define WAIT_MS 10000

/* Sends back what comes, as a terminal program without a thought in it would. */
static int echo(void)
{
	struct termios raw;
	char buffer[256];
	ssize_t n;

	tcgetattr(STDIN_FILENO, &raw);
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	if (write(STDOUT_FILENO, "ready", 5) != 5)
		return 1;
	while ((n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0)
		if (write(STDOUT_FILENO, buffer, (size_t)n) != n)
			return 1;
	return 0;
}

/* ---- start ---- */

static double ms_to_end(const char *program)
{
	const char *const argv[] = { program, NULL };
	double start = bench_now();
	Term *term = term_start(24, 80, argv, NULL);

	if (!term_wait_exit(term, WAIT_MS, NULL))
		g_error("%s does not end", program);
	double took = bench_now() - start;
	term_stop(term, NULL);
	return took;
}

/* Until the frame of the main screen stands, with its line of keys, the last to be drawn. */
static double ms_to_paint(void)
{
	GPtrArray *arguments = console_arguments();

	console_add_recorded(arguments, "gpu-a", "gpu-a");
	console_add_recorded(arguments, "gpu-b", "gpu-b");
	double start = bench_now();
	Term *term = console_start(arguments, "Quit");
	double took = bench_now() - start;
	term_stop(term, NULL);
	return took;
}

static void measure_start(void)
{
	Series paints = series_new(NULL), nothing = series_new("true, to its end");

	for (int i = -1; i < STARTS; i++) {
		double paint = ms_to_paint(), end = ms_to_end("true");
		if (i < 0) /* the first warms the caches */
			continue;
		series_add(&paints, paint);
		series_add(&nothing, end);
	}
	bench_value("start: exec to first paint", "ms", &paints, &nothing, 30);
}

/* ---- key ---- */

static bool has_more(Term *term, void *data)
{
	return term_bytes(term) > *(uint64_t *)data;
}

/* From writing the key to the pty until output is there. */
static double ms_to_answer(Term *term, const char *key)
{
	uint64_t before = term_bytes(term);
	double start = bench_now();

	term_send(term, key);
	if (!term_wait(term, has_more, &before, "an answer to a key", WAIT_MS))
		g_error("no answer to a key");
	double took = bench_now() - start;
	term_wait_idle(term, 1, WAIT_MS);
	return took;
}

static void add_parts(Series *into, const Series *from, double p)
{
	series_add(into, series_part(from, p));
}

static void measure_key(const char *self)
{
	const char *const echo_argv[] = { self, "echo", NULL };
	Series keys = series_new(NULL), echoes = series_new(NULL);
	GPtrArray *arguments = console_arguments();

	console_add_recorded(arguments, "gpu-a", "gpu-a");
	console_add_recorded(arguments, "gpu-b", "gpu-b");
	Term *console = console_start(arguments, "2 recorded");
	Term *plain = term_start(24, 80, echo_argv, NULL);
	if (!plain || !term_wait_text(plain, "ready", WAIT_MS))
		g_error("no echo");
	term_wait_idle(console, 50, WAIT_MS);
	for (int i = 0; i < KEYS; i++) {
		series_add(&keys, ms_to_answer(console, i % 2 ? "k" : "j"));
		series_add(&echoes, ms_to_answer(plain, "x"));
	}
	term_stop(console, NULL);
	term_stop(plain, NULL);
	static const struct {
		const char *name;
		double part;
	} rows[] = { { "key: to paint, half of them within", 0.5 },
		     { "key: to paint, 99 % of them within", 0.99 } };
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		Series ours = series_new(NULL), beside = series_new("echo on a pty");
		add_parts(&ours, &keys, rows[i].part);
		add_parts(&beside, &echoes, rows[i].part);
		bench_value(rows[i].name, "ms", &ours, &beside, 16);
	}
	series_clear(&keys);
	series_clear(&echoes);
}

int main(int argc, char **argv)
{
	if (argc == 2 && g_str_equal(argv[1], "echo"))
		return echo();
	if (argc == 2 && g_str_equal(argv[1], "start"))
		measure_start();
	else
		measure_key(argv[0]);
	return 0;
}
