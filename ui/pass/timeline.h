/* A timeline's cells, asked of the source once for a range and a width, and where words are said, which is
 * worked out in slices. */
#ifndef UI_TIMELINE_H
#define UI_TIMELINE_H

#include "trace/record/pass.h"

enum { TIMELINE_CELLS = 256 };

struct timeline {
	const struct source *source; /* borrowed */
	size_t n;
	uint64_t lo, hi; /* operations */
	struct timeline_cell cell[TIMELINE_CELLS];
	bool ok;
	struct pass words;         /* the steps at which something is said */
	size_t marked;             /* so many of them are marked: */
	bool said[TIMELINE_CELLS]; /* something is said above an operation of the cell */
};

/* Operations lo..hi in as many cells as columns, fewer where there are fewer operations. */
void timeline_ask(struct timeline *t, struct source *s, uint64_t lo, uint64_t hi, int columns);
void timeline_release(struct timeline *t);

#endif
