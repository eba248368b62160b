/* A timeline's cells, asked of the source once for a range and a width. */
#ifndef UI_TIMELINE_H
#define UI_TIMELINE_H

#include "trace/record/source.h"

enum { TIMELINE_CELLS = 256 };

struct timeline {
	const struct source *source; /* borrowed */
	size_t n;
	uint64_t lo, hi; /* operations */
	struct timeline_cell cell[TIMELINE_CELLS];
	bool ok;
};

/* Operations lo..hi in as many cells as columns, fewer where there are fewer operations. */
static inline void timeline_ask(struct timeline *t, struct source *s, uint64_t lo, uint64_t hi, int columns)
{
	size_t n = columns < 1 ? 1 : columns > TIMELINE_CELLS ? TIMELINE_CELLS : (size_t)columns;
	if (hi + 1 - lo < n)
		n = (size_t)(hi + 1 - lo);
	if (t->ok && t->source == s && t->n == n && t->lo == lo && t->hi == hi)
		return;
	*t = (struct timeline){ .source = s, .n = n, .lo = lo, .hi = hi };
	t->ok = n > 0 && s->timeline(s, lo, hi, t->cell, n) == 0;
}

#endif
