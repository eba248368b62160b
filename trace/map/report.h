/* What `stats` and `compare` report of a kind of map: of its events and of its memory. */
#ifndef TRACE_MAP_REPORT_H
#define TRACE_MAP_REPORT_H

#include "trace/base/builder.h"
#include "trace/base/json.h"
#include "trace/record/event.h"

struct map_view;
struct map_info;

enum { MAP_FIGURES = 8 };

/* What the events of a kind add up to: named figures, kept by kind of operation.  The first `each` are
 * reported for each kind of operation, the others of all operations together. */
struct map_report {
	const char *name[MAP_FIGURES + 1]; /* the keys of JSON, ended by NULL */
	unsigned each;
	/* Adds what an event of the kind counts. */
	void (*event)(const struct event *e, uint64_t *figure);
	/* The first figures of so many operations, at the end of their line; nothing when there is nothing to
	 * report. */
	void (*print_each)(const uint64_t *figure, uint64_t operations, FILE *out);
	/* The other figures: lines of text. */
	void (*print)(const uint64_t *figure, FILE *out);
	/* What the map's memory is like now, and how its groups lie on cache lines of so many bytes: lines of
	 * text; keys. */
	void (*memory)(const struct map_view *v, uint32_t line, FILE *out);
	void (*memory_json)(const struct map_view *v, uint32_t line, struct json *j);
	/* In what two maps (v, m: two each) differ in memory: two or three sentences, and keys of JSON.
	 * header is 0 of one that is not there or of another kind, m then NULL or what is known of it.  true:
	 * more than addresses differs. */
	bool (*compare)(const struct map_view *v, const struct map_info *const *m, struct builder *text,
		struct json *j);
};

#endif
