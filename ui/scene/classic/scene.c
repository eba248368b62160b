/* What a step of the classic map means: which bucket the eyes are on, and what happened to its slots; see
 * ui/scene/scene.h. */
#include "ui/scene/classic/classic.h"

#include "trace/map/locate.h"
#include "trace/map/sync/sync.h"

#include <string.h>

/* What is known on the way over the events; the bucket touched last is the scene's focus_addr, its slot slot.
 */
struct hashed {
	bool known;
	uint64_t hash;
	uint32_t hash0;
	uint8_t top;
};
struct walk {
	struct hashed own, stored; /* the operation's hash; that of a key that lies in the map */
	uint64_t made;             /* the overflow bucket made last */
	uint64_t evacuated_last;   /* the old bucket that was done last */
	bool any_evacuated;
	uint64_t stored_bucket; /* where the hashed key lies */
	int stored_slot;
	uint64_t stored_key;
	bool ahead; /* it was hashed after the last touch */
};

static struct classic_scene *own(struct scene *s)
{
	return (struct classic_scene *)s->own;
}

static struct walk *walk_of(struct scene *s)
{
	_Static_assert(sizeof(struct walk) <= SCENE_WALK, "the scene has room for a walk");
	return (struct walk *)s->walk;
}

static bool in_array(const struct scene *s, uint64_t array, uint64_t buckets, uint64_t addr)
{
	return array && addr >= array && (addr - array) / classic_of(s)->type.bucketsize < buckets;
}

static void touch(struct scene *s, uint64_t base, int slot)
{
	s->focus_addr = base;
	s->slot = slot;
	walk_of(s)->ahead = false;
}

static int slot_of_offset(const struct map_type *t, uint64_t offset)
{
	if (offset < t->keys)
		return (int)offset;
	if (offset < t->elems)
		return t->keysize ? (int)((offset - t->keys) / t->keysize) : -1;
	if (offset < t->overflow)
		return t->elemsize ? (int)((offset - t->elems) / t->elemsize) : -1;
	return -1;
}

/* A write touches a bucket when it lies in one; while an old bucket is evacuated the eyes stay on it. */
static void walk_write(struct scene *s, struct walk *w, const struct event *e)
{
	const struct classic_scene *c = classic_of(s);
	uint64_t size = c->type.bucketsize, base = 0;
	const struct hmap_view *h = &c->hmap;
	bool old = in_array(s, h->oldbuckets, h->old_buckets_count, e->addr);
	if (w->stored.known && w->stored_key >= e->addr && w->stored_key - e->addr < e->size)
		w->stored.known = false; /* the bucket is cleared: whose hash that was is not to be seen */
	if (s->focus_addr && e->addr >= s->focus_addr && e->addr - s->focus_addr < size)
		base = s->focus_addr;
	else if (old)
		base = h->oldbuckets + (e->addr - h->oldbuckets) / size * size;
	else if (c->evacuating)
		return;
	else if (w->made && e->addr >= w->made && e->addr - w->made < size)
		base = w->made;
	else if (in_array(s, h->buckets, array_buckets(h, ARRAY_NEW), e->addr))
		base = h->buckets + (e->addr - h->buckets) / size * size;
	if (base)
		touch(s, base, slot_of_offset(&c->type, e->addr - base));
}

/* While an old bucket is evacuated, looking ahead for the next one in line does not move the eyes. */
static void walk_evacuated(struct scene *s, struct walk *w, const struct event *e)
{
	if (!(w->any_evacuated && s->phase == PHASE_EVACUATE && e->b > w->evacuated_last))
		touch(s, e->addr, 0);
}

static void walk_hash(const struct scene *s, struct walk *w, const struct event *e)
{
	struct hashed h = { true, e->a, (uint32_t)e->b, (uint8_t)e->c };
	if (e->addr) {
		w->stored = h;
		w->stored_bucket = s->focus_addr;
		w->stored_slot = s->slot;
		w->stored_key = e->addr;
		w->ahead = true;
	} else {
		w->own = h;
	}
}

const struct classic_scene *classic_of(const struct scene *s)
{
	static const struct classic_scene none;
	return s->map && s->map->kind == MAP_CLASSIC ? (const struct classic_scene *)s->own : &none;
}

/* One switch, since it goes over thousands of events for each frame. */
void classic_walk(struct scene *s, const struct event *e)
{
	struct classic_scene *c = own(s);
	struct walk *w = walk_of(s);
	const struct map_type *t = &c->type;
	if (e->kind == EV_OP || c->moving || e->kind == EV_EVACUATE)
		c->moving = e->kind == EV_OP ? 0 : map_kinds[MAP_CLASSIC]->moving(e, c->moving);
	switch (e->kind) {
	case EV_OP:
		c->chosen_known = c->evacuating = w->any_evacuated = w->own.known = w->stored.known = false;
		c->move.kind = EV_COUNT;
		break;
	case EV_PHASE: c->evacuating = c->evacuating && s->phase == PHASE_EVACUATE; break;
	case EV_HASH: walk_hash(s, w, e); break;
	case EV_SECOND:
		c->chosen_known = w->own.known = false;
		s->slot = -1;
		break; /* what was known was the first goroutine's */
	case EV_BUCKET:
	case EV_ITERBUCKET:
		c->chosen_known = true;
		c->chosen = e->a;
		c->chosen_old = e->b != 0;
		break;
	case EV_TOPHASH:
		c->move.kind = EV_COUNT;
		touch(s, e->addr - (e->c & 7), (int)(e->c & 7));
		break;
	case EV_ITERSLOT:
	case EV_BACKFILL: touch(s, e->addr - (e->b & 7), (int)(e->b & 7)); break;
	case EV_LENGTH: touch(s, e->addr - t->keys - (e->c & 7) * t->keysize - 8, (int)(e->c & 7)); break;
	case EV_KEY:
		touch(s, t->indirect_key ? s->focus_addr : e->addr - t->keys - (e->a & 7) * t->keysize,
			(int)(e->a & 7));
		break;
	case EV_CHAIN: touch(s, e->addr - t->overflow, -1); break;
	case EV_MOVE: c->move = *e; /* fall through */
	case EV_FOUND:
	case EV_INSERT:
	case EV_REMOVE: touch(s, e->addr, (int)(e->a & 7)); break;
	case EV_EVACUATE:
		c->evacuating = true;
		c->evacuated = e->a;
		touch(s, e->addr, -1);
		break;
	case EV_EVACUATED: walk_evacuated(s, w, e); break;
	case EV_MOVED:
		c->evacuating = false;
		w->evacuated_last = e->a;
		w->any_evacuated = true;
		touch(s, e->addr, -1);
		break;
	case EV_OVERFLOW:
		w->made = e->addr;
		if (!c->evacuating)
			touch(s, e->addr, -1);
		break;
	case EV_WRITE: walk_write(s, w, e); break;
	default: break;
	}
}

/* ---- the map ---- */

void classic_open(struct scene *s)
{
	struct classic_scene *c = own(s);
	const struct map_info *maps = s->player->source->map;
	c->move.kind = EV_COUNT;
	c->type_ok = true;
	c->type = map_type_make(s->map->key, s->map->elem);
	s->group_size = c->type.bucketsize;
	hmap_read(s->mem, &c->type, s->view.header, &c->hmap);
	if (s->live && s->was &&
		!hmap_read(s->was, &c->type, map_hmap(maps, s->map->map, s->was), &c->hmap_was))
		s->was = NULL;
}

/* ---- buckets to draw ---- */

/* The bucket that the eyes are on: what was touched last, else what was chosen, else the first. */
static void scene_focus(struct scene *s, const struct hold *hold)
{
	s->held = hold && hold->held;
	if (s->held) {
		group_at(s, hold->array, hold->index, hold->depth, &s->focus);
		s->slot = hold->slot;
		if (s->focus.ok)
			return;
		s->held = false;
	}
	struct place p = scene_place(s, s->focus_addr);
	if (p.kind == PLACE_GROUP) {
		s->focus.view = p.group;
		s->focus.kept = p.kept;
		group_fill(s, &s->focus);
	}
	if (!s->focus.ok) {
		s->slot = -1;
		group_at(s, ARRAY_NEW, classic_of(s)->chosen_known ? classic_of(s)->chosen : 0, 0, &s->focus);
	}
}

/* The depth of the bucket in a chain that should be seen: where the eyes are, or where the entry goes. */
static unsigned depth_in_sight(struct scene *s, uint64_t index)
{
	struct map_group *f = &s->focus.view;
	if (s->focus.ok && !s->focus.kept && f->array == ARRAY_NEW && f->index == index)
		return f->depth;
	if (classic_of(s)->move.kind == EV_MOVE) {
		struct place p = scene_place(s, classic_of(s)->move.b);
		if (p.kind == PLACE_GROUP && p.group.array == ARRAY_NEW && p.group.index == index)
			return p.group.depth;
	}
	return 0;
}

static void tables_splitting(struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	const struct map_group *f = &s->focus.view;
	uint64_t old = newbit(s), i = c->evacuating ? c->evacuated : f->index;
	if (s->held || !c->evacuating)
		i = s->focus.ok && !s->focus.kept ? f->index & (old - 1) : c->chosen & (old - 1);
	unsigned depth = s->focus.ok && f->array == ARRAY_OLD && f->index == i && f->depth > 1 ? f->depth : 1;
	group_at(s, ARRAY_OLD, i, depth - 1, &s->table[0]);
	group_at(s, ARRAY_OLD, i, depth, &s->table[1]);
	unsigned x = depth_in_sight(s, i);
	group_at(s, ARRAY_NEW, i, x, &s->table[2]);
	if (scene_same_size(s))
		group_at(s, ARRAY_NEW, i, x + 1, &s->table[3]);
	else
		group_at(s, ARRAY_NEW, i + old, depth_in_sight(s, i + old), &s->table[3]);
	s->splitting = true;
}

/* Four neighbours of the chain in focus. */
static void tables_chain(struct scene *s)
{
	const struct map_group *f = &s->focus.view;
	if (s->focus.kept) {
		s->table[0] = s->focus;
		return;
	}
	unsigned first = f->depth < SCENE_BUCKETS ? 0 : f->depth - SCENE_BUCKETS + 1;
	for (unsigned i = 0; i < SCENE_BUCKETS; i++)
		group_at(s, f->array, f->index, first + i, &s->table[i]);
}

static void scene_tables(struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	if (!s->focus.ok)
		return;
	if (c->hmap.oldbuckets && newbit(s))
		tables_splitting(s);
	else
		tables_chain(s);
	for (int i = 0; i < SCENE_BUCKETS; i++) {
		const struct scene_group *t = &s->table[i];
		s->table_slot[i] = -1;
		if (!t->ok)
			continue;
		if (s->focus.ok && t->view.addr == s->focus.view.addr)
			s->table_slot[i] = s->slot;
		else if (c->move.kind == EV_MOVE && t->view.addr == c->move.b) {
			s->table_slot[i] = (int)(c->move.d & 7);
			s->lines = i;
		}
	}
	for (int i = 2; i < SCENE_BUCKETS && s->lines < 0; i++)
		if (s->splitting && s->table[i].ok && s->table[i].view.addr != s->focus.view.addr)
			s->lines = i;
	for (int i = 0; i < SCENE_BUCKETS && s->lines < 0; i++)
		if (s->table[i].ok && s->table[i].view.addr != s->focus.view.addr)
			s->lines = i;
}

static void scene_hash(struct scene *s, const struct walk *w)
{
	struct classic_scene *c = own(s);
	bool stored = w->stored.known && (s->phase == PHASE_EVACUATE || s->phase == PHASE_ITERATE);
	const struct hashed *h = stored ? &w->stored : &w->own;
	s->hash.known = h->known;
	s->hash.stored = stored;
	s->hash.hash = h->hash;
	c->hash.hash0 = h->hash0;
	c->hash.top = h->top;
	if (!s->hash.known)
		return;
	if (stored) {
		key_text_here(s, w->stored_key, s->hash.of, sizeof s->hash.of);
		c->hash.nan = s->phase == PHASE_EVACUATE && nan_at(s, w->stored_bucket, w->stored_slot);
		c->hash.by_tophash = c->hash.nan && nan_by_tophash(s, w->stored_bucket, w->stored_slot) &&
			s->mem->read(
				s->mem, w->stored_bucket + (uint64_t)w->stored_slot, &c->hash.old_top, 1);
	} else {
		scene_clean(s, s->run.key, s->hash.of, sizeof s->hash.of);
	}
}

/* A loop hashes a key to see where it belongs before it looks at the slot, which may be the first of its bucket. */
static void touch_hashed(struct scene *s, const struct walk *w)
{
	uint64_t key = w->stored_key, size = s->group_size;
	struct block b;
	if (!w->ahead || s->phase != PHASE_ITERATE || !block_around(s->mem, key, &b) ||
		(b.role != ROLE_BUCKETS && b.role != ROLE_OVERFLOW))
		return;
	uint64_t base = b.addr + (key - b.addr) / size * size;
	touch(s, base, slot_of_offset(&classic_of(s)->type, key - base));
}

void classic_finish(struct scene *s, const struct hold *hold)
{
	const struct walk *w = walk_of(s);
	touch_hashed(s, w);
	scene_focus(s, hold);
	scene_tables(s);
	scene_hash(s, w);
}

bool scene_growth_left(const struct scene *s)
{
	return s->live && s->map && map_part(s->map) == SYNC_READ && classic_of(s)->hmap.oldbuckets;
}

/* ---- stories of slots ---- */

struct telling {
	const struct scene *s;
	const struct map_group *b;
	struct slot_story *story;
	uint64_t looked_at; /* the tophash read last: an indirect key lies elsewhere */
};

static struct slot_story *story_at(struct telling *t, uint64_t addr, int slot)
{
	uint64_t size = classic_of(t->s)->type.bucketsize;
	if (addr < t->b->addr || addr - t->b->addr >= size)
		return NULL;
	if (slot < 0)
		slot = slot_of_offset(&classic_of(t->s)->type, addr - t->b->addr);
	return slot >= 0 && slot < SLOTS ? &t->story[slot] : NULL;
}

static void tell_write(struct telling *t, const struct event *e)
{
	struct slot_story *y = story_at(t, e->addr, -1);
	const struct map_type *type = &classic_of(t->s)->type;
	uint64_t offset = e->addr - t->b->addr;
	if (!y || e->size > type->keysize + type->elemsize + 1u)
		return;
	if (offset < type->keys) {
		y->deeds |= DEED_WROTE_TOP;
		y->old_top = (uint8_t)e->old.v;
		y->new_top = (uint8_t)e->new.v;
	} else {
		y->deeds |= offset < type->elems ? DEED_WROTE_KEY : DEED_WROTE_ELEM;
	}
}

static void tell_move(struct telling *t, const struct event *e)
{
	struct slot_story *from = story_at(t, e->addr, (int)(e->a & 7)),
			  *to = story_at(t, e->b, (int)(e->d & 7));
	if (!from && !to)
		return;
	struct place p = scene_place(t->s, from ? e->b : e->addr);
	struct slot_story *y = from ? from : to;
	if (p.kind != PLACE_GROUP)
		return;
	y->deeds |= from ? DEED_MOVED : DEED_ARRIVED;
	y->other = p.group;
	y->other_slot = (int)((from ? e->d : e->a) & 7);
}

static void tell_read(struct telling *t, const struct event *e)
{
	struct slot_story *y;
	switch (e->kind) {
	case EV_TOPHASH:
	case EV_ITERSLOT:
	case EV_BACKFILL:
		t->looked_at = e->addr;
		if (!(y = story_at(t, e->addr, -1)))
			break;
		y->deeds |= e->kind == EV_TOPHASH ? DEED_TOP
			: e->kind == EV_BACKFILL  ? DEED_BACKFILL
						  : DEED_ITER;
		y->top = (uint8_t)e->a;
		y->result = (uint8_t)(e->kind == EV_TOPHASH ? e->d : e->kind == EV_ITERSLOT ? e->c : 0);
		break;
	case EV_LENGTH:
		if (!(y = story_at(t, e->addr, (int)(e->c & 7))))
			break;
		y->deeds |= DEED_LENGTH | (e->d ? DEED_LENGTH_EQUAL : 0u);
		y->length = e->a;
		break;
	case EV_KEY:
		if ((y = story_at(t, classic_of(t->s)->type.indirect_key ? t->looked_at : e->addr,
			     (int)(e->a & 7))))
			y->deeds |= DEED_KEY | (e->b ? DEED_EQUAL : 0u);
		break;
	default: break;
	}
}

static void tell_note(struct telling *t, const struct event *e)
{
	static const struct {
		uint16_t kind;
		unsigned deed;
	} notes[] = { { EV_INSERT, DEED_INSERT }, { EV_REMOVE, DEED_REMOVE }, { EV_FOUND, DEED_FOUND } };
	struct slot_story *y;
	for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++)
		if (e->kind == notes[i].kind && (y = story_at(t, e->addr, (int)(e->a & 7))))
			y->deeds |= notes[i].deed;
	if (e->kind == EV_ITEM && (y = story_at(t, e->addr, -1)))
		y->deeds |= DEED_GIVEN;
	if (e->kind == EV_HASH && e->addr && (y = story_at(t, e->addr, -1)))
		y->deeds |= DEED_HASHED;
}

void scene_stories(const struct scene *s, const struct map_group *b, struct slot_story story[SLOTS])
{
	struct telling t = { s, b, story, 0 };
	memset(story, 0, SLOTS * sizeof *story);
	if (!s->op.op)
		return;
	for (size_t i = 0; i < s->log->count; i++) {
		const struct event *e = &s->log->event[i];
		if (s->log->first + i < s->op.first)
			continue;
		if (e->kind == EV_WRITE)
			tell_write(&t, e);
		else if (e->kind == EV_MOVE)
			tell_move(&t, e);
		else if (event_info[e->kind].role == EVENT_read)
			tell_read(&t, e);
		tell_note(&t, e);
	}
}
