/* bucket and slot: every bucket and slot as they stand after a step (`where step = N`; else after the last one).
 *
 * A cursor has a player of its own, so that joins may look at several steps; it goes through maps, arrays (new, then
 * old), buckets and their chains, decoding memory through trace/map/classic/model.h.
 */
#include "db/sql/vtab_private.h"

#include "trace/map/classic/model.h"
#include "trace/record/player.h"
#include "trace/map/kind.h"

#include <string.h>

struct walk {
	sqlite3_vtab_cursor base;
	struct source *source;
	struct player player;
	bool slots;                /* slot, not bucket */
	bool end;
	unsigned map;              /* index into source->map */
	struct map_type type;
	struct hmap_view hmap;
	enum which_array array;
	struct bucket_view bucket;
	unsigned slot;
	int64_t row;
};

static int walk_open(sqlite3_vtab *v, bool slots, sqlite3_vtab_cursor **ret)
{
	struct walk *c = sqlite3_malloc(sizeof *c);
	if (!c)
		return SQLITE_NOMEM;
	memset(c, 0, sizeof *c);
	c->source = ((struct trace_vtab *)(void *)v)->source;
	c->slots = slots;
	player_init(&c->player, c->source);
	*ret = &c->base;
	return SQLITE_OK;
}

static int bucket_open(sqlite3_vtab *v, sqlite3_vtab_cursor **ret)
{
	return walk_open(v, false, ret);
}

static int slot_open(sqlite3_vtab *v, sqlite3_vtab_cursor **ret)
{
	return walk_open(v, true, ret);
}

static int walk_close(sqlite3_vtab_cursor *cur)
{
	struct walk *c = (struct walk *)(void *)cur;
	player_release(&c->player);
	sqlite3_free(c);
	return SQLITE_OK;
}

static const struct reader *walk_memory(const struct walk *c)
{
	return image_reader(c->player.image);
}

static bool array_begin(struct walk *c, enum which_array array)
{
	c->array = array;
	return array_buckets(&c->hmap, array) > 0 &&
		bucket_first(walk_memory(c), &c->type, &c->hmap, array, 0, &c->bucket);
}

/* The first bucket of the first map at or after c->map that has one. */
static void map_begin(struct walk *c)
{
	for (; c->map < c->source->maps; c->map++) {
		const struct map_info *m = &c->source->map[c->map];
		struct go_type key, elem;
		if (m->kind != MAP_CLASSIC || !go_type_recorded(m->key_type, &key) || !go_type_recorded(m->elem_type, &elem))
			continue;
		c->type = map_type_make(key, elem);
		if (!hmap_read(walk_memory(c), &c->type, map_hmap(c->source->map, m->map, walk_memory(c)), &c->hmap))
			continue; /* nil, or not made yet */
		if (array_begin(c, ARRAY_NEW) || array_begin(c, ARRAY_OLD))
			return;
	}
	c->end = true;
}

static void bucket_advance(struct walk *c)
{
	uint64_t next = c->bucket.index + 1;
	if (bucket_next(walk_memory(c), &c->type, &c->hmap, &c->bucket))
		return;
	/* An array whose memory is damaged ends there; B may promise 2^48 buckets. */
	if (next < array_buckets(&c->hmap, c->array) &&
	    bucket_first(walk_memory(c), &c->type, &c->hmap, c->array, next, &c->bucket))
		return;
	if (c->array == ARRAY_NEW && array_begin(c, ARRAY_OLD))
		return;
	c->map++;
	map_begin(c);
}

static int walk_next(sqlite3_vtab_cursor *cur)
{
	struct walk *c = (struct walk *)(void *)cur;
	c->row++;
	if (c->slots && ++c->slot < SLOTS)
		return SQLITE_OK;
	c->slot = 0;
	bucket_advance(c);
	return SQLITE_OK;
}

static int walk_filter(sqlite3_vtab_cursor *cur, int number, const char *plan, int argc, sqlite3_value **argv)
{
	struct walk *c = (struct walk *)(void *)cur;
	(void)number, (void)argc;
	struct step_range r = vtab_range(plan, argv, c->source->steps);
	c->row = 1;
	c->map = c->slot = 0;
	c->end = r.lo > r.hi;
	if (c->end)
		return SQLITE_OK;
	if (player_seek(&c->player, r.exact ? r.lo : c->source->steps) != 0)
		return vtab_fail(c->base.pVtab, c->player.error);
	map_begin(c);
	return SQLITE_OK;
}

static int walk_eof(sqlite3_vtab_cursor *cur)
{
	return ((struct walk *)(void *)cur)->end;
}

static int walk_rowid(sqlite3_vtab_cursor *cur, sqlite3_int64 *ret)
{
	*ret = ((struct walk *)(void *)cur)->row;
	return SQLITE_OK;
}

static int walk_plan(sqlite3_vtab *v, sqlite3_index_info *info)
{
	(void)v;
	/* The rowid is not the step here, so only column 0 may be used. */
	for (int i = 0; i < info->nConstraint; i++)
		if (info->aConstraint[i].iColumn == 0 && info->aConstraint[i].usable &&
		    info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ) {
			info->aConstraintUsage[i].argvIndex = 1;
			info->idxStr = sqlite3_mprintf("=");
			info->needToFreeIdxStr = 1;
			info->estimatedCost = 1000;
			info->estimatedRows = 1000;
			return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
		}
	info->idxStr = (char *)"";
	info->estimatedCost = 1e5; /* the last step only: dearer, so that a join gives the step */
	return SQLITE_OK;
}

static int bucket_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
	(void)argc, (void)argv, (void)error;
	return vtab_connect(db, aux, "CREATE TABLE bucket(step INTEGER, map INTEGER, array TEXT, bucket INTEGER,"
		" depth INTEGER, address INTEGER, source TEXT, tophash BLOB, entries INTEGER, overflow INTEGER)", ret);
}

static int slot_connect(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
	(void)argc, (void)argv, (void)error;
	return vtab_connect(db, aux, "CREATE TABLE slot(step INTEGER, map INTEGER, array TEXT, bucket INTEGER,"
		" depth INTEGER, slot INTEGER, tophash INTEGER, state TEXT, key TEXT, elem TEXT)", ret);
}

enum { SHARED_COLUMNS = 5 };

/* step, map, array, bucket, depth: the first columns of both. */
static void shared_column(const struct walk *c, sqlite3_context *ctx, int column)
{
	switch (column) {
	case 0: sqlite3_result_int64(ctx, (int64_t)c->player.step); break;
	case 1: sqlite3_result_int(ctx, c->source->map[c->map].map); break;
	case 2: sqlite3_result_text(ctx, c->array == ARRAY_NEW ? "new" : "old", 3, SQLITE_STATIC); break;
	case 3: sqlite3_result_int64(ctx, (int64_t)c->bucket.index); break;
	case 4: sqlite3_result_int64(ctx, c->bucket.depth); break;
	}
}

static int bucket_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	static const char *const sources[] = { "main", "pre", "heap" };
	const struct walk *c = (const struct walk *)(void *)cur;
	switch (column) {
	case 5: sqlite3_result_int64(ctx, (int64_t)c->bucket.addr); break;
	case 6: sqlite3_result_text(ctx, sources[c->bucket.source], -1, SQLITE_STATIC); break;
	case 7: sqlite3_result_blob(ctx, c->bucket.tophash, SLOTS, SQLITE_TRANSIENT); break;
	case 8: sqlite3_result_int64(ctx, bucket_entries(&c->bucket)); break;
	case 9: sqlite3_result_int64(ctx, (int64_t)c->bucket.overflow); break;
	default: shared_column(c, ctx, column); break;
	}
	return SQLITE_OK;
}

/* The key or elem of a full slot, as Go would print it. */
static void result_value(const struct walk *c, sqlite3_context *ctx, bool key)
{
	const struct go_type *type = key ? &c->type.key : &c->type.elem;
	uint32_t size = key ? c->type.keysize : c->type.elemsize;
	uint32_t at = (key ? c->type.keys : c->type.elems) + c->slot * size;
	uint8_t raw[INDIRECT_OVER];
	char text[4096];
	if (!tophash_full(c->bucket.tophash[c->slot]) || size > sizeof raw ||
	    !image_read(c->player.image, c->bucket.addr + at, raw, size))
		return;
	slot_value_print(walk_memory(c), type, key ? c->type.indirect_key : c->type.indirect_elem, raw, VALUE_HUMAN, text,
		sizeof text);
	sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
}

static int slot_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	const struct walk *c = (const struct walk *)(void *)cur;
	uint8_t top = c->bucket.tophash[c->slot];
	switch (column) {
	case 5: sqlite3_result_int64(ctx, c->slot); break;
	case 6: sqlite3_result_int(ctx, top); break;
	case 7: sqlite3_result_text(ctx, tophash_name(top), -1, SQLITE_STATIC); break;
	case 8: result_value(c, ctx, true); break;
	case 9: result_value(c, ctx, false); break;
	default: shared_column(c, ctx, column); break;
	}
	return SQLITE_OK;
}

const sqlite3_module bucket_module = {
	.xConnect = bucket_connect, .xBestIndex = walk_plan, .xDisconnect = vtab_disconnect, .xOpen = bucket_open,
	.xClose = walk_close, .xFilter = walk_filter, .xNext = walk_next, .xEof = walk_eof, .xColumn = bucket_column,
	.xRowid = walk_rowid,
};

const sqlite3_module slot_module = {
	.xConnect = slot_connect, .xBestIndex = walk_plan, .xDisconnect = vtab_disconnect, .xOpen = slot_open,
	.xClose = walk_close, .xFilter = walk_filter, .xNext = walk_next, .xEof = walk_eof, .xColumn = slot_column,
	.xRowid = walk_rowid,
};
