/* What lies where in a classic map, and the words for it; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

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
	return s->hmap.oldbuckets && s->hmap.old_buckets_count == array_buckets(&s->hmap, ARRAY_NEW);
}

uint64_t newbit(const struct scene *s)
{
	return s->hmap.old_buckets_count;
}

/* The bucket at base in the chain that begins with index. */
static bool find_in_chain(
	const struct scene *s, enum which_array array, uint64_t index, uint64_t base, struct map_group *ret)
{
	uint64_t n = array_buckets(&s->hmap, array);
	if (!n || !classic_first(s, array, index & (n - 1), ret))
		return false;
	for (int i = 0; i < WALK; i++) {
		if (base >= ret->addr && base - ret->addr < s->type.bucketsize)
			return true;
		if (!classic_next(s, ret))
			return false;
	}
	return false;
}

static bool in_main(const struct scene *s, enum which_array array, uint64_t addr, struct map_group *ret)
{
	uint64_t base = array == ARRAY_NEW ? s->hmap.buckets : s->hmap.oldbuckets;
	uint64_t n = array_buckets(&s->hmap, array);
	if (!base || addr < base || (addr - base) / s->type.bucketsize >= n)
		return false;
	return classic_first(s, array, (addr - base) / s->type.bucketsize, ret);
}

/* A bucket that is in no chain in sight: a dropped array that an iterator keeps alive, or a spare one. */
static bool stray_bucket(const struct scene *s, uint64_t base, struct map_group *ret)
{
	*ret = (struct map_group){ .addr = base,
		.size = s->type.bucketsize,
		.slots = SLOTS,
		.source = GROUP_HEAP,
		.controls = SLOTS,
		.next_at = base + s->type.overflow };
	return s->mem->read(s->mem, base, ret->control, SLOTS) &&
		s->mem->read(s->mem, ret->next_at, &ret->next, 8);
}

static bool find_bucket(const struct scene *s, uint64_t addr, struct map_group *ret)
{
	uint64_t old = s->hmap.old_buckets_count;
	const uint64_t hints[] = { s->chosen, s->evacuated, s->evacuated + old };
	if (!s->live || !s->type_ok)
		return false;
	if (in_main(s, ARRAY_NEW, addr, ret) || in_main(s, ARRAY_OLD, addr, ret))
		return true;
	for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++)
		if (find_in_chain(s, ARRAY_NEW, hints[i], addr, ret) ||
			find_in_chain(s, ARRAY_OLD, hints[i], addr, ret))
			return true;
	return false;
}

static const struct field *field_at(const struct field *f, uint64_t offset)
{
	for (; f->name; f++)
		if (offset >= f->offset && offset < f->offset + f->size * f->count)
			return f;
	return NULL;
}

/* An object whose field begins at addr: tries the fields one after the other, since blocks are found by their
 * start. */
static bool object_at(const struct scene *s, uint64_t addr, const struct field *fields, enum block_role role,
	struct place *ret, const char *object)
{
	struct block b;
	for (const struct field *f = fields; f->name; f++)
		if (s->mem->block(s->mem, addr - f->offset, &b) && b.role == role) {
			*ret = (struct place){
				.kind = PLACE_OBJECT, .object = object, .field = f, .slot = -1
			};
			return true;
		}
	return false;
}

static void bucket_part(const struct scene *s, uint64_t offset, struct place *p)
{
	const struct map_type *t = &s->type;
	p->slot = -1;
	if (offset < t->keys) {
		p->part = AT_CONTROL;
		p->slot = (int)offset;
	} else if (offset < t->elems) {
		p->part = AT_KEY;
		p->slot = t->keysize ? (int)((offset - t->keys) / t->keysize) : 0;
	} else if (offset < t->overflow) {
		p->part = AT_ELEM;
		p->slot = t->elemsize ? (int)((offset - t->elems) / t->elemsize) : 0;
	} else {
		p->part = AT_NEXT;
	}
}

bool classic_place(const struct scene *s, uint64_t addr, struct place *p)
{
	if (s->live && addr >= s->hmap.addr && addr < s->hmap.addr + HMAP_SIZE) {
		p->kind = PLACE_OBJECT;
		p->object = "hmap";
		p->field = field_at(hmap_fields, addr - s->hmap.addr);
		return true;
	}
	if (find_bucket(s, addr, &p->group)) {
		p->kind = PLACE_GROUP;
		bucket_part(s, addr - p->group.addr, p);
		return true;
	}
	if (s->type_ok && s->focus_addr && addr >= s->focus_addr &&
		addr - s->focus_addr < s->type.bucketsize && stray_bucket(s, s->focus_addr, &p->group)) {
		p->kind = PLACE_GROUP;
		p->kept = true;
		bucket_part(s, addr - s->focus_addr, p);
		return true;
	}
	if (s->live && s->hmap.extra && addr >= s->hmap.extra && addr < s->hmap.extra + EXTRA_SIZE) {
		p->kind = PLACE_OBJECT;
		p->object = "mapextra";
		p->field = field_at(extra_fields, addr - s->hmap.extra);
		return true;
	}
	return object_at(s, addr, hiter_fields, ROLE_HITER, p, "hiter") ||
		object_at(s, addr, extra_fields, ROLE_EXTRA, p, "mapextra");
}

void classic_label(const struct scene *s, const struct map_group *b, bool always, char *out, size_t cap)
{
	const char *array = "";
	if (always || s->hmap.oldbuckets)
		array = b->array == ARRAY_OLD ? _("old ") : _("new ");
	snprintf(out, cap, "%s%" PRIu64 ".%u", array, b->index, b->depth);
}

const char *classic_role(const struct scene *s, const struct scene_group *b, bool other)
{
	if (other && s->splitting && !b->kept && s->evacuating &&
		(b->view.index & (newbit(s) - 1)) != s->evacuated)
		return "";
	if (!s->splitting || b->kept)
		return b->view.depth ? _("overflow bucket") : "";
	if (b->view.array == ARRAY_OLD)
		return s->evacuating ? _("source") : _("old");
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

static void value_text(const struct scene *s, const struct go_type *t, bool indirect, const uint8_t *raw,
	char *out, size_t cap)
{
	char text[SCENE_TEXT];
	slot_value_print(s->mem, t, indirect, raw, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, out, cap);
}

void slot_key_text(const struct scene *s, const uint8_t *bytes, int slot, char *out, size_t cap)
{
	value_text(s, &s->type.key, s->type.indirect_key,
		bytes + s->type.keys + (unsigned)slot * s->type.keysize, out, cap);
}

void slot_elem_text(const struct scene *s, const uint8_t *bytes, int slot, char *out, size_t cap)
{
	value_text(s, &s->type.elem, s->type.indirect_elem,
		bytes + s->type.elems + (unsigned)slot * s->type.elemsize, out, cap);
}

bool key_text_at(const struct scene *s, uint64_t bucket_addr, int slot, char *out, size_t cap)
{
	uint8_t raw[INDIRECT_OVER];
	if (!s->type_ok || slot < 0 || slot >= SLOTS ||
		!s->mem->read(s->mem, bucket_addr + s->type.keys + (unsigned)slot * s->type.keysize, raw,
			s->type.keysize))
		return false;
	value_text(s, &s->type.key, s->type.indirect_key, raw, out, cap);
	return true;
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
	enum go_kind kind = s->type.key.kind;
	if (s->type.reflexive || !key_text_at(s, bucket_addr, slot, text, sizeof text) ||
		!strstr(text, "NaN"))
		return false;
	return kind != GO_ANY || strncmp(text, "float", 5) == 0 || strncmp(text, "complex", 7) == 0;
}

bool nan_by_tophash(const struct scene *s, uint64_t bucket_addr, int slot)
{
	return s->hmap.flags & FLAG_ITERATOR && !scene_same_size(s) && nan_at(s, bucket_addr, slot);
}
