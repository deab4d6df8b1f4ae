// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * Figures of one run: ours and something beside it, measured in turn, so that a busy machine slows
 * both. One line a figure: medians with the least and the greatest, the median of the ratios pair
 * by pair, and the aim. Whatever cannot be measured ends the program with a message.
 */

#include <glib.h>

/* Samples of one thing, in the unit that is printed. */
typedef struct {
	const char *name; /* of the thing beside: "ssh HOST true"; NULL for ours */
	GArray *values;   /* double */
} Series;

Series series_new(const char *name);
void series_add(Series *series, double value);
/* The p-th part (0..1) of the sorted values. */
double series_part(const Series *series, double p);
void series_clear(Series *series);

/* Milliseconds of a monotonic clock. */
double bench_now(void);
/* Milliseconds of a command as a whole process, its output thrown away. It must succeed. */
double bench_command(const char *const *argv);

/* "figure  ours ms  beside ms  ratio  aim"; aim 0: none. Clears both series. */
void bench_ratio(const char *figure, Series *ours, Series *beside, double aim);
/* "figure  ours unit  aim", with what is beside it (may be NULL). Clears both series. */
void bench_value(const char *figure, const char *unit, Series *ours, Series *beside, double aim);
/* A line for a figure that this machine cannot give, and why. */
void bench_skip(const char *figure, const char *why);
