/* What lies at an address of a recording's memory, in a few words: "hmap m.count", "m bucket 3 slot 2 elem", "counter hits".
 *
 * Maps are known from the source, everything else from its block's role; the names of counters are those of the
 * operations that made them, so whoever asks feeds the events first.
 */
#ifndef TRACE_WHERE_H
#define TRACE_WHERE_H

#include "trace/map/classic/model.h"
#include "trace/record/source.h"

struct where_counter { uint64_t addr; char name[48]; };

struct where {
	struct source *source;           /* borrowed */
	uint64_t op;                     /* operations begun in the events so far */
	struct where_counter *counter;
	size_t counters, cap;
};

enum { WHERE_TEXT = 96 };

void where_init(struct where *w, struct source *source);
void where_release(struct where *w);
/* The next event, in order from the first on; cheap. */
void where_event(struct where *w, const struct event *e);
/* Words for the byte at addr as the memory r stands; at most cap bytes (WHERE_TEXT is enough), terminated.  Nothing known:
 * "free memory", and false. */
bool where_print(const struct where *w, const struct reader *r, uint64_t addr, char *out, size_t cap);
/* Only the object: "hmap m", "m bucket 3", "counter hits". */
bool where_object(const struct where *w, const struct reader *r, uint64_t addr, char *out, size_t cap);

#endif
