/* Making a map: makemap, makeBucketArray, and what the compiler does where it knows the size. */
#include "src/engine/classic/private.h"
#include "src/engine/random.h"

static void write_word(struct classic_map *m, uint64_t addr, unsigned size, uint64_t v)
{
	map_write(&m->map, addr, (const uint8_t *)&v, size);
}

/* A pointer, which the write barrier sees first while the collector marks. */
static void write_pointer(struct classic_map *m, uint64_t addr, uint64_t v)
{
	if (m->map.arena->marking)
		map_barrier(&m->map, addr, v, false);
	write_word(m, addr, 8, v);
}

static void make_arrays(struct classic_map *m, unsigned B)
{
	uint64_t base = UINT64_C(1) << B, total = classic_array_length(&m->type, m->map.release, B);
	bool headers = m->map.release->malloc_headers;
	uint64_t size = m->type.bucketsize,
		 array = arena_alloc(m->map.arena, total * size, m->type.pointers, headers, ROLE_BUCKETS);
	if (total != base) /* the last preallocated overflow bucket is marked */
		write_pointer(m, array + total * size - 8, array);
	write_pointer(m, m->hmap + HMAP_BUCKETS, array);
	if (total != base) {
		uint64_t extra = arena_alloc(m->map.arena, EXTRA_SIZE, true, headers, ROLE_EXTRA);
		write_pointer(m, m->hmap + HMAP_EXTRA, extra);
		write_pointer(m, extra + EXTRA_NEXT, array + base * size);
	}
}

static void make_hmap(struct classic_map *m, int64_t hint, bool stack)
{
	m->hmap = stack
		? arena_push(m->map.arena, HMAP_SIZE, ROLE_HMAP)
		: arena_alloc(m->map.arena, HMAP_SIZE, true, m->map.release->malloc_headers, ROLE_HMAP);
	write_word(m, m->hmap + HMAP_HASH0, 4, (uint32_t)random_next(&m->map.random));
	unsigned B = classic_hint_B(&m->type, m->map.release, hint);
	if (B) {
		write_word(m, m->hmap + HMAP_B, 1, B);
		make_arrays(m, B);
	} else if (stack && hint <= SLOTS) { /* the compiler puts the first bucket beside the hmap; a store to
		its own frame has no barrier */
		write_word(m, m->hmap + HMAP_BUCKETS, 8,
			arena_push(m->map.arena, m->type.bucketsize, ROLE_BUCKETS));
	}
}

void classic_init(struct classic_map *m, struct arena *a, const struct map_options *o)
{
	map_init(&m->map, &engine_classic, a, o);
	m->type = map_type_make(o->key, o->elem);
	m->map.call = (a && a->sink ? classic_recording : classic_silent) + m->type.variant;
	m->hmap = 0;
}

void classic_make(struct classic_map *m, struct arena *a, const struct map_options *o)
{
	classic_init(m, a, o);
	if (!o->nil)
		make_hmap(m, o->hint, o->stack);
}

void classic_remake(struct classic_map *m, int64_t hint)
{
	m->hmap = 0;
	make_hmap(m, hint, false);
}
