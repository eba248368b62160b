/* A recording's accesses sent through the model of a cache, and counted: by kind of operation, for the
 * operation under way, and for the last step.
 *
 *     events ──▶ access_each ──▶ cache ──▶ counts
 *                                  └────▶ the lines that the operation has touched
 *
 * The caller gives every event of the recording once, in order, from the first.  traffic_copy keeps a moment,
 * so that one can come back to it; nothing can be undone.
 */
#ifndef TRACE_TRAFFIC_H
#define TRACE_TRAFFIC_H

#include "trace/base/addresses.h"
#include "trace/cache/access.h"
#include "trace/cache/cache.h"

/* Operations that are worth an average of their own. */
enum traffic_class {
	TRAFFIC_GET_HIT,
	TRAFFIC_GET_MISS,
	TRAFFIC_PUT_NEW,
	TRAFFIC_PUT_OLD,
	TRAFFIC_DELETE_HIT,
	TRAFFIC_DELETE_MISS,
	TRAFFIC_LOOP /* iter, next, range */,
	TRAFFIC_OTHER /* clear, race, gc, what panicked */,
	TRAFFIC_CLASSES
};
extern const char *const
	traffic_class_name[TRAFFIC_CLASSES]; /* "get hit", "get miss", "put new", ...; for people: _() */

struct cache_counts {
	uint64_t reads, writes; /* accesses: words of up to 8 bytes */
	uint64_t l1_read_misses, l1_write_misses, l2_read_misses, l2_write_misses;
	uint64_t straddling; /* accesses over the border of two lines */
};
static inline uint64_t counts_accesses(const struct cache_counts *n)
{
	return n->reads + n->writes;
}
static inline uint64_t counts_l1_misses(const struct cache_counts *n)
{
	return n->l1_read_misses + n->l1_write_misses;
}
static inline uint64_t counts_l2_misses(const struct cache_counts *n)
{
	return n->l2_read_misses + n->l2_write_misses;
}

struct traffic_sum {
	uint64_t operations, lines /* touched, of each operation the different ones */;
	struct cache_counts n;
};

enum { TOUCH_READ = 1, TOUCH_WRITTEN = 2 };
/* A line that the operation has touched, in the order of the first touch. */
struct touched_line {
	uint64_t addr;
	uint64_t at;   /* the first byte of it that was touched */
	uint64_t step; /* of the newest touch */
	uint8_t found; /* enum cache_place: where it was before the first touch */
	uint8_t flags;
};

struct traffic {
	struct cache cache;
	struct access_types types;
	uint64_t step, op; /* so far */
	struct cache_counts all, now,
		operation; /* everything; the last step; the operation under way, else the last one */
	struct traffic_sum
		sum[TRAFFIC_CLASSES]; /* of finished operations; what lies between them is only in all */
	uint64_t zeroed, blocks;      /* bytes and blocks of allocations: not part of the above */

	bool open; /* an operation is under way: between its `op` and its `done` */
	uint8_t kind, outcome;
	struct touched_line *line; /* of the operation, or the last one */
	size_t lines, lines_cap;
	struct addresses index; /* of a line, + 1 */
	size_t newest;          /* the one touched last */
};

/* An empty cache before step 1.  source is borrowed.  false: no memory. */
bool traffic_init(struct traffic *t, const struct source *source, const struct cache_shape *s);
void traffic_release(struct traffic *t);
/* to (zeroed, or a traffic) becomes what from is.  false: no memory; to is released. */
bool traffic_copy(struct traffic *to, const struct traffic *from);
/* The next event. */
void traffic_event(struct traffic *t, const struct event *e);
/* The operation under way counts as one that ended: call it behind the last event. */
void traffic_end(struct traffic *t);
/* Bytes that a copy takes in the host. */
size_t traffic_bytes(const struct traffic *t);

#endif
