/* The write barrier that pointer writes pass while the collector marks; see engine.h. */
#include "src/engine/engine.h"
#include "src/memory/collect.h"

static uint64_t word_at(const struct map *m, uint64_t addr)
{
	uint64_t v;
	memcpy(&v, arena_host(m->arena, addr), 8);
	return v;
}

void map_barrier(struct map *m, uint64_t addr, uint64_t value, bool bulk)
{
	struct arena *a = m->arena;
	uint64_t old = word_at(m, addr);
	if ((!old && !value) || (bulk && arena_on_stack(a, addr)) || !a->sink)
		return;
	struct event e = { .kind = EV_BARRIER, .addr = addr, .size = 8, .a = old, .b = value, .d = bulk };
	e.c = (unsigned)arena_is_white(a, old) | (unsigned)arena_is_white(a, value) << 1;
	map_emit(m, e);
	collect_shade(a, old, addr, SHADE_OLD);
	collect_shade(a, value, addr, SHADE_NEW);
}

/* A string's text, an any's box (its first word is a type, never in the heap), or the value's own block. */
bool value_pointer(const struct go_type *t, bool indirect, unsigned *ret_offset)
{
	*ret_offset = !indirect && t->kind == GO_ANY ? 8 : 0;
	return indirect || t->pointers;
}

void map_barrier_value(
	struct map *m, const struct go_type *t, bool indirect, bool bulk, uint64_t addr, const uint8_t *src)
{
	unsigned at;
	uint64_t value = 0;
	if (!value_pointer(t, indirect, &at))
		return;
	if (src)
		memcpy(&value, src + at, 8);
	map_barrier(m, addr + at, value, bulk && !indirect);
}
