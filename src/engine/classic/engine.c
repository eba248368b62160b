/* The classic map as an engine; see src/engine/engine.h. */
#include "src/engine/classic/private.h"

#include "trace/base/memory.h"
#include "trace/base/translate.h"
#include "trace/map/classic/model.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const struct classic_map *of(const struct map *m)
{
	return (const struct classic_map *)m;
}

/* ---- making ---- */

static bool accepts(const struct map_options *o, unsigned *ret_which, char *out, size_t cap)
{
	struct map_type t = map_type_make(o->key, o->elem);
	*ret_which = 0;
	if (t.bucketsize > UINT16_MAX)
		snprintf(out, cap, _("a bucket of %u bytes is more than Go allows"), t.bucketsize);
	return t.bucketsize <= UINT16_MAX;
}

static bool fits(const struct arena *a, const struct map_options *o)
{
	struct map_type t = map_type_make(o->key, o->elem);
	unsigned B = classic_hint_B(&t, o->release, o->hint);
	return B < 40 && arena_fits(a, classic_array_length(&t, o->release, B) * t.bucketsize);
}

static uint64_t peek(struct arena *a, const struct map_options *o)
{
	return o->nil      ? 0
		: o->stack ? arena_push_peek(a, HMAP_SIZE)
			   : arena_peek(a, HMAP_SIZE, true, o->release->malloc_headers);
}

static void make(struct arena *a, const struct map_options *o, struct map **ret)
{
	struct classic_map *m = memory_get(sizeof *m);
	*ret = &m->map;
	classic_make(m, a, o);
}

static void release(struct map *m)
{
	free(m);
}

/* ---- what is there ---- */

static uint64_t address(const struct map *m)
{
	return of(m)->hmap;
}

static uint64_t word_at(const struct map *m, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(m->arena, addr), 8);
	return v;
}

static uint64_t count(const struct map *m)
{
	return of(m)->hmap ? word_at(m, of(m)->hmap + HMAP_COUNT) : 0;
}

static bool has(struct map *m, const struct go_value *key)
{
	bool there = classic_silent[of(m)->type.variant].access(m, key) != 0;
	m->fault = -1;
	return there;
}

static void item(const struct map *m, uint64_t it, uint64_t *ret_key, uint64_t *ret_elem)
{
	*ret_key = word_at(m, it + HITER_KEY);
	*ret_elem = word_at(m, it + HITER_ELEM);
}

/* ---- what will be ---- */

static void forecast_growth(const struct map *m, const struct hmap_view *h, char *out, size_t cap)
{
	uint64_t limit = classic_load_limit(m->release, h->B);
	if (limit < SLOTS)
		limit = SLOTS;
	uint64_t left = (uint64_t)h->count <= limit ? limit - (uint64_t)h->count : 0;
	char why[96] = "";
	if (h->B == 0)
		snprintf(why, sizeof why, _("(%" PRIu64 " > one bucket of 8)"), limit + 1);
	else
		snprintf(why, sizeof why, "(%" PRIu64 " > %" PRIu64 " = %g x %" PRIu64 ")", limit + 1, limit,
			m->release->load_numerator / 2.0, UINT64_C(1) << h->B);
	if (left == 0)
		snprintf(out, cap, _("next growth: the next new key %s"), why);
	else
		snprintf(out, cap,
			P_("next growth: after %" PRIu64 " more new key %s",
				"next growth: after %" PRIu64 " more new keys %s", left),
			left, why);
}

static void forecast(const struct map *m, char *out, size_t cap)
{
	struct hmap_view h;
	out[0] = 0;
	if (!of(m)->hmap || !hmap_read(&m->arena->reader, &of(m)->type, of(m)->hmap, &h) || h.B > 40)
		return;
	if (h.oldbuckets)
		snprintf(out, cap,
			P_("growing: nevacuate %" PRIu64 " of %" PRIu64
			   " old bucket; each put or del moves 1 or 2",
				"growing: nevacuate %" PRIu64 " of %" PRIu64
				" old buckets; each put or del moves 1 or 2",
				h.old_buckets_count),
			h.nevacuate, h.old_buckets_count);
	else if (h.noverflow >= UINT64_C(1) << (h.B < 15 ? h.B : 15))
		snprintf(out, cap,
			P_("next growth: the next new key, same size (%u overflow bucket is too many)",
				"next growth: the next new key, same size (%u overflow buckets are too many)",
				h.noverflow),
			h.noverflow);
	else
		forecast_growth(m, &h, out, cap);
}

/* 2^B, for the B that the map will have if nothing is deleted. */
static uint64_t groups(const struct map *m, const struct reader *r, uint64_t more)
{
	struct hmap_view h;
	if (!of(m)->hmap || !hmap_read(r, &of(m)->type, of(m)->hmap, &h))
		return 0;
	unsigned B = h.B;
	while (more && B < 40 && classic_over_load(m->release, (uint64_t)h.count + more, B))
		B++;
	return UINT64_C(1) << B;
}

static uint64_t group(const struct map *m, uint64_t n, const struct go_value *key)
{
	uint64_t random = 0;
	uint32_t hash0;
	memcpy(&hash0, arena_host(m->arena, of(m)->hmap + HMAP_HASH0), 4);
	return hash_value(&m->keys, key, hash0, &random) & (n - 1);
}

/* ---- sizes ---- */

static uint64_t hint_groups(const struct map_options *o)
{
	struct map_type t = map_type_make(o->key, o->elem);
	return UINT64_C(1) << classic_hint_B(&t, o->release, o->hint);
}

static void size(const struct map_options *o, uint64_t n, struct map_size *ret)
{
	struct map_type t = map_type_make(o->key, o->elem);
	unsigned B = (unsigned)__builtin_ctzll(n);
	bool headers = o->release->malloc_headers;
	uint64_t total = classic_array_length(&t, o->release, B), array = total * t.bucketsize;
	uint64_t header = has_malloc_header(array, t.pointers, headers) ? MALLOC_HEADER : 0;
	*ret = (struct map_size){ .spare = total - n,
		.array = array,
		.given = round_up_size(array, t.pointers, headers) + header };
	ret->bytes = HMAP_SIZE + ret->given + (ret->spare ? class_size[class_of(EXTRA_SIZE)] : 0);
	ret->next_growth = classic_load_limit(o->release, B) + 1;
	if (ret->next_growth <= SLOTS)
		ret->next_growth = SLOTS + 1;
}

/* ---- maps of a recording ---- */

static struct map *recorded(const struct map_options *o, uint64_t hmap)
{
	struct classic_map *m = malloc(sizeof *m);
	if (!m)
		return NULL;
	classic_init(m, NULL, o);
	m->hmap = hmap;
	return &m->map;
}

static unsigned check(const struct map *m, const struct reader *r, bool between_operations, char *message)
{
	return classic_check(of(m), r, between_operations, message);
}

static unsigned check_group(const struct map *m, const struct reader *r, uint64_t i, char *message)
{
	return classic_check_bucket(of(m), r, i, message);
}

const struct engine engine_classic = {
	.name = "classic",
	.noun = "map",
	.kind = MAP_CLASSIC,
	.oldest = "1.18",
	.newest = "1.23",
	.make_word = "map",
	.options = "name seed hint go arch place hash",
	.hints = true,
	.places = true,
	.races = true,
	.accepts = accepts,
	.fits = fits,
	.peek = peek,
	.make = make,
	.release = release,
	.frame = HITER_SIZE,
	.item = item,
	.address = address,
	.count = count,
	.has = has,
	.forecast = forecast,
	.groups = groups,
	.group = group,
	.hint_groups = hint_groups,
	.size = size,
	.recorded = recorded,
	.check = check,
	.check_group = check_group,
};
