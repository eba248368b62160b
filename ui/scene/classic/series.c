/* Numbers over the operations of a classic map; see ui/pass/series.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"
#include "ui/pass/series.h"

enum { LOAD = SERIES_OWN, OVERFLOWS, PROBES, MOVED, END };

static const struct series_info info[END - SERIES_OWN] = {
	[LOAD - SERIES_OWN] = { N_("load factor: entries a bucket; grows over 6.5, from 9 entries"), S_TEXT, true,
		true, 6.5 },
	[OVERFLOWS - SERIES_OWN] = { N_("overflow buckets made since the last growth"), S_TOP, false, true, 0 },
	[PROBES - SERIES_OWN] = { N_("probes: slots looked at by an operation"), S_KEY, false, false, 0 },
	[MOVED - SERIES_OWN] = { N_("bytes moved by an operation that evacuates"), S_GROW, false, false, 0 },
};
static const unsigned char order[END] = { LOAD, OVERFLOWS, PROBES, SERIES_LINES, SERIES_L1, SERIES_L2,
	MOVED };

struct count {
	uint64_t entry; /* bytes that a moved entry takes */
	uint64_t probes, lengths, moved, overflow, count;
	unsigned B;
};
_Static_assert(
	sizeof(struct count) <= SERIES_STATE && (int)END <= (int)SERIES_MOST, "series of a classic map");

static void init(void *state, const struct map_info *m)
{
	struct count *c = state;
	struct map_shape shape;
	struct map_view v;
	map_open_type(&v, m);
	if (v.kind->shape(&v, &shape))
		c->entry = shape.entry;
}

static void begin(void *state)
{
	struct count *c = state;
	c->probes = c->lengths = c->moved = 0;
}

static void event(void *state, const struct event *e)
{
	struct count *c = state;
	switch (e->kind) {
	case EV_HEADER:
		c->count = e->a;
		c->B = (unsigned)(e->c & 63);
		break;
	case EV_DONE: c->count = e->b; break;
	case EV_TOPHASH: c->probes++; break;
	case EV_LENGTH:
	case EV_KEY: c->lengths++; break;
	case EV_MOVE: c->moved += c->entry; break;
	case EV_OVERFLOW: c->overflow++; break;
	case EV_GROWTH:
		c->B = (unsigned)(e->c & 63);
		c->overflow = 0;
		break;
	case EV_PHASE:
		if (e->a == PHASE_CLEAR)
			c->overflow = 0;
		break;
	default: break;
	}
}

static double value(const void *state, unsigned i)
{
	const struct count *c = state;
	switch (i + SERIES_OWN) {
	case LOAD: return (double)c->count / (double)(UINT64_C(1) << (c->B < 48 ? c->B : 48));
	case OVERFLOWS: return (double)c->overflow;
	case PROBES: return (double)(c->probes > c->lengths ? c->probes : c->lengths);
	default: return (double)c->moved;
	}
}

const struct series_kind classic_series = { .own = END - SERIES_OWN,
	.info = info,
	.order = order,
	.init = init,
	.begin = begin,
	.event = event,
	.value = value };
