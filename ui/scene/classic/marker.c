/* Which events of the classic map are markers; see ui/find/markers.def. */
#include "ui/scene/classic/classic.h"
#include "ui/find/marker.h"

marker_is classic_collision, classic_backfill;

/* tophash was equal and then the key was found to differ, by its length or its bytes.  Lookups of strings
 * read the length before the tophash, assignments after it. */
bool classic_collision(struct scan *s, uint32_t i)
{
	const struct event *e = &s->walk.chunk.events[i];
	bool length = e->kind == EV_LENGTH, key = e->kind == EV_KEY;
	if (!(length && !e->d) && !(key && !e->b))
		return false;
	uint64_t slot = length ? e->c : e->a;
	for (unsigned n = 1; n <= MARKER_BEFORE; n++) {
		const struct event *b = scan_before(s, i, n);
		if (b && b->kind == EV_READ) /* of the text */
			continue;
		if (!b || (b->kind != EV_TOPHASH && b->kind != EV_LENGTH) || b->c != slot)
			return false;
		if (b->kind == EV_TOPHASH)
			return b->d == TOP_EQUAL;
	}
	return false;
}

/* The first slot that becomes emptyRest in a delete: what follows it is so already.  The others come after a
 * slot that was emptyOne. */
bool classic_backfill(struct scan *s, uint32_t i)
{
	const struct event *e = &s->walk.chunk.events[i];
	if (e->kind != EV_WRITE || e->size != 1 || e->old.v != EMPTY_ONE || e->new.v != EMPTY_REST)
		return false;
	const struct event *b = scan_before(s, i, 1);
	return b && ((b->kind == EV_BACKFILL && b->a == EMPTY_REST) || (b->kind == EV_CHAIN && b->a == 0));
}
