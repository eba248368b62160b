/* What lies where in a classic map, and the words for it; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include "trace/map/locate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool classic_first(const struct scene *s, unsigned array, uint64_t index, struct map_group *ret)
{
	return s->live && s->view.kind->group(&s->view, array, index, ret);
}

bool classic_next(const struct scene *s, struct map_group *b)
{
	return s->view.kind->chain(&s->view, b);
}

/* A chain longer than this is not walked to name a bucket; real ones have one or two. */
enum { WALK = 4096 };

bool scene_same_size(const struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	return c->hmap.oldbuckets && c->hmap.old_buckets_count == array_buckets(&c->hmap, ARRAY_NEW);
}

bool bucket_moves(const struct scene *s, uint64_t i)
{
	return classic_of(s)->moving && classic_of(s)->evacuated == i;
}

uint64_t newbit(const struct scene *s)
{
	return classic_of(s)->hmap.old_buckets_count;
}

/* A bucket of its arrays, or of a chain that the operation is at: all chains would take too long. */
static bool in_map(const struct scene *s, uint64_t addr, struct place *ret)
{
	const struct classic_scene *c = classic_of(s);
	const uint64_t near[] = { c->chosen, c->evacuated, c->evacuated + c->hmap.old_buckets_count };
	struct map_location l;
	if (!s->live || !map_locate(&s->view, addr, near, sizeof near / sizeof near[0], &l) ||
		(l.kind == LOCATION_GROUP && l.group.index >= scene_groups(s, l.group.array)))
		return false; /* a spare bucket is in no chain yet */
	*ret = place_found(&l);
	return true;
}

/* A bucket that is in no chain in sight: of a dropped array that an iterator keeps alive, or a spare one. */
static bool in_focus(const struct scene *s, uint64_t addr, struct place *ret)
{
	const struct block b = { .addr = s->focus_addr, .size = s->group_size, .role = ROLE_OVERFLOW };
	struct map_group g;
	struct map_location l;
	if (!b.addr || addr < b.addr || addr - b.addr >= b.size ||
		!s->view.kind->stray(&s->view, &b, addr, &g))
		return false;
	group_locate(&s->view, &g, addr, &l);
	*ret = place_found(&l);
	ret->kept = true;
	return true;
}

/* Has this operation made the block? */
static bool made_now(const struct scene *s, uint64_t addr)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_ALLOC && s->log->event[i].addr == addr)
			return true;
	return false;
}

/* A loop's variable, a struct that is not the map's now, or an array that the map has dropped: of an overflow bucket it
 * is not known whether it has. */
static bool in_block(const struct scene *s, uint64_t addr, struct place *ret)
{
	struct block b;
	struct map_object o;
	struct map_group g;
	struct map_location l;
	const struct hmap_view *h = &classic_of(s)->hmap;
	if (!block_around(s->mem, addr, &b))
		return false;
	if (s->view.kind->block(&s->view, &b, &o)) {
		object_locate(&o, addr, &l);
	} else if (s->live && b.role == ROLE_BUCKETS && b.map == s->map->map && b.addr != h->buckets &&
		b.addr != h->oldbuckets && !made_now(s, b.addr) && s->view.kind->stray(&s->view, &b, addr, &g)) {
		group_locate(&s->view, &g, addr, &l);
		ret->kept = true;
	} else {
		return false;
	}
	bool kept = ret->kept;
	*ret = place_found(&l);
	ret->kept = kept;
	return true;
}

bool classic_place(const struct scene *s, uint64_t addr, struct place *p)
{
	return in_map(s, addr, p) || in_focus(s, addr, p) || in_block(s, addr, p);
}

void classic_label(const struct scene *s, const struct map_group *b, bool always, char *out, size_t cap)
{
	const char *array = "";
	if (always || classic_of(s)->hmap.oldbuckets)
		array = b->array == ARRAY_OLD ? _("old ") : _("new ");
	snprintf(out, cap, "%s%" PRIu64 ".%u", array, b->index, b->depth);
}

const char *classic_role(const struct scene *s, const struct scene_group *b, bool other)
{
	const struct classic_scene *c = classic_of(s);
	if (other && s->splitting && !b->kept && c->evacuating &&
		(b->view.index & (newbit(s) - 1)) != c->evacuated)
		return "";
	if (!s->splitting || b->kept)
		return b->view.depth ? _("overflow bucket") : "";
	if (b->view.array == ARRAY_OLD)
		return c->evacuating ? _("source") : _("old");
	if (scene_same_size(s))
		return _("destination");
	return b->view.index >= newbit(s) ? _("destination Y") : _("destination X");
}

bool classic_moved(const struct scene *s, const struct map_group *g, int slot, struct hold *ret)
{
	*ret = (struct hold){ .held = true, .array = ARRAY_NEW };
	return moved_to(s, g, slot, &ret->index, &ret->depth, &ret->slot);
}

void classic_place_phrase(const struct scene *s, const struct place *p, char *out, size_t cap)
{
	static const char *const part[LOCATION_PARTS] = { [AT_PADDING] = N_("overflow"),
		[AT_CONTROL] = N_("top"),
		[AT_KEY] = N_("key"),
		[AT_ELEM] = N_("elem"),
		[AT_NEXT] = N_("overflow") };
	char label[64];
	switch (p->kind) {
	case PLACE_OBJECT: snprintf(out, cap, "%s.%s", p->object, p->field ? p->field->name : "?"); break;
	case PLACE_GROUP:
		if (p->kept)
			snprintf(label, sizeof label, "%s", _("kept"));
		else
			group_label(s, &p->group, false, label, sizeof label);
		if (p->slot >= 0)
			snprintf(out, cap, "%s:%d %s", label, p->slot, _(part[p->part]));
		else
			snprintf(out, cap, "%s %s", label, _(part[p->part]));
		break;
	default: break;
	}
}

bool key_text_at(const struct scene *s, uint64_t bucket_addr, int slot, char *out, size_t cap)
{
	const struct classic_scene *c = classic_of(s);
	uint8_t raw[INDIRECT_OVER];
	char text[SCENE_TEXT];
	if (!c->type_ok || slot < 0 || slot >= SLOTS ||
		!s->mem->read(s->mem, bucket_addr + c->type.keys + (unsigned)slot * c->type.keysize, raw,
			c->type.keysize))
		return false;
	slot_value_print(s->mem, &c->type.key, c->type.indirect_key, raw, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, out, cap);
	return true;
}

void key_text_here(const struct scene *s, uint64_t addr, char *out, size_t cap)
{
	char text[SCENE_TEXT];
	value_print(s->mem, &classic_of(s)->type.key, addr, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, out, cap);
}

bool classic_left(const struct map_group *first)
{
	return first->array == ARRAY_OLD && first->control[0] > EMPTY_ONE && first->control[0] < MIN_TOPHASH;
}

bool moved_to(const struct scene *s, const struct map_group *b, int slot, uint64_t *bucket, unsigned *depth,
	int *to_slot)
{
	uint8_t top = b->control[slot];
	struct map_group at;
	uint64_t before = 0;
	if ((top != EVACUATED_X && top != EVACUATED_Y) || b->array != ARRAY_OLD ||
		!classic_first(s, ARRAY_OLD, b->index, &at))
		return false;
	for (unsigned d = 0; d < b->depth; d++) {
		for (int k = 0; k < SLOTS; k++)
			before += at.control[k] == top;
		/* the main bucket's pointer is cleared after its evacuation: what came before is not known
		 * then */
		if (!classic_next(s, &at))
			return false;
	}
	for (int k = 0; k < slot; k++)
		before += b->control[k] == top;
	*bucket = b->index + (top == EVACUATED_Y ? newbit(s) : 0);
	*depth = (unsigned)(before / SLOTS);
	*to_slot = (int)(before % SLOTS);
	return true;
}

/* ---- keys that equal nothing ---- */

bool nan_at(const struct scene *s, uint64_t bucket_addr, int slot)
{
	char text[SCENE_TEXT] = "";
	enum go_kind kind = classic_of(s)->type.key.kind;
	if (classic_of(s)->type.reflexive || !key_text_at(s, bucket_addr, slot, text, sizeof text) ||
		!strstr(text, "NaN"))
		return false;
	return kind != GO_ANY || strncmp(text, "float", 5) == 0 || strncmp(text, "complex", 7) == 0;
}

bool nan_by_tophash(const struct scene *s, uint64_t bucket_addr, int slot)
{
	return classic_of(s)->hmap.flags & FLAG_ITERATOR && !scene_same_size(s) &&
		nan_at(s, bucket_addr, slot);
}
