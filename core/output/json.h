// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

/*
 * The JSON of contract.md ("mdevcon/1"). Pure functions that return new json_t values. What is
 * absent or could not be read is null; every text that came from a host or a file has its controls
 * made visible. Keys keep the order of the contract.
 */

#include <jansson.h>

#include "core/output/host_row.h"
#include "core/plan/plan_json.h"

/* A text, or null for NULL. */
json_t *json_text(const char *text);

/* [["k","v"], ...] of Attr. */
json_t *json_attrs(const GArray *attrs);
json_t *json_problem(const Problem *problem);
/* One thing of an inventory, as it stands in its host's lists. */
json_t *json_parent(const Parent *parent);
json_t *json_mdev_type(const Type *type);
json_t *json_instance(const Instance *instance);
json_t *json_definition(const Definition *definition);
/* One element of "hosts"; its "errors" hold the same rows that host_problems returns. */
json_t *json_host(const HostRow *row);
json_t *json_result(const StepResult *result);

/* Problem * array: everything that went wrong with that host, or could not be read there. New. */
GPtrArray *host_problems(const HostRow *row);

/*
 * The whole document as text with a newline at its end. `payload` is taken (NULL: null); `errors`
 * are Problem *. Free with free() (jansson's allocator).
 */
char *json_document(const char *command, const char *payload_key, json_t *payload,
                    const GPtrArray *errors);
