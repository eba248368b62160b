/* Events as words read and written; see access.h. */
#include "trace/cache/access.h"

static void words(uint64_t addr, uint64_t size, bool write, access_take *take, void *context)
{
	if (size > ACCESS_MOST)
		return;
	for (unsigned word = ACCESS_WORD; size; word /= 2)
		for (; size >= word; size -= word, addr += word)
			take(context, addr, word, write);
}

/* false: the map is not known. */
static bool find_type(struct access_types *t, uint32_t map)
{
	struct go_type key, elem;
	if (map && t->map == map)
		return true;
	if (!map || map > t->source->maps)
		return false;
	const struct map_info *m = &t->source->map[map - 1];
	if (!go_type_recorded(m->key_type, &key) || !go_type_recorded(m->elem_type, &elem))
		return false;
	t->type = map_type_make(key, elem);
	t->map = map;
	return true;
}

void access_each(struct access_types *t, const struct event *e, access_take *take, void *context)
{
	if (e->kind == EV_WRITE) {
		words(e->addr, e->size, true, take, context);
	} else if (event_info[e->kind].role == EVENT_read) {
		words(e->addr, e->size, false, take, context);
	} else if (e->kind == EV_MOVE && find_type(t, e->map) && e->a < SLOTS) {
		words(e->addr + t->type.keys + e->a * t->type.keysize, t->type.keysize, false, take, context);
		words(e->addr + t->type.elems + e->a * t->type.elemsize, t->type.elemsize, false, take, context);
	}
}
