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
	struct map_shape shape;
	if (map && t->map == map)
		return true;
	if (!map || map > t->source->maps)
		return false;
	map_open_type(&t->view, &t->source->map[map - 1]);
	if (!t->view.kind->shape(&t->view, &shape))
		return false;
	t->slots = shape.slots;
	t->map = map;
	return true;
}

void access_each(struct access_types *t, const struct event *e, access_take *take, void *context)
{
	if (e->kind == EV_WRITE) {
		words(e->addr, e->size, true, take, context);
	} else if (event_info[e->kind].role == EVENT_read) {
		words(e->addr, e->size, false, take, context);
	} else if (e->kind == EV_MOVE && find_type(t, e->map) && e->a < t->slots) {
		const struct map_group g = { .addr = e->addr };
		struct map_slot s;
		t->view.kind->slot(&t->view, &g, (unsigned)e->a, &s);
		words(s.key.addr, s.key.size, false, take, context);
		words(s.elem.addr, s.elem.size, false, take, context);
	}
}
