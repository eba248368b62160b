/* Numbers over operations: load factor, overflow buckets, probes, cache lines, misses of the model's caches,
 * bytes moved. A pass over all events; operations that share a cell share its numbers.
 */
#ifndef UI_SERIES_H
#define UI_SERIES_H

#include "trace/cache/traffic.h"
#include "trace/record/pass.h"

enum series_kind {
	SERIES_LOAD,
	SERIES_OVERFLOW,
	SERIES_PROBES,
	SERIES_LINES,
	SERIES_L1,
	SERIES_L2,
	SERIES_MOVED,
	SERIES_KINDS
};
enum {
	SERIES_KEPT = 4,
	SERIES_CELLS = 512,
	SERIES_WORDS = 1 << 18 /* of a slice: a chunk, but of huge keys only so many words */
};

/* A map and the shape of the caches: what is asked for. */
struct series_about {
	uint32_t map, entry /* bytes that a moved entry takes */;
	struct cache_shape caches;
};

struct series {
	struct series_about about;
	const struct source *source; /* borrowed */
	size_t n;
	double value[SERIES_KINDS][SERIES_CELLS]; /* of the dearest operation of the cell, or at its end */
	bool known[SERIES_CELLS];

	/* the operation under way */
	uint64_t op, probes, lengths, moved, overflow, count;
	unsigned B;
	bool mine;              /* it is on the map */
	struct traffic traffic; /* lines and misses */
};
void series_ask(struct pass *p, struct source *source, uint32_t map, const struct cache_shape *caches);
/* Is it what was asked for this map? */
bool series_is(const struct pass *p, const struct source *source, uint32_t map);
/* As far as they are worked out; without cells before they were asked for. */
const struct series *series_now(const struct pass *p);

#endif
