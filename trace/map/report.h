/* What `stats` reports of a kind of map: of its events and of its memory. */
#ifndef TRACE_MAP_REPORT_H
#define TRACE_MAP_REPORT_H

#include "trace/base/json.h"
#include "trace/record/event.h"

struct map_view;

enum { MAP_FIGURES = 8 };

/* What the events of a kind add up to: named figures, kept by kind of operation.  The first `each` are reported for each
 * kind of operation, the others of all operations together. */
struct map_report {
	const char *name[MAP_FIGURES + 1]; /* the keys of JSON, ended by NULL */
	unsigned each;
	/* Adds what an event of the kind counts. */
	void (*event)(const struct event *e, uint64_t *figure);
	/* The first figures of so many operations, at the end of their line; nothing when there is nothing to report. */
	void (*print_each)(const uint64_t *figure, uint64_t operations, FILE *out);
	/* The other figures: lines of text. */
	void (*print)(const uint64_t *figure, FILE *out);
	/* What the map's memory is like now, and how its groups lie on cache lines of so many bytes: lines of text; keys. */
	void (*memory)(const struct map_view *v, uint32_t line, FILE *out);
	void (*memory_json)(const struct map_view *v, uint32_t line, struct json *j);
};

#endif
