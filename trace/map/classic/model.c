/* Decoding a map from memory; see model.h. */
#include "trace/map/classic/model.h"
#include "trace/map/kind.h"

#include <string.h>

/* No real chain comes near this; a damaged one may be a circle. */
enum { CHAIN_MOST = 1 << 20, B_MOST = 48 };

static uint64_t u64(const uint8_t *p)
{
	uint64_t v;
	memcpy(&v, p, 8);
	return v;
}

static uint64_t block_size(const struct reader *r, uint64_t addr)
{
	struct block b;
	return addr && r->block(r, addr, &b) ? b.size : 0;
}

uint64_t map_hmap(const struct map_info *maps, unsigned number, const struct reader *r)
{
	return maps[number - 1].kind == MAP_CLASSIC ? map_header(maps, number, r) : 0;
}

bool hmap_read(const struct reader *r, const struct map_type *t, uint64_t addr, struct hmap_view *ret)
{
	uint8_t h[HMAP_SIZE];
	if (!addr || !r->read(r, addr, h, sizeof h) || h[HMAP_B] > B_MOST)
		return false;
	*ret = (struct hmap_view){ .addr = addr,
		.count = (int64_t)u64(h),
		.flags = h[HMAP_FLAGS],
		.B = h[HMAP_B],
		.buckets = u64(h + HMAP_BUCKETS),
		.oldbuckets = u64(h + HMAP_OLDBUCKETS),
		.nevacuate = u64(h + HMAP_NEVACUATE),
		.extra = u64(h + HMAP_EXTRA) };
	memcpy(&ret->noverflow, h + HMAP_NOVERFLOW, 2);
	memcpy(&ret->hash0, h + HMAP_HASH0, 4);
	if (ret->extra && !r->read(r, ret->extra + EXTRA_NEXT, &ret->next_overflow, 8))
		ret->next_overflow = 0;
	ret->new_size = block_size(r, ret->buckets);
	ret->old_size = block_size(r, ret->oldbuckets);
	/* hashGrow writes B, oldbuckets and buckets one after the other: until the last of them there is one array. */
	ret->buckets_count = ret->buckets ? UINT64_C(1) << ret->B : 0;
	if (ret->B && ret->new_size && ret->new_size / t->bucketsize < ret->buckets_count)
		ret->buckets_count /= 2;
	if (ret->oldbuckets && ret->oldbuckets != ret->buckets) {
		bool same = ret->flags & FLAG_SAME_SIZE;
		ret->old_buckets_count = same || ret->B == 0 ? UINT64_C(1) << ret->B
							     : UINT64_C(1) << (ret->B - 1);
	}
	return true;
}

uint64_t array_buckets(const struct hmap_view *h, enum which_array array)
{
	if (array == ARRAY_OLD)
		return h->old_buckets_count;
	return h->buckets_count;
}

static uint64_t array_base(const struct hmap_view *h, enum which_array array)
{
	return array == ARRAY_OLD ? h->oldbuckets : h->buckets;
}

static uint64_t array_size(const struct hmap_view *h, enum which_array array)
{
	return array == ARRAY_OLD ? h->old_size : h->new_size;
}

uint64_t hmap_free_overflow(const struct hmap_view *h, const struct map_type *t)
{
	uint64_t end = h->buckets + h->new_size / t->bucketsize * t->bucketsize;
	if (!h->next_overflow || h->next_overflow < h->buckets || h->next_overflow >= end)
		return 0;
	return (end - h->next_overflow) / t->bucketsize;
}

/* Fills tophash and overflow from memory. */
static bool bucket_fill(const struct reader *r, const struct map_type *t, struct bucket_view *b)
{
	return r->read(r, b->addr, b->tophash, SLOTS) && r->read(r, b->addr + t->overflow, &b->overflow, 8);
}

bool bucket_first(const struct reader *r, const struct map_type *t, const struct hmap_view *h,
	enum which_array array, uint64_t index, struct bucket_view *ret)
{
	if (index >= array_buckets(h, array))
		return false;
	*ret = (struct bucket_view){ .addr = array_base(h, array) + index * t->bucketsize,
		.array = array,
		.index = index,
		.source = BUCKET_MAIN };
	return bucket_fill(r, t, ret);
}

/* Says of a chained bucket whether it is one of its array's preallocated ones. */
static void bucket_classify(const struct map_type *t, const struct hmap_view *h, struct bucket_view *b)
{
	uint64_t base = array_base(h, b->array), n = (b->addr - base) / t->bucketsize;
	b->source = BUCKET_HEAP;
	if (b->addr >= base && b->addr < base + array_size(h, b->array) && n >= array_buckets(h, b->array)) {
		b->source = BUCKET_PRE;
		b->pre = n - array_buckets(h, b->array);
	}
}

bool bucket_next(
	const struct reader *r, const struct map_type *t, const struct hmap_view *h, struct bucket_view *b)
{
	if (!b->overflow || b->depth >= CHAIN_MOST)
		return false;
	b->addr = b->overflow;
	b->depth++;
	bucket_classify(t, h, b);
	return bucket_fill(r, t, b);
}

static bool in_bucket(const struct map_type *t, const struct bucket_view *b, uint64_t addr)
{
	return addr >= b->addr && addr < b->addr + t->bucketsize;
}

/* The bucket of one chain that contains addr. */
static bool chain_locate(const struct reader *r, const struct map_type *t, const struct hmap_view *h,
	enum which_array array, uint64_t index, uint64_t addr, struct bucket_view *ret)
{
	if (!bucket_first(r, t, h, array, index, ret))
		return false;
	do
		if (in_bucket(t, ret, addr))
			return true;
	while (bucket_next(r, t, h, ret));
	return false;
}

bool bucket_locate(const struct reader *r, const struct map_type *t, const struct hmap_view *h, uint64_t addr,
	uint64_t hint_index, struct bucket_view *ret)
{
	enum { LOOK_AT_MOST = 4096 };
	for (int a = ARRAY_NEW; a <= ARRAY_OLD; a++) {
		uint64_t base = array_base(h, (enum which_array)a), n = array_buckets(h, (enum which_array)a);
		if (base && addr >= base && addr < base + n * t->bucketsize)
			return bucket_first(r, t, h, (enum which_array)a, (addr - base) / t->bucketsize, ret);
	}
	for (int a = ARRAY_NEW; a <= ARRAY_OLD; a++) {
		uint64_t n = array_buckets(h, (enum which_array)a);
		for (uint64_t i = 0; i < n && i < LOOK_AT_MOST; i++)
			if (chain_locate(r, t, h, (enum which_array)a, (hint_index + i) & (n - 1), addr, ret))
				return true;
	}
	return false;
}

unsigned bucket_entries(const struct bucket_view *b)
{
	unsigned n = 0;
	for (unsigned i = 0; i < SLOTS; i++)
		n += tophash_full(b->tophash[i]);
	return n;
}

const char *tophash_name(uint8_t top)
{
	return tophash_state_name[top < MIN_TOPHASH ? top : MIN_TOPHASH];
}
