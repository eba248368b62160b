/* The model of caches at a step: brought there from the beginning of the recording, in slices, and brought back from copies
 * that were kept on the way.
 *
 *     step 1 ──────copy──────copy──────copy──────── at ─ ─ ─ ▶ wanted
 *
 * What a frame shows is the state after exactly its step or nothing, so stepping back shows what stepping forward did.  A slice is
 * a chunk of the recording, a fraction of a millisecond; of huge keys no more than CACHERUN_WORDS words, some milliseconds.  A way back costs the steps behind the copy before it: copies are
 * kept every so many steps, twice as many whenever they come to take CACHERUN_BYTES, and one more at the beginning of the
 * chunk in sight, so that single steps are cheap.
 */
#ifndef UI_CACHERUN_H
#define UI_CACHERUN_H

#include "trace/record/source.h"
#include "trace/cache/traffic.h"

enum { CACHERUN_COPIES = 128, CACHERUN_BYTES = 64 << 20, CACHERUN_APART = 4 * 4096,
	CACHERUN_WORDS = 1 << 18 };

struct cacherun {
	struct source *source;       /* borrowed; NULL: nothing has been asked */
	struct cache_shape shape;
	uint64_t wanted;             /* the step that was asked for */
	struct traffic at;           /* after step at.step */
	struct traffic copy[CACHERUN_COPIES]; /* by step */
	size_t copies, bytes;
	uint64_t apart;              /* steps between two copies, at least */
	struct traffic near;         /* where the chunk that was worked on last begins */
	struct chunk events;
	bool failed;                 /* damaged, or no memory: nothing is known */
};

void cacherun_release(struct cacherun *c);
/* Asks for the state after a step (not beyond the recording), and gets there at once when it is near. */
void cacherun_ask(struct cacherun *c, struct source *source, const struct cache_shape *s, uint64_t step);
/* A slice.  false: it is there. */
bool cacherun_work(struct cacherun *c);
static inline bool cacherun_busy(const struct cacherun *c) { return c->source && !c->failed && c->at.step != c->wanted; }
/* The state after the step that was asked for; NULL: it is not worked out yet, or cannot be. */
static inline const struct traffic *cacherun_known(const struct cacherun *c)
{
	return c->source && !c->failed && c->at.step == c->wanted ? &c->at : NULL;
}

#endif
