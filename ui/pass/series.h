/* Numbers over operations: load factor, overflow buckets, probes, cache lines, misses of the model's caches, bytes moved.
 * Worked out from all events, a chunk a slice, and kept; operations that share a cell share its numbers.
 */
#ifndef UI_SERIES_H
#define UI_SERIES_H

#include "trace/cache/traffic.h"

enum series_kind { SERIES_LOAD, SERIES_OVERFLOW, SERIES_PROBES, SERIES_LINES, SERIES_L1, SERIES_L2, SERIES_MOVED, SERIES_KINDS };
enum { SERIES_KEPT = 4, SERIES_CELLS = 512, SERIES_WORDS = 1 << 18 /* of a slice: a chunk, but of huge keys only so many words */ };

struct series {
	struct source *source;       /* borrowed; NULL: nothing has been asked */
	uint32_t map;
	uint32_t entry;              /* bytes that a moved entry takes */
	uint64_t next;               /* the step to go on with, 0: done */
	bool failed;
	size_t n;
	double value[SERIES_KINDS][SERIES_CELLS]; /* of the dearest operation of the cell, or at its end */
	bool known[SERIES_CELLS];

	/* the operation under way */
	uint64_t op, probes, lengths, moved, overflow, count;
	unsigned B;
	bool mine;                   /* it is on the map */
	struct traffic traffic;      /* lines and misses */
	struct chunk events;
};
void series_release(struct series *s);
void series_ask(struct series *s, struct source *source, uint32_t map, const struct map_type *t, const struct cache_shape *caches);
/* A slice.  false: all is known. */
bool series_work(struct series *s);
static inline bool series_busy(const struct series *s) { return s->source && s->next; }
unsigned series_percent(const struct series *s);

#endif
