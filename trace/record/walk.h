/* Goes over the chunks of a recording: what everything that reads events in order reads them with.
 *
 *     walk_init(&w, source, 1);
 *     while (walk_next(&w, source->steps, NULL))
 *             for (uint32_t i = 0; i < w.n; i++)
 *                     count(&w.event[i], w.step + i);
 *     failed = w.failed;                   (source->error says why)
 *     walk_release(&w);
 *
 * A caller that goes backwards, or stops in between, asks for the chunk that holds a step with the functions
 * below walk_next.  Each of them leaves the steps of that chunk in first and last.  A recording may grow
 * meanwhile; the chunk at its end is decoded again then.
 */
#ifndef TRACE_WALK_H
#define TRACE_WALK_H

#include "trace/record/source.h"

struct walk {
	struct source *source; /* borrowed */
	struct chunk chunk;    /* decoded last; owned */
	struct chunk facts;    /* whose facts were decoded last; owned */
	uint64_t first, last;  /* steps of the chunk that was asked for last */
	bool failed;           /* walk_next could not go on: source->error says why */
	/* what walk_next has come to */
	uint64_t next;             /* the step to go on with */
	uint64_t step;             /* of event[0] */
	const struct event *event; /* n of them, owned, until the next call */
	uint32_t n;
};

/* walk_next begins with step from (1..). */
void walk_init(struct walk *w, struct source *source, uint64_t from);
/* The same for one that is all zero or has been initialised, whose memory is used again; nothing counts as
 * decoded. */
void walk_again(struct walk *w, struct source *source, uint64_t from);
void walk_release(struct walk *w);
/* The next events, in order, of the steps up to to (clamped to the recording's): those of a chunk.  Chunks
 * without any of the kinds (NULL: all) are passed over undecoded.  false: there are none left, or failed. */
bool walk_next(struct walk *w, uint64_t to, const struct kind_set *kinds);

/* Decodes the chunk that holds step (1..steps) into w->chunk, if it is not there yet.  -1: source->error says
 * why. */
int walk_chunk(struct walk *w, uint64_t step);
/* Is it known, without decoding, that the chunk which holds step has none of the kinds? */
bool walk_lacks(struct walk *w, uint64_t step, const struct kind_set *kinds);
/* Decodes the facts alone of the chunk that holds step into w->facts.  1: done; 0: the source gives only
 * whole chunks; -1: source->error says why. */
int walk_facts(struct walk *w, uint64_t step);
/* The event at a step, in w->chunk.  NULL: source->error says why. */
const struct event *walk_event(struct walk *w, uint64_t step);

#endif
