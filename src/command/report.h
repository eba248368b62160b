/* What the reporting commands print: text for people in columns, JSON and CSV for programs.
 *
 * A table whose rows are for programs is written once for both forms:
 *
 *     struct report r = report_to(FORM_CSV);
 *     for (...) {
 *             report_row(&r);
 *             report_unsigned(&r, "op", op);
 *             report_text(&r, "map", name);
 *             report_row_end(&r);
 *     }
 *
 * A row is an object in JSON and a line in CSV; CSV has no names in its rows, so report_head prints them
 * before.  What else a command says as JSON goes through r.json (trace/base/json.h).  All of it goes to
 * stdout.
 */
#ifndef SRC_REPORT_H
#define SRC_REPORT_H

#include "trace/base/json.h"

#include <stdbool.h>
#include <stdint.h>

enum form { FORM_TEXT, FORM_JSON, FORM_CSV };

struct report {
	enum form form; /* of rows: FORM_JSON or FORM_CSV */
	struct json json;
	bool cells; /* CSV: the row has one already */
	/* CSV as RFC 4180 has it: lines end with CR LF, a text has quotes only where it needs them, an empty
	 * one is an empty cell. */
	bool strict;
};

struct report report_to(enum form form);
/* The line of names, of CSV; nothing in JSON. */
void report_head(struct report *r, const char *const *name, size_t n);
void report_row(struct report *r);
void report_row_end(struct report *r);
/* An object inside a row, for JSON; CSV has its values as the row's own. */
void report_group(struct report *r, const char *name);
void report_group_end(struct report *r);
void report_unsigned(struct report *r, const char *name, uint64_t v);
void report_fixed(struct report *r, const char *name, double v, int decimals);
void report_number(struct report *r, const char *name, double v); /* 10 digits, see json_number */
void report_bool(struct report *r, const char *name, bool v);
void report_none(struct report *r, const char *name); /* null; an empty cell */
void report_text(struct report *r, const char *name, const char *text);
void report_address(struct report *r, const char *name, uint64_t v); /* hexadecimal; a text in JSON */

/* ---- text ---- */

/* A text from a file, without a byte that a terminal would obey. */
void report_clean(const char *text);
/* A column's cell: as printf's %*s (negative: at the left), counting columns of the screen, for Chinese takes
 * two each. */
void report_cell(int width, const char *text);
/* The heads of columns, through _(). */
struct report_column {
	int width;
	const char *name;
};
void report_heads(const struct report_column *column, size_t n);
#define REPORT_HEADS(columns) report_heads(columns, sizeof columns / sizeof columns[0])

/* ---- progress, on a terminal ---- */

/* A line on stderr: nothing in the first second, then ten times a second.  Nothing without a terminal. */
struct progress {
	const char *name;    /* what is done: "memory" */
	const char *unit;    /* of what is counted, through N_() */
	double began, shown; /* seconds */
	bool terminal, drawn;
};

struct progress progress_begin(const char *name, const char *unit);
/* total 0: nobody knows. */
void progress_draw(struct progress *p, uint64_t done, uint64_t total);
void progress_end(struct progress *p);
double progress_seconds(const struct progress *p); /* since it began */

#endif
