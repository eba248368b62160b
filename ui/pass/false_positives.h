/* How often a tophash said maybe where the key said no: counted over all events, a chunk a slice, and kept, so that the
 * number at any step is known.
 */
#ifndef UI_DOUBTS_H
#define UI_DOUBTS_H

#include "trace/record/player.h"

/* compared: with the tophash of an entry that has another key; equal: of these, by chance. */
struct doubt { uint64_t step, compared, equal; bool pending; };

struct doubts {
	struct source *source;       /* borrowed; NULL: nothing has been asked */
	uint32_t map;
	uint64_t next;               /* the step to go on with, 0: done */
	struct doubt now, *mark;     /* marks: at the end of each chunk */
	size_t marks, marks_cap;
	struct chunk events;
};
void doubts_release(struct doubts *d);
void doubts_ask(struct doubts *d, struct source *source, uint32_t map);
/* A slice.  false: all is known. */
bool doubts_work(struct doubts *d);
static inline bool doubts_busy(const struct doubts *d) { return d->source && d->next; }
/* The numbers at a step of the player's recording.  ret->step is less when the counting has not come so far. */
void doubts_at(const struct doubts *d, struct player *p, uint64_t step, struct doubt *ret);

#endif
