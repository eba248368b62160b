/* The write barrier that the map's pointer writes pass while the collector marks; see gomap_private.h. */
#include "src/memory/collect.h"
#include "src/engine/classic/private.h"

static uint64_t word_at(const struct gomap *m, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(m->arena, addr), 8);
	return v;
}

void gomap_barrier(struct gomap *m, uint64_t addr, uint64_t value, bool bulk)
{
	struct arena *a = m->arena;
	uint64_t old = word_at(m, addr);
	if ((!old && !value) || (bulk && arena_on_stack(a, addr)) || !a->sink)
		return;
	struct event e = { .kind = EV_BARRIER, .map = m->number, .addr = addr, .size = 8, .a = old, .b = value, .d = bulk };
	e.c = (unsigned)arena_is_white(a, old) | (unsigned)arena_is_white(a, value) << 1;
	a->sink->steps++;
	a->sink->event(a->sink, &e);
	collect_shade(a, old, addr, SHADE_OLD);
	collect_shade(a, value, addr, SHADE_NEW);
}

/* The pointer inside a value: a string's text, an any's box (its first word is a type, never in the heap), or the
 * value's own block. */
static bool pointer_in(const struct go_type *t, bool indirect, unsigned *ret)
{
	*ret = !indirect && t->kind == GO_ANY ? 8 : 0;
	return indirect || t->pointers;
}

void gomap_barrier_value(struct gomap *m, const struct go_type *t, bool indirect, bool bulk, uint64_t addr, const uint8_t *src)
{
	unsigned at;
	uint64_t value = 0;
	if (!pointer_in(t, indirect, &at))
		return;
	if (src)
		memcpy(&value, src + at, 8);
	gomap_barrier(m, addr + at, value, bulk && !indirect);
}

void gomap_barrier_buckets(struct gomap *m, uint64_t array, uint64_t size)
{
	const struct map_type *t = &m->type;
	unsigned at;
	for (uint64_t b = array; b + t->bucketsize <= array + size; b += t->bucketsize) {
		for (unsigned i = 0; i < SLOTS; i++)
			if (pointer_in(&t->key, t->indirect_key, &at))
				gomap_barrier(m, b + t->keys + i * t->keysize + at, 0, true);
		for (unsigned i = 0; i < SLOTS; i++)
			if (pointer_in(&t->elem, t->indirect_elem, &at))
				gomap_barrier(m, b + t->elems + i * t->elemsize + at, 0, true);
		gomap_barrier(m, b + t->overflow, 0, true);
	}
}
