/* The states of cache lines in cores' caches (trace/cache/mesi.h), kept up with the step in sight, both ways.
 *
 * The model only goes forwards.  So copies of it are kept: a few, evenly over the recording, and one at the beginning of
 * the chunk that the step is in.  A step back begins at that one; a jump back at the newest of the others before it.  What
 * takes long is done a chunk a slice, so the cells at a step are the same whichever way one came.
 */
#ifndef UI_SHARING_H
#define UI_SHARING_H

#include "trace/cache/mesi.h"
#include "trace/map/locate.h"

/* At most so many lines are followed: a copy of the model takes some 8 MB then. */
enum { SHARING_LINES = 8192, SHARING_MARKS = 8 };

struct sharing_mark { uint64_t step; struct mesi mesi; };

struct sharing {
	struct source *source;       /* borrowed; NULL: nothing has been asked */
	struct mesi mesi;            /* after step at */
	struct locator locator;
	uint64_t at, want;           /* steps; at < want: there is work left */
	uint64_t named;              /* the locator has seen the events up to here */
	struct sharing_mark near;  /* at the beginning of the chunk that at is in */
	struct sharing_mark mark[SHARING_MARKS];
	size_t marks;
	uint64_t apart;              /* steps from mark to mark */
	struct chunk events;
	bool failed;
};
void sharing_release(struct sharing *c);
/* The model shall go to a step; what costs at most a chunk is done at once. */
void sharing_ask(struct sharing *c, struct source *source, uint64_t step);
/* A slice.  false: it is there. */
bool sharing_work(struct sharing *c);
static inline bool sharing_busy(const struct sharing *c) { return c->source && !c->failed && c->at < c->want; }
unsigned sharing_percent(const struct sharing *c);

#endif
