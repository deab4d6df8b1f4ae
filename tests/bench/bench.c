// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/bench/bench.h"

#include <stdio.h>

#define FIGURE_WIDTH 42

Series series_new(const char *name)
{
	return (Series){ name, g_array_new(FALSE, FALSE, sizeof(double)) };
}

void series_add(Series *series, double value)
{
	g_array_append_val(series->values, value);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double series_part(const Series *series, double p)
{
	g_autoptr(GArray) sorted = g_array_copy(series->values);

	if (sorted->len == 0)
		g_error("nothing was measured");
	g_array_sort(sorted, by_size);
	return g_array_index(sorted, double, (guint)(p * (sorted->len - 1) + 0.5));
}

void series_clear(Series *series)
{
	g_clear_pointer(&series->values, g_array_unref);
}

double bench_now(void)
{
	return (double)g_get_monotonic_time() / 1000;
}

double bench_command(const char *const *argv)
{
	g_autofree char *errors = NULL;
	g_autoptr(GError) error = NULL;
	int status = 0;
	double start = bench_now();

	if (!g_spawn_sync(NULL, (char **)argv, NULL,
	                  G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
	                  &errors, &status, &error) ||
	    !g_spawn_check_wait_status(status, &error))
		g_error("%s: %s: %s", argv[0], error->message, errors ? errors : "");
	return bench_now() - start;
}

/* "12.3 (11.9 to 14.0) ms", or "12.3 ms" of one sample. */
static char *spread(const Series *series, const char *unit)
{
	if (series->values->len == 1)
		return g_strdup_printf("%.2f %s", series_part(series, 0.5), unit);
	return g_strdup_printf("%.2f (%.2f to %.2f) %s", series_part(series, 0.5),
	                       series_part(series, 0), series_part(series, 1), unit);
}

static void print_line(const char *figure, const char *ours, const char *beside, double judged,
                       const char *ratio, const char *unit, double aim)
{
	g_autofree char *text = g_strdup_printf("%-*s %s%s%s%s", FIGURE_WIDTH, figure, ours,
	                                        *beside ? "; " : "", beside, ratio);

	if (aim > 0)
		printf("%s; aim < %g%s: %s\n", text, aim, unit, judged < aim ? "met" : "MISSED");
	else
		printf("%s\n", text);
	fflush(stdout);
}

static char *name_beside(const Series *beside, const char *unit)
{
	if (!beside)
		return g_strdup("");
	g_autofree char *text = spread(beside, unit);
	return g_strdup_printf("%s %s", beside->name, text);
}

void bench_ratio(const char *figure, Series *ours, Series *beside, double aim)
{
	Series ratios = series_new(NULL);

	for (guint i = 0; i < MIN(ours->values->len, beside->values->len); i++)
		series_add(&ratios, g_array_index(ours->values, double, i) /
		                            g_array_index(beside->values, double, i));
	g_autofree char *left = spread(ours, "ms"), *right = name_beside(beside, "ms");
	double median = series_part(&ratios, 0.5);
	g_autofree char *ratio = g_strdup_printf("; ratio %.3g (%.3g to %.3g)", median,
	                                         series_part(&ratios, 0), series_part(&ratios, 1));
	print_line(figure, left, right, median, ratio, "", aim);
	series_clear(&ratios);
	series_clear(ours);
	series_clear(beside);
}

void bench_value(const char *figure, const char *unit, Series *ours, Series *beside, double aim)
{
	g_autofree char *left = spread(ours, unit), *right = name_beside(beside, unit);
	g_autofree char *aim_unit = g_strdup_printf(" %s", unit);

	print_line(figure, left, right, series_part(ours, 0.5), "", aim_unit, aim);
	series_clear(ours);
	if (beside)
		series_clear(beside);
}

void bench_skip(const char *figure, const char *why)
{
	printf("%-*s not measured: %s\n", FIGURE_WIDTH, figure, why);
}
