/* The rows of a classic map: arrays of buckets, overflow buckets, growths, evacuated buckets.  See
 * trace/map/rows.h. */
#include "trace/map/classic/private.h"

enum { BUCKET_ARRAY, OVERFLOW, GROWTH, EVACUATION };

struct open_rows {
	uint32_t bucketsize;
	uint64_t growth; /* number of the one that goes on, or 0 */
	uint64_t evacuate_step;
};

static struct kind_set kinds(void)
{
	return KINDS(EV_ALLOC, EV_OVERFLOW, EV_GROWTH, EV_GROWN, EV_EVACUATE, EV_MOVED);
}

static void begin(void *state, const struct map_view *v)
{
	((struct open_rows *)state)->bucketsize = classic_state(v)->t.bucketsize;
}

static void array_made(const struct open_rows *s, const struct event *e, struct row_maker *k)
{
	if (e->b != ROLE_BUCKETS || s->bucketsize == 0 || e->size < s->bucketsize)
		return;
	uint64_t buckets = e->size / s->bucketsize, B = 63 - (uint64_t)__builtin_clzll(buckets),
		 mains = UINT64_C(1) << B;
	uint64_t row = k->insert(k, BUCKET_ARRAY,
		(struct row_value[]){ k->step, k->op, k->map, row_number(e->addr), row_number(B),
			row_number(mains), row_number(buckets - mains) });
	k->finish_with_block(k, BUCKET_ARRAY, row);
}

static void growth_end(struct open_rows *s, struct row_maker *k)
{
	if (s->growth)
		k->finish(k, GROWTH, s->growth);
	s->growth = 0;
}

static unsigned event(void *state, const struct event *e, struct row_maker *k)
{
	struct open_rows *s = state;
	switch (e->kind) {
	case EV_ALLOC: array_made(s, e, k); return 0;
	case EV_OVERFLOW:
		k->insert(k, OVERFLOW,
			(struct row_value[]){ k->step, k->op, k->map, row_number(e->d), row_number(e->c),
				row_number(e->addr), row_text(overflow_source_name[e->b < 2 ? e->b : 0]) });
		return OPERATION_OVERFLOW;
	case EV_GROWTH:
		growth_end(s, k);
		s->growth = k->insert(k, GROWTH,
			(struct row_value[]){ k->map, k->op,
				row_text(growth_reason_name[e->a < 2 ? e->a : 0]), row_number(e->b),
				row_number(e->c), k->step });
		return OPERATION_GROWING;
	case EV_GROWN: growth_end(s, k); return 0;
	case EV_EVACUATE: s->evacuate_step = (uint64_t)k->step.number; return 0;
	case EV_MOVED:
		k->insert(k, EVACUATION,
			(struct row_value[]){ row_number_or_null(s->growth), row_number(e->a), k->op,
				row_number(s->evacuate_step), k->step, row_number(e->b), row_number(e->c),
				row_number(e->d) });
		return 0;
	default: return 0;
	}
}

static void abandon(void *state)
{
	((struct open_rows *)state)->growth = 0;
}

static bool growing(const void *state)
{
	return ((const struct open_rows *)state)->growth != 0;
}

const struct map_rows classic_rows = {
	.tables = { "bucket_array", "overflow", "growth", "evacuation" },
	.state = sizeof(struct open_rows),
	.kinds = kinds,
	.begin = begin,
	.event = event,
	.abandon = abandon,
	.growing = growing,
};
