/* The classic map as a kind of map: groups are buckets of an array and the overflow buckets behind them;
 * control bytes are tophash bytes.  See trace/map/kind.h, and model.h for what memory means.
 */
#include "trace/map/classic/private.h"
#include "trace/base/translate.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(struct classic_state) <= MAP_STATE, "the state of a classic map has no room");

static void type(const struct map_info *m, char *out, size_t cap)
{
	snprintf(out, cap, "map[%s]%s", m->key.name, m->elem.name);
}

static bool open(struct map_view *v)
{
	struct classic_state *s = (struct classic_state *)(void *)v->state;
	s->t = map_type_make(v->key, v->elem);
	return hmap_read(v->r, &s->t, v->header, &s->h);
}

/* tophash and overflow of the bucket at b->addr. */
static bool fill(const struct map_view *v, struct bucket_view *b)
{
	return v->r->read(v->r, b->addr, b->tophash, SLOTS) &&
		v->r->read(v->r, b->addr + classic_state(v)->t.overflow, &b->overflow, 8);
}

static bool object(const struct map_view *v, unsigned i, struct map_object *ret)
{
	if (i == 0)
		*ret = (struct map_object){ "hmap", v->header, HMAP_SIZE, hmap_fields };
	else
		*ret = (struct map_object){ "mapextra", classic_state(v)->h.extra, EXTRA_SIZE, extra_fields };
	return i < 2;
}

/* ---- groups ---- */

static const enum group_source sources[] = {
	[BUCKET_MAIN] = GROUP_MAIN, [BUCKET_PRE] = GROUP_SPARE, [BUCKET_HEAP] = GROUP_HEAP
};

static void to_group(const struct map_type *t, const struct bucket_view *b, struct map_group *ret)
{
	*ret = (struct map_group){ .addr = b->addr,
		.size = t->bucketsize,
		.slots = SLOTS,
		.array = b->array,
		.index = b->index,
		.depth = b->depth,
		.source = sources[b->source],
		.number = b->pre,
		.controls = SLOTS,
		.next = b->overflow,
		.next_at = b->addr + t->overflow };
	memcpy(ret->control, b->tophash, SLOTS);
}

static bool shape(const struct map_view *v, struct map_shape *ret)
{
	const struct map_type *t = &classic_state(v)->t;
	*ret = (struct map_shape){
		.name = "bucket", .size = t->bucketsize, .slots = SLOTS, .entry = 1 + t->keysize + t->elemsize
	};
	map_type_bucket_fields(t, ret->field);
	return true;
}

static bool array(const struct map_view *v, unsigned i, struct map_array *ret)
{
	const struct hmap_view *h = &classic_state(v)->h;
	if (i == ARRAY_NEW)
		*ret = (struct map_array){ N_("new"), h->buckets, h->new_size, array_buckets(h, ARRAY_NEW),
			false };
	else
		*ret = (struct map_array){ N_("old"), h->oldbuckets, h->old_size, array_buckets(h, ARRAY_OLD),
			true };
	return i <= ARRAY_OLD;
}

static bool group(const struct map_view *v, unsigned a, uint64_t index, struct map_group *ret)
{
	const struct classic_state *s = classic_state(v);
	struct bucket_view b;
	if (!bucket_first(v->r, &s->t, &s->h, (enum which_array)a, index, &b))
		return false;
	to_group(&s->t, &b, ret);
	return true;
}

static bool chain(const struct map_view *v, struct map_group *g)
{
	const struct classic_state *s = classic_state(v);
	struct bucket_view b = { .addr = g->addr,
		.array = (enum which_array)g->array,
		.index = g->index,
		.depth = g->depth,
		.overflow = g->next };
	if (!bucket_next(v->r, &s->t, &s->h, &b))
		return false;
	to_group(&s->t, &b, g);
	return true;
}

/* mapaccess: the old bucket as long as it has not been evacuated. */
static bool path(const struct map_view *v, uint64_t hash, unsigned n, struct map_group *g)
{
	const struct hmap_view *h = &classic_state(v)->h;
	if (n > 0)
		return chain(v, g);
	if (h->old_buckets_count && group(v, ARRAY_OLD, hash & (h->old_buckets_count - 1), g) &&
		(g->control[0] <= EMPTY_ONE || g->control[0] >= MIN_TOPHASH))
		return true;
	return group(v, ARRAY_NEW, hash & ((UINT64_C(1) << h->B) - 1), g);
}

static enum slot_state slot_state(uint8_t top)
{
	return top >= MIN_TOPHASH                          ? SLOT_FULL
		: top == EVACUATED_X || top == EVACUATED_Y ? SLOT_MOVED
							   : SLOT_EMPTY;
}

static void slot(const struct map_view *v, const struct map_group *g, unsigned i, struct map_slot *ret)
{
	const struct map_type *t = &classic_state(v)->t;
	*ret = (struct map_slot){ .state = slot_state(g->control[i]),
		.name = tophash_name(g->control[i]),
		.control_at = g->addr + i,
		.key = { &v->key, g->addr + t->keys + (uint64_t)i * t->keysize, t->keysize, t->indirect_key },
		.elem = { &v->elem, g->addr + t->elems + (uint64_t)i * t->elemsize, t->elemsize,
			t->indirect_elem } };
}

/* ---- what lies where ---- */

static bool chain_has(const struct map_view *v, unsigned a, uint64_t index, unsigned most, uint64_t addr,
	struct map_group *g)
{
	if (!group(v, a, index, g))
		return false;
	do
		if (addr >= g->addr && addr - g->addr < g->size)
			return true;
	while (--most && chain(v, g));
	return false;
}

static bool chains_have(
	const struct map_view *v, uint64_t addr, const uint64_t *near, unsigned n, struct map_group *g)
{
	/* Real chains have one or two; a damaged one may have no end. */
	const unsigned most = near ? 4096 : UINT_MAX;
	for (unsigned a = ARRAY_NEW; a <= ARRAY_OLD; a++) {
		uint64_t groups = array_buckets(&classic_state(v)->h, (enum which_array)a),
			 look = near ? n : groups;
		for (uint64_t i = 0; groups && i < look; i++)
			if (chain_has(v, a, near ? near[i] & (groups - 1) : i, most, addr, g))
				return true;
	}
	return false;
}

/* A bucket behind the array, in no chain that was looked at: its index is one that no hash can choose. */
static bool spare_bucket(const struct map_view *v, unsigned a, uint64_t index, struct map_group *ret)
{
	const struct map_type *t = &classic_state(v)->t;
	struct bucket_view b = { .array = (enum which_array)a, .index = index, .source = BUCKET_PRE };
	struct map_array m;
	array(v, a, &m);
	if (!m.addr || index < m.groups || index >= m.size / t->bucketsize)
		return false;
	b.addr = m.addr + index * t->bucketsize;
	b.pre = index - m.groups;
	if (!fill(v, &b))
		return false;
	to_group(t, &b, ret);
	return true;
}

static bool locate(
	const struct map_view *v, uint64_t addr, const uint64_t *near, unsigned n, struct map_group *ret)
{
	const uint32_t size = classic_state(v)->t.bucketsize;
	struct map_array m;
	for (unsigned a = 0; array(v, a, &m); a++)
		if (m.addr && addr >= m.addr && (addr - m.addr) / size < m.groups)
			return group(v, a, (addr - m.addr) / size, ret);
	if (chains_have(v, addr, near, n, ret))
		return true;
	for (unsigned a = 0; array(v, a, &m); a++)
		if (m.addr && addr >= m.addr && spare_bucket(v, a, (addr - m.addr) / size, ret))
			return true;
	return false;
}

static bool stray(const struct map_view *v, const struct block *b, uint64_t addr, struct map_group *ret)
{
	const struct map_type *t = &classic_state(v)->t;
	uint64_t i = (addr - b->addr) / t->bucketsize;
	struct bucket_view at = { .addr = b->addr + i * t->bucketsize, .source = BUCKET_HEAP };
	if ((b->role != ROLE_BUCKETS && b->role != ROLE_OVERFLOW) || !fill(v, &at))
		return false;
	to_group(t, &at, ret);
	ret->source = b->role == ROLE_BUCKETS ? GROUP_DROPPED : GROUP_HEAP;
	ret->number = i;
	return true;
}

static bool block(const struct map_view *v, const struct block *b, struct map_object *ret)
{
	(void)v;
	if (b->role == ROLE_EXTRA)
		*ret = (struct map_object){ "mapextra", b->addr, EXTRA_SIZE, extra_fields };
	else if (b->role == ROLE_HITER)
		*ret = (struct map_object){ "hiter", b->addr, HITER_SIZE, hiter_fields };
	else if (b->role == ROLE_HMAP)
		*ret = (struct map_object){ "hmap", b->addr, HMAP_SIZE, hmap_fields };
	else
		return false;
	return true;
}

/* ---- words ---- */

/* "slot 2 elem" */
static void describe_part(const struct map_location *l, char *out, size_t cap)
{
	switch (l->part) {
	case AT_CONTROL: snprintf(out, cap, _("tophash %" PRIu64), (uint64_t)l->slot); break;
	case AT_KEY: snprintf(out, cap, _("slot %" PRIu64 " key"), (uint64_t)l->slot); break;
	case AT_ELEM: snprintf(out, cap, _("slot %" PRIu64 " elem"), (uint64_t)l->slot); break;
	default: snprintf(out, cap, "%s", _("overflow pointer")); break;
	}
}

static void describe(const struct map_view *v, const char *name, const struct map_location *l, bool whole,
	char *out, size_t cap)
{
	const struct map_group *g = &l->group;
	const char *blank = whole ? "" : " ";
	char part[48] = "";
	if (!whole)
		describe_part(l, part, sizeof part);
	if (g->source == GROUP_DROPPED)
		snprintf(out, cap, _("%s dropped bucket %" PRIu64 "%s%s"), name, g->number, blank, part);
	else if (g->source == GROUP_HEAP)
		snprintf(out, cap, _("%s overflow bucket%s%s"), name, blank, part);
	else if (g->source == GROUP_SPARE)
		snprintf(out, cap, _("%s spare bucket %" PRIu64 "%s%s"), name, g->number, blank, part);
	else
		snprintf(out, cap, "%s %s %" PRIu64 "%s%s", name,
			g->array == ARRAY_OLD                    ? _("old bucket")
				: classic_state(v)->h.oldbuckets ? _("new bucket")
								 : _("bucket"),
			g->index, blank, part);
}

/* "3.1", and "spare 2" of a bucket behind the array. */
static void label(const struct map_view *v, const struct map_group *g, char *out, size_t cap)
{
	if (g->index >= array_buckets(&classic_state(v)->h, (enum which_array)g->array))
		snprintf(out, cap, "spare %" PRIu64, g->number);
	else
		snprintf(out, cap, "%" PRIu64 ".%u", g->index, g->depth);
}

static bool find(
	const struct map_view *v, unsigned a, const char *text, struct map_group *ret, const char **ret_end)
{
	bool spare = strncmp(text, "spare ", 6) == 0;
	unsigned long depth = 0;
	char *end;
	text += spare ? 6 : 0;
	if (*text < '0' || *text > '9')
		return false;
	uint64_t index = strtoull(text, &end, 10);
	if (!spare && *end == '.')
		depth = strtoul(end + 1, &end, 10);
	*ret_end = end;
	if (spare)
		return spare_bucket(
			v, a, index + array_buckets(&classic_state(v)->h, (enum which_array)a), ret);
	if (!group(v, a, index, ret))
		return false;
	for (; depth > 0; depth--)
		if (!chain(v, ret))
			return false;
	return true;
}

/* ---- the dump, the collector ---- */

static bool dump(const struct map_view *v, FILE *out)
{
	return layout_print(out, v->r, &classic_state(v)->t, v->header);
}

bool classic_pointer(const struct go_type *t, bool indirect, uint32_t at, uint32_t *ret)
{
	*ret = !indirect && t->kind == GO_ANY ? at + 8 : at;
	return indirect || t->kind == GO_STRING || t->kind == GO_ENTRY || t->kind == GO_ANY;
}

static bool pointers(const struct map_view *v, enum block_role role, struct map_pointers *ret)
{
	const struct map_type *t = &classic_state(v)->t;
	if (role != ROLE_BUCKETS && role != ROLE_OVERFLOW)
		return false;
	*ret = (struct map_pointers){ .stride = t->bucketsize };
	if (!t->pointers)
		return true; /* noscan: hmap.extra keeps their overflow buckets */
	for (uint32_t i = 0; i < SLOTS; i++) {
		ret->n += classic_pointer(
			&t->key, t->indirect_key, t->keys + i * t->keysize, &ret->offset[ret->n]);
		ret->n += classic_pointer(
			&t->elem, t->indirect_elem, t->elems + i * t->elemsize, &ret->offset[ret->n]);
	}
	ret->offset[ret->n++] = t->overflow;
	return true;
}

const struct map_kind_ops map_kind_classic = { .name = "classic",
	.state = sizeof(struct classic_state),
	.part_name = { "", "tophash", "key", "elem", "overflow" },
	.type = type,
	.open = open,
	.object = object,
	.shape = shape,
	.array = array,
	.group = group,
	.chain = chain,
	.path = path,
	.slot = slot,
	.locate = locate,
	.stray = stray,
	.block = block,
	.describe = describe,
	.label = label,
	.find = find,
	.key = classic_key,
	.dump = dump,
	.pointers = pointers,
	.header_role = ROLE_HMAP,
	.account = &classic_account,
	.countable = classic_countable,
	.count = classic_count,
	.moving = classic_moving,
	.array_line = classic_array_line,
	.block_line = classic_block_line,
	.on_stack = classic_on_stack,
	.report = &classic_report,
	.rows = &classic_rows };
