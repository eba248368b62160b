/* What lies at an address of a recording's memory: the one place in the program that knows.
 *
 * Maps are known from the source and asked by their kinds; everything else is known from its block's role.
 * The names of counters are those of the operations that made them, so the caller feeds the events first.
 */
#ifndef TRACE_MAP_LOCATE_H
#define TRACE_MAP_LOCATE_H

#include "trace/map/kind.h"
#include "trace/record/source.h"

struct locator_counter {
	uint64_t addr;
	char name[48];
};

struct locator {
	struct source *source; /* borrowed */
	uint64_t op;           /* operations begun in the events so far */
	struct locator_counter *counter;
	size_t counters, cap;
};

/* A part of a map as it stands now has map and at; what lies in no map has a block, and map is the block's.
 */
struct location {
	unsigned map;           /* number, 0: none */
	struct map_location at; /* kind LOCATION_NONE: the block is neither a struct nor groups */
	bool in_block;          /* block is set: a text, a counter, what a map has dropped */
	struct block block;
};

enum { LOCATION_TEXT = 96 };

void locator_init(struct locator *l, struct source *source);
void locator_release(struct locator *l);
/* The next event, in order from the first on; cheap. */
void locator_event(struct locator *l, const struct event *e);

/* The block that holds addr and begins at most 4096 bytes before it.  false: there is none. */
bool block_around(const struct reader *r, uint64_t addr, struct block *ret);
/* What the byte at addr is part of, as the memory r stands.  Groups in chains are found as blocks (see locate
 * in kind.h; a caller that knows the map asks map_locate).  false: free memory. */
bool locator_find(const struct locator *l, const struct reader *r, uint64_t addr, struct location *ret);
/* Words for it: "hmap m.count", "m bucket 3 slot 2 elem", "counter hits"; at most cap bytes (LOCATION_TEXT is
 * enough), terminated.  Nothing known: "free memory", and false. */
bool locator_print(const struct locator *l, const struct reader *r, uint64_t addr, char *out, size_t cap);
/* Only the object: "hmap m", "m bucket 3", "counter hits". */
bool locator_print_object(
	const struct locator *l, const struct reader *r, uint64_t addr, char *out, size_t cap);

#endif
