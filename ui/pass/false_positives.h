/* How often a tophash said maybe where the key said no: counted over all events, a chunk a slice, and kept, so that the
 * number at any step is known.
 */
#ifndef UI_FALSE_POSITIVES_H
#define UI_FALSE_POSITIVES_H

#include "trace/record/player.h"

/* compared: with the tophash of an entry that has another key; equal: of these, by chance. */
struct false_positive { uint64_t step, compared, equal; bool pending; };

struct false_positives {
	struct source *source;       /* borrowed; NULL: nothing has been asked */
	uint32_t map;
	uint64_t next;               /* the step to go on with, 0: done */
	struct false_positive now, *mark;     /* marks: at the end of each chunk */
	size_t marks, marks_cap;
	struct chunk events;
};
void false_positives_release(struct false_positives *d);
void false_positives_ask(struct false_positives *d, struct source *source, uint32_t map);
/* A slice.  false: all is known. */
bool false_positives_work(struct false_positives *d);
static inline bool false_positives_busy(const struct false_positives *d) { return d->source && d->next; }
/* The numbers at a step of the player's recording.  ret->step is less when the counting has not come so far. */
void false_positives_at(const struct false_positives *d, struct player *p, uint64_t step, struct false_positive *ret);

#endif
