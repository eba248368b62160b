/* How full each bucket is; see overview.h. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/overview.h"

#include <stdlib.h>
#include <string.h>

/* A jump over more steps is counted anew; a chain is walked no further: only damaged or evil ones are longer.
 */
enum { FOLLOW_STEPS = 4096, CHAIN_MOST = 1024 };

static void release(void *own)
{
	struct bucket_counts *o = own;
	free(o->array[0].count);
	free(o->array[1].count);
	memset(o, 0, sizeof *o);
}

static void tally(struct counted_array *a, struct bucket_count c, int by)
{
	unsigned e = c.entries < OVERVIEW_ENTRIES ? c.entries : OVERVIEW_ENTRIES - 1;
	a->moved += (uint64_t)(int64_t)(c.moved == 2 ? by : 0);
	a->entries += (uint64_t)((int64_t)c.entries * by);
	if (c.moved == 2)
		return;
	a->overflow += (uint64_t)((int64_t)c.overflow * by);
	a->by_entries[e] += (uint64_t)(int64_t)by;
	a->by_chain[c.overflow < OVERVIEW_CHAINS ? c.overflow : OVERVIEW_CHAINS - 1] += (uint64_t)(int64_t)by;
}

/* Returns how many buckets were looked at. */
static unsigned count_chain(
	const struct scene *s, enum which_array array, uint64_t index, struct bucket_count *ret)
{
	const struct classic_scene *c = classic_of(s);
	struct bucket_view b;
	unsigned n = 1;
	*ret = (struct bucket_count){ 0 };
	if (!bucket_first(s->mem, &c->type, &c->hmap, array, index, &b))
		return n;
	uint64_t old = array_buckets(&c->hmap, ARRAY_OLD);
	bool moves = old && bucket_moves(s, index & (old - 1)),
	     moved = array == ARRAY_OLD && b.tophash[0] > EMPTY_ONE && b.tophash[0] < MIN_TOPHASH;
	unsigned entries = 0;
	for (;; n++) {
		for (unsigned i = 0; i < SLOTS; i++)
			entries += moves && array == ARRAY_OLD ? moving_entry(b.tophash[i])
							       : tophash_full(b.tophash[i]);
		if (n >= CHAIN_MOST || !bucket_next(s->mem, &c->type, &c->hmap, &b))
			break;
	}
	entries = entries < UINT16_MAX ? entries : UINT16_MAX;
	if (moves && array == ARRAY_NEW) {
		ret->copies = (uint16_t)entries;
		return n;
	}
	ret->entries = (uint16_t)entries;
	ret->overflow = (uint8_t)(n - 1 < 255 ? n - 1 : 255);
	ret->moved = moves ? 1 : moved ? 2 : 0;
	return n;
}

/* Counts a bucket again that was counted before. */
static void recount(struct bucket_counts *o, const struct scene *s, enum which_array array, uint64_t index)
{
	struct counted_array *a = &o->array[array];
	uint64_t i = a->stride ? index / a->stride : 0;
	if (!a->stride || index >= a->buckets || index % a->stride || i >= a->next)
		return;
	tally(a, a->count[i], -1);
	count_chain(s, array, index, &a->count[i]);
	tally(a, a->count[i], 1);
}

static void begin_array(struct counted_array *a, uint64_t base, uint64_t buckets)
{
	struct bucket_count *kept = a->count;
	uint64_t stride = 1;
	while (buckets / stride > OVERVIEW_MOST)
		stride *= 2;
	size_t n = (size_t)(buckets / stride);
	if (n != a->n || !kept) {
		free(kept);
		kept = n ? malloc(n * sizeof *kept) : NULL;
	}
	memset(a, 0, sizeof *a);
	*a = (struct counted_array){
		.base = base, .buckets = buckets, .stride = stride, .n = kept ? n : 0, .count = kept
	};
}

static void begin(struct bucket_counts *o, const struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	begin_array(&o->array[ARRAY_NEW], c->hmap.buckets, array_buckets(&c->hmap, ARRAY_NEW));
	begin_array(&o->array[ARRAY_OLD], c->hmap.oldbuckets, array_buckets(&c->hmap, ARRAY_OLD));
	o->source = s->player->source;
	o->hmap = c->hmap.addr;
	o->valid = true;
}

static bool same_arrays(const struct bucket_counts *o, const struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	return o->valid && o->source == s->player->source && o->hmap == c->hmap.addr &&
		o->array[ARRAY_NEW].base == c->hmap.buckets &&
		o->array[ARRAY_OLD].base == c->hmap.oldbuckets &&
		o->array[ARRAY_NEW].buckets == array_buckets(&c->hmap, ARRAY_NEW) &&
		o->array[ARRAY_OLD].buckets == array_buckets(&c->hmap, ARRAY_OLD);
}

/* A chain of the old array and where it goes. */
static void recount_all(struct bucket_counts *o, const struct scene *s, uint64_t index)
{
	uint64_t old = o->array[ARRAY_OLD].buckets;
	recount(o, s, ARRAY_NEW, index);
	if (!old)
		return;
	recount(o, s, ARRAY_OLD, index & (old - 1));
	recount(o, s, ARRAY_NEW, index & (old - 1));
	recount(o, s, ARRAY_NEW, (index & (old - 1)) + old);
}

static void recount_written(struct bucket_counts *o, const struct scene *s, uint64_t addr)
{
	for (int i = 0; i < 2; i++) {
		const struct counted_array *a = &o->array[i];
		uint64_t index = (addr - a->base) / classic_of(s)->type.bucketsize;
		if (a->base && addr >= a->base && index < a->buckets)
			recount(o, s, (enum which_array)i, index);
	}
}

/* What an event may have changed.  false: everything. */
static bool follow_event(struct bucket_counts *o, const struct scene *s, const struct event *e)
{
	switch (e->kind) {
	case EV_WRITE: recount_written(o, s, e->addr); return true;
	case EV_BUCKET:
	case EV_EVACUATE:
	case EV_MOVED: recount_all(o, s, e->a); return true;
	case EV_OVERFLOW: recount_all(o, s, e->d); return true;
	case EV_PHASE: return e->a != PHASE_CLEAR;
	default: return true;
	}
}

/* false: it is simpler to count anew. */
static bool follow(struct bucket_counts *o, const struct scene *s)
{
	uint64_t from = o->step < s->step ? o->step : s->step, to = o->step < s->step ? s->step : o->step;
	if (to - from > FOLLOW_STEPS || s->phase == PHASE_CLEAR)
		return false;
	for (uint64_t step = from + 1; step <= to; step++) {
		const struct event *e = player_event(s->player, step);
		if (!e || !follow_event(o, s, e))
			return false;
	}
	/* The operation may have chosen its chain before. */
	for (int i = 0; i < 3; i++)
		recount_all(o, s, o->chain[i]);
	recount_all(o, s, classic_of(s)->chosen);
	recount_all(o, s, classic_of(s)->evacuated);
	return true;
}

static void count_slice(struct bucket_counts *o, const struct scene *s)
{
	unsigned left = OVERVIEW_SLICE;
	for (int i = 0; i < 2; i++) {
		struct counted_array *a = &o->array[i];
		while (a->next < a->n && left > 0) {
			unsigned cost = count_chain(
				s, (enum which_array)i, a->next * a->stride, &a->count[a->next]);
			tally(a, a->count[a->next++], 1);
			left -= cost < left ? cost : left;
		}
	}
}

static void counts_follow(void *own, const struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	struct bucket_counts *o = own;
	if (!s->live || !c->type_ok) {
		release(o);
		return;
	}
	if (!same_arrays(o, s) || (o->step != s->step && !follow(o, s)))
		begin(o, s);
	o->step = s->step;
	o->chain[0] = c->chosen;
	o->chain[1] = c->evacuated;
	o->chain[2] = s->focus.ok ? s->focus.view.index : 0;
	count_slice(o, s);
}

unsigned counts_fullest(const struct counted_array *a)
{
	for (unsigned e = OVERVIEW_ENTRIES; e-- > 0;)
		if (a->by_entries[e])
			return e;
	return 0;
}

static bool busy(const void *own)
{
	const struct bucket_counts *o = own;
	return o->valid && (o->array[0].next < o->array[0].n || o->array[1].next < o->array[1].n);
}

unsigned counts_percent(const struct bucket_counts *o)
{
	size_t all = o->array[0].n + o->array[1].n;
	return all ? (unsigned)((double)(o->array[0].next + o->array[1].next) * 100 / (double)all) : 100;
}

const struct overview_kind bucket_counts = {
	.size = sizeof(struct bucket_counts), .follow = counts_follow, .busy = busy, .release = release
};
