/* Groups to draw: their bytes, what each byte is, what a group is called; see scene.h. */
#include "ui/scene/explain.h"

#include "trace/base/translate.h"

#include <stdio.h>
#include <string.h>

static void fill_part(struct scene_group *b, uint64_t addr, uint64_t size, enum location_part part, int slot)
{
	uint64_t from = addr - b->view.addr;
	for (uint64_t i = from; addr >= b->view.addr && i < b->view.size && i - from < size; i++)
		b->at[i] = (struct group_byte){ (uint8_t)part, (int8_t)slot };
}

static void fill_parts(const struct scene *s, struct scene_group *b)
{
	struct map_slot at;
	b->full = 0;
	for (uint32_t i = 0; i < b->view.size; i++)
		b->at[i] = (struct group_byte){ AT_PADDING, -1 };
	fill_part(b, b->view.next_at, 8, AT_NEXT, -1);
	for (unsigned i = 0; i < b->view.slots; i++) {
		s->view.kind->slot(&s->view, &b->view, i, &at);
		fill_part(b, at.control_at, 1, AT_CONTROL, (int)i);
		fill_part(b, at.key.addr, at.key.size, AT_KEY, (int)i);
		fill_part(b, at.elem.addr, at.elem.size, AT_ELEM, (int)i);
		b->full |= (uint64_t)(at.state == SLOT_FULL) << (i & 63);
	}
}

void group_fill(const struct scene *s, struct scene_group *b)
{
	b->ok = b->view.size <= sizeof b->bytes && s->mem->read(s->mem, b->view.addr, b->bytes, b->view.size);
	b->compare = s->was != NULL;
	if (!b->ok)
		return;
	fill_parts(s, b);
	if (b->compare && !s->was->read(s->was, b->view.addr, b->was, b->view.size))
		memset(b->was, 0, b->view.size);
}

void group_block(const struct scene *s, const struct scene_group *b, uint64_t *ret_lo, uint64_t *ret_hi)
{
	const struct map_group *g = &b->view;
	struct map_array a = { 0 };
	*ret_lo = g->addr;
	*ret_hi = g->addr + g->size;
	if (b->kept || g->source == GROUP_HEAP || !s->view.kind->array(&s->view, g->array, &a))
		return;
	uint64_t groups = a.groups * g->size, size = a.size > groups ? a.size : groups;
	if (g->addr >= a.addr && g->addr - a.addr < size) {
		*ret_lo = a.addr;
		*ret_hi = a.addr + size;
	}
}

uint64_t scene_groups(const struct scene *s, unsigned array)
{
	struct map_array a;
	return s->live && s->view.kind->array && s->view.kind->array(&s->view, array, &a) ? a.groups : 0;
}

void group_at(const struct scene *s, unsigned array, uint64_t index, unsigned depth, struct scene_group *b)
{
	uint64_t n = scene_groups(s, array);
	b->ok = b->kept = false;
	if (!n || !s->view.kind->group(&s->view, array, index % n, &b->view))
		return;
	while (b->view.depth < depth)
		if (!s->view.kind->chain(&s->view, &b->view))
			return;
	group_fill(s, b);
}

/* A chain longer than this is not walked; real ones have one or two groups. */
enum { WALK = 4096 };

struct chain_sum scene_chain(const struct scene *s, unsigned array, uint64_t index)
{
	const struct explain *x = explain_of(s->map);
	struct chain_sum sum = { 0 };
	struct map_group g;
	struct map_slot at;
	if (!s->live || !s->view.kind->array || !s->view.kind->group(&s->view, array, index, &g))
		return sum;
	sum.ok = true;
	sum.moved = x->left && x->left(&g);
	for (int i = 0; i < WALK; i++) {
		for (unsigned k = 0; k < g.slots; k++) {
			s->view.kind->slot(&s->view, &g, k, &at);
			sum.entries += at.state == SLOT_FULL;
			sum.waiting += at.state == SLOT_MOVED;
		}
		if (!s->view.kind->chain(&s->view, &g))
			break;
		sum.overflow++;
	}
	return sum;
}

static void slot_value(const struct scene *s, const struct map_value *v, char *out, size_t cap)
{
	char text[SCENE_TEXT];
	map_value_print(s->mem, v, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, out, cap);
}

void group_key_text(const struct scene *s, const struct map_group *g, int slot, char *out, size_t cap)
{
	struct map_slot at;
	s->view.kind->slot(&s->view, g, (unsigned)slot, &at);
	slot_value(s, &at.key, out, cap);
}

void group_elem_text(const struct scene *s, const struct map_group *g, int slot, char *out, size_t cap)
{
	struct map_slot at;
	s->view.kind->slot(&s->view, g, (unsigned)slot, &at);
	slot_value(s, &at.elem, out, cap);
}

static const char *array_name(const struct scene *s, unsigned array, bool always)
{
	struct map_array a, named = { .name = "" };
	unsigned there = 0;
	for (unsigned i = 0; s->view.kind->array(&s->view, i, &a); i++) {
		there += a.groups > 0;
		if (i == array)
			named = a;
	}
	return always || there > 1 ? named.name : "";
}

void group_label(const struct scene *s, const struct map_group *g, bool always, char *out, size_t cap)
{
	const struct explain *x = explain_of(s->map);
	char label[GROUP_LABEL];
	if (x->label) {
		x->label(s, g, always, out, cap);
		return;
	}
	const char *array = array_name(s, g->array, always);
	s->view.kind->label(&s->view, g, label, sizeof label);
	snprintf(out, cap, "%s%s%s", array, array[0] ? " " : "", label);
}

uint64_t group_key_at(const struct scene *s, const struct map_group *g, int slot)
{
	struct map_slot at;
	if (slot < 0 || slot >= (int)g->slots)
		return g->addr;
	s->view.kind->slot(&s->view, g, (unsigned)slot, &at);
	return at.key.addr;
}

const char *group_role(const struct scene *s, const struct scene_group *b, bool other)
{
	const struct explain *x = explain_of(s->map);
	return x->role ? x->role(s, b, other) : "";
}

bool group_moved(const struct scene *s, const struct map_group *g, int slot, struct hold *ret)
{
	const struct explain *x = explain_of(s->map);
	return slot >= 0 && slot < (int)g->slots && x->moved && x->moved(s, g, slot, ret);
}

static const struct part_text parts[LOCATION_PARTS] = { { "", "" }, { "control", "ctrl" }, { "keys", "keys" },
	{ "elems", "elem" }, { "next", "next" } };

const struct part_text *part_text(const struct scene *s, enum location_part part)
{
	const struct explain *x = explain_of(s->map);
	return x->part ? &x->part[part] : &parts[part];
}

static const struct kind_words words = { .none = N_("no group"),
	.none_yet = N_("no group yet"),
	.none_here = N_("there is no group here to look at"),
	.none_hanging = N_("nothing hangs on it"),
	.dropped = N_("group of a dropped array"),
	.other = N_("another group"),
	.hanging = N_("%s, hanging%s"),
	.hanging_brief = N_("%s, hanging"),
	.next = N_("next ptr"),
	.slots = N_("slot state, key, elem: %s"),
	.objects = N_("Tab: other objects") };

const struct kind_words *kind_words(const struct scene *s)
{
	const struct explain *x = s->map ? explain_of(s->map) : explains[0];
	return x->words ? x->words : &words;
}
