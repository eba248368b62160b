/* The model of caches at the step in sight: a pass over trace/cache/traffic.h.
 *
 * What a frame shows is the state after exactly its step or nothing, so stepping back shows what stepping
 * forward did.
 */
#ifndef UI_CACHE_H
#define UI_CACHE_H

#include "trace/cache/traffic.h"
#include "trace/record/pass.h"

enum {
	CACHE_WORDS =
		1 << 18 /* of a slice: a chunk, but of huge keys only so many words, some milliseconds */
};

/* Asks for the state after a step, and gets there at once when it is near. */
void cache_ask(struct pass *p, struct source *source, const struct cache_shape *s, uint64_t step);
/* The state after the step that was asked for; NULL: it is not worked out yet, or cannot be. */
static inline const struct traffic *cache_known(const struct pass *p)
{
	return pass_known(p);
}

#endif
