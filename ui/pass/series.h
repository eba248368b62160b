/* Numbers over operations: cache lines, misses of the model's caches, and what the kind of the map counts
 * beside them.  A pass over all events; operations that share a cell share its numbers.
 */
#ifndef UI_SERIES_H
#define UI_SERIES_H

#include "ui/grid/grid.h"

#include "trace/cache/traffic.h"
#include "trace/record/pass.h"

/* The series of all kinds of maps; what a kind has itself is numbered from SERIES_OWN on. */
enum { SERIES_LINES, SERIES_L1, SERIES_L2, SERIES_OWN, SERIES_MOST = SERIES_OWN + 8 };
enum {
	SERIES_KEPT = 4,
	SERIES_CELLS = 512,
	SERIES_OPS = 1 << 20, /* so many operations are remembered one by one */
	SERIES_STATE = 128,
	SERIES_WORDS = 1 << 18 /* of a slice: a chunk, but of huge keys only so many words */
};

struct series_info {
	const char *title;
	style style;
	bool fraction; /* its numbers are none of things */
	bool at_end;   /* of a cell the number after its last operation, not the largest */
	double line;   /* a line is drawn at this number; 0: none */
};

/* The series of one kind of map. */
struct series_kind {
	unsigned own; /* how many it has */
	const struct series_info *info;
	const unsigned char *order; /* all SERIES_OWN + own of them, as they are shown */
	/* It counts in a state of at most SERIES_STATE bytes, which are zero at first. */
	void (*init)(void *state, const struct map_info *m); /* NULL: the zeros will do */
	void (*begin)(void *state);                          /* an operation on the map begins */
	void (*event)(void *state, const struct event *e);   /* of such an operation, not of another map */
	double (*value)(const void *state, unsigned i);      /* of the i-th of its own, now */
};

/* A map and the shape of the caches: what is asked for. */
struct series_about {
	const struct series_kind *kind; /* of the map, NULL: it has none of its own */
	uint32_t map;
	struct cache_shape caches;
};

struct series {
	struct series_about about;
	const struct source *source; /* borrowed */
	size_t n;
	double value[SERIES_MOST][SERIES_CELLS]; /* of the dearest operation of the cell, or at its end */
	bool known[SERIES_CELLS];
	float *by_op; /* of each operation on the map by itself, NAN of others; NULL: there are too many */

	/* the operation under way */
	uint64_t op;
	bool mine;              /* it is on the map */
	struct traffic traffic; /* lines and misses */
	_Alignas(16) unsigned char own[SERIES_STATE];
};
void series_ask(struct pass *p, struct source *source, uint32_t map, const struct series_kind *kind,
	const struct cache_shape *caches);
/* Is it what was asked for this map? */
bool series_is(const struct pass *p, const struct source *source, uint32_t map);
/* As far as they are worked out; without cells before they were asked for. */
const struct series *series_now(const struct pass *p);
/* The number of one operation.  false: it is not known yet, or it is none on the map. */
bool series_of(const struct series *s, unsigned k, uint64_t op, double *ret);
/* The cell of an operation. */
size_t series_cell(const struct series *s, uint64_t op);
/* How many series there are; the i-th of them as they are shown; what it is. */
unsigned series_count(const struct series *s);
unsigned series_shown(const struct series *s, unsigned i);
const struct series_info *series_info(const struct series *s, unsigned k);

#endif
