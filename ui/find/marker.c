/* Which events are markers; see marker.h. */
#include "ui/find/marker.h"
#include "ui/grid/text.h"

#include "trace/go/type.h"

const struct marker_info marker_info[MARKERS] = {
#define MARKER(NAME, name, kind, kind2, help) { name, { EV_##kind, EV_##kind2 }, help },
#include "ui/find/markers.def"
#undef MARKER
};

/* tophash was equal and then the key was found to differ, by its length or its bytes.  Lookups of strings read the length
 * before the tophash, assignments after it. */
static bool is_collision(struct scan *s, uint32_t i, const struct event *e)
{
	bool length = e->kind == EV_LENGTH, key = e->kind == EV_KEY;
	if (!(length && !e->d) && !(key && !e->b))
		return false;
	uint64_t slot = length ? e->c : e->a;
	for (unsigned n = 1; n <= 2; n++) {
		const struct event *b = scan_before(s, i, n);
		if (!b || (b->kind != EV_TOPHASH && b->kind != EV_LENGTH) || b->c != slot)
			return false;
		if (b->kind == EV_TOPHASH)
			return b->d == TOP_EQUAL;
	}
	return false;
}

/* The first slot that becomes emptyRest in a delete: what follows it is so already.  The others come after a slot that
 * was emptyOne. */
static bool is_backfill(struct scan *s, uint32_t i, const struct event *e)
{
	if (e->kind != EV_WRITE || e->size != 1 || e->old.v != EMPTY_ONE || e->new.v != EMPTY_REST)
		return false;
	const struct event *b = scan_before(s, i, 1);
	return b && ((b->kind == EV_BACKFILL && b->a == EMPTY_REST) || (b->kind == EV_CHAIN && b->a == 0));
}

int marker_of(struct scan *s, uint32_t i, unsigned set)
{
	const struct event *e = &s->chunk.events[i];
	int is = -1;
	switch (e->kind) {
	case EV_GROWTH: is = MARKER_GROWTH; break;
	case EV_GROWN: is = MARKER_GROWN; break;
	case EV_EVACUATE: is = MARKER_EVACUATE; break;
	case EV_OVERFLOW: is = MARKER_OVERFLOW; break;
	case EV_FAULT: is = MARKER_FAULT; break;
	case EV_LENGTH: case EV_KEY:
		if (set >> MARKER_COLLISION & 1 && is_collision(s, i, e))
			is = MARKER_COLLISION;
		break;
	case EV_WRITE:
		if (set >> MARKER_BACKFILL & 1 && is_backfill(s, i, e))
			is = MARKER_BACKFILL;
		break;
	default: break;
	}
	return is >= 0 && set >> is & 1 ? is : -1;
}

static bool match(const void *context, struct scan *s, uint32_t i)
{
	return marker_of(s, i, *(const unsigned *)context) >= 0;
}

struct kind_set marker_kinds(enum marker m)
{
	return kinds_of(marker_info[m].kind, 2);
}

struct scan_query marker_query(const unsigned *set)
{
	struct scan_query q = { .match = match, .context = set };
	for (int m = 0; m < MARKERS; m++)
		if (*set >> m & 1)
			q.kinds = kinds_union(q.kinds, marker_kinds((enum marker)m));
	return q;
}
