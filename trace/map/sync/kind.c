/* sync.Map as a kind of map: a struct over two classic maps, which are its parts; see trace/map/kind.h. */
#include "trace/map/classic/private.h"
#include "trace/map/sync/sync.h"

#include <string.h>

_Static_assert(sizeof(struct sync_view) <= MAP_STATE, "the state of a sync.Map has no room");

static const struct sync_view *state(const struct map_view *v)
{
	return (const struct sync_view *)(const void *)v->state;
}

static void type(const struct map_info *m, char *out, size_t cap)
{
	(void)m;
	snprintf(out, cap, "sync.Map");
}

static bool open(struct map_view *v)
{
	return sync_read(v->r, v->go, v->header, (struct sync_view *)(void *)v->state);
}

static bool object(const struct map_view *v, unsigned i, struct map_object *ret)
{
	const struct sync_layout *l = sync_layout(v->go);
	*ret = (struct map_object){ "sync.Map", v->header, l->size, l->fields };
	return i == 0;
}

static bool shape(const struct map_view *v, struct map_shape *ret)
{
	(void)v, (void)ret;
	return false;
}

static uint64_t part(const struct map_view *v, unsigned k)
{
	return k == SYNC_READ - 1 ? state(v)->read : state(v)->dirty;
}

/* The two maps' blocks are theirs; the others hold words. */
static bool stray(const struct map_view *v, const struct block *b, uint64_t addr, struct map_group *ret)
{
	(void)v, (void)b, (void)addr, (void)ret;
	return false;
}

/* Range loops over one of its two maps, with a variable of theirs. */
static bool block(const struct map_view *v, const struct block *b, struct map_object *ret)
{
	(void)v;
	if (b->role != ROLE_HITER)
		return false;
	*ret = (struct map_object){ "hiter", b->addr, HITER_SIZE, hiter_fields };
	return true;
}

static bool dump(const struct map_view *v, FILE *out)
{
	return sync_print(out, v->r, v->go, v->header);
}

/* Blocks of the two maps. */
static bool pointers(const struct map_view *v, enum block_role role, struct map_pointers *ret)
{
	struct go_type any = go_type_basic(GO_ANY), entry = go_type_basic(GO_ENTRY);
	struct map_view keys;
	map_open_at(&keys, MAP_CLASSIC, v->go, &any, &entry, 0, v->r);
	return keys.kind->pointers(&keys, role, ret);
}

/* What hangs on an entry is in use as long as it can be reached. */
static unsigned block_line(enum block_role role, bool used)
{
	(void)used;
	return classic_block_line(role, true);
}

static bool on_stack(const struct map_view *v, const struct map_info *m, const struct block *b)
{
	(void)v;
	return strcmp(m->place, "stack") == 0 && b->role == ROLE_SYNC;
}

/* An entry is shown as what it holds. */
static bool resolve(const struct reader *r, const struct go_type *t, const uint8_t *raw,
	struct go_type *ret_type, uint64_t *ret_addr, const char **ret_word)
{
	uint64_t entry;
	if (t->kind != GO_ENTRY)
		return false;
	memcpy(&entry, raw, 8);
	enum entry_state state = entry_read(r, entry, ret_addr);
	*ret_type = go_type_basic(GO_ANY);
	if (!entry || state != ENTRY_LIVE)
		*ret_word = entry ? entry_state_name[state] : "none";
	return true;
}

/* Entries are looked at and changed by calls for their keys. */
static bool key(const struct map_view *v, const struct event *e, struct event_key *ret)
{
	static const uint16_t told[] = { EV_ENTRY, EV_CAS, EV_EXPUNGE, EV_UNEXPUNGE, EV_ITEM };
	(void)v;
	if (e->kind == EV_PROMOTE && e->c > 1) {
		ret->change = KEY_PASS;
		ret->from = (uint32_t)e->c;
		ret->to = ret->from - (SYNC_DIRTY - SYNC_READ);
		return true;
	}
	ret->of = KEY_OF_CALL;
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if (e->kind == told[i])
			return true;
	return false;
}

/* ---- rows: none of its own ---- */

static struct kind_set row_kinds(void)
{
	return KINDS(EV_PROMOTE);
}

/* A growth of dirty goes on in read, which nobody writes: for ever. */
static unsigned row_event(void *state, const struct event *e, struct row_maker *k)
{
	(void)state;
	if (e->kind == EV_PROMOTE)
		k->abandon(k, e->c);
	return 0;
}

static const struct map_rows rows = { .kinds = row_kinds, .event = row_event };

const struct map_kind_ops map_kind_sync = { .name = "sync",
	.state = sizeof(struct sync_view),
	.type = type,
	.open = open,
	.object = object,
	.shape = shape,
	.parts = 2,
	.part = part,
	.key = key,
	.stray = stray,
	.block = block,
	.dump = dump,
	.resolve = resolve,
	.pointers = pointers,
	.header_role = ROLE_SYNC,
	.account = &classic_account,
	.block_line = block_line,
	.on_stack = on_stack,
	.rows = &rows };
