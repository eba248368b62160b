/* bucket and slot: every bucket and slot as they stand after a step (`where step = N`; else after the last
 * one).
 *
 * A cursor has a player of its own, so that joins may look at several steps; it goes through maps, arrays
 * (new, then old), groups and their chains, as the map's kind reads them.
 */
#include "db/sql/vtab_private.h"

#include "trace/map/kind.h"
#include "trace/map/value.h"
#include "trace/record/player.h"

#include <string.h>

struct walk {
	sqlite3_vtab_cursor base;
	struct source *source;
	struct player player;
	bool slots; /* slot, not bucket */
	bool end;
	unsigned map; /* index into source->map */
	struct map_view view;
	struct map_group group;
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

/* The first group of the first map at or after c->map that has one. */
static void map_begin(struct walk *c)
{
	for (; c->map < c->source->maps; c->map++) /* some are nil, or not made yet */
		if (map_open(&c->view, c->source->map, c->map + 1, walk_memory(c)) &&
			map_first(&c->view, &c->group))
			return;
	c->end = true;
}

static void group_advance(struct walk *c)
{
	if (map_next(&c->view, &c->group))
		return;
	c->map++;
	map_begin(c);
}

static int walk_next(sqlite3_vtab_cursor *cur)
{
	struct walk *c = (struct walk *)(void *)cur;
	c->row++;
	if (c->slots && ++c->slot < c->group.slots)
		return SQLITE_OK;
	c->slot = 0;
	group_advance(c);
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

static int bucket_connect(
	sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
	(void)argc, (void)argv, (void)error;
	return vtab_connect(db, aux,
		"CREATE TABLE bucket(step INTEGER, map INTEGER, array TEXT, bucket INTEGER,"
		" depth INTEGER, address INTEGER, source TEXT, tophash BLOB, entries INTEGER, overflow "
		"INTEGER)",
		ret);
}

static int slot_connect(
	sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
	(void)argc, (void)argv, (void)error;
	return vtab_connect(db, aux,
		"CREATE TABLE slot(step INTEGER, map INTEGER, array TEXT, bucket INTEGER,"
		" depth INTEGER, slot INTEGER, tophash INTEGER, state TEXT, key TEXT, elem TEXT)",
		ret);
}

static void result_array(const struct walk *c, sqlite3_context *ctx)
{
	struct map_array a;
	if (c->view.kind->array(&c->view, c->group.array, &a))
		sqlite3_result_text(ctx, a.name, -1, SQLITE_TRANSIENT);
}

/* step, map, array, bucket, depth: the first columns of both. */
static void shared_column(const struct walk *c, sqlite3_context *ctx, int column)
{
	switch (column) {
	case 0: sqlite3_result_int64(ctx, (int64_t)c->player.step); break;
	case 1: sqlite3_result_int(ctx, c->source->map[c->map].map); break;
	case 2: result_array(c, ctx); break;
	case 3: sqlite3_result_int64(ctx, (int64_t)c->group.index); break;
	case 4: sqlite3_result_int64(ctx, c->group.depth); break;
	}
}

static int bucket_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	const struct walk *c = (const struct walk *)(void *)cur;
	switch (column) {
	case 5: sqlite3_result_int64(ctx, (int64_t)c->group.addr); break;
	case 6: sqlite3_result_text(ctx, group_source_name[c->group.source], -1, SQLITE_STATIC); break;
	case 7: sqlite3_result_blob(ctx, c->group.control, (int)c->group.controls, SQLITE_TRANSIENT); break;
	case 8: sqlite3_result_int64(ctx, group_entries(&c->view, &c->group)); break;
	case 9: sqlite3_result_int64(ctx, (int64_t)c->group.next); break;
	default: shared_column(c, ctx, column); break;
	}
	return SQLITE_OK;
}

/* The key or elem of a full slot, as Go would print it. */
static void result_value(
	const struct walk *c, sqlite3_context *ctx, const struct map_slot *s, const struct map_value *v)
{
	char text[4096];
	if (s->state == SLOT_FULL && map_value_print(walk_memory(c), v, VALUE_HUMAN, text, sizeof text))
		sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
}

static int slot_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	const struct walk *c = (const struct walk *)(void *)cur;
	struct map_slot s;
	c->view.kind->slot(&c->view, &c->group, c->slot, &s);
	switch (column) {
	case 5: sqlite3_result_int64(ctx, c->slot); break;
	case 6:
		if (c->slot < c->group.controls)
			sqlite3_result_int(ctx, c->group.control[c->slot]);
		break;
	case 7: sqlite3_result_text(ctx, s.name, -1, SQLITE_STATIC); break;
	case 8: result_value(c, ctx, &s, &s.key); break;
	case 9: result_value(c, ctx, &s, &s.elem); break;
	default: shared_column(c, ctx, column); break;
	}
	return SQLITE_OK;
}

const sqlite3_module bucket_module = {
	.xConnect = bucket_connect,
	.xBestIndex = walk_plan,
	.xDisconnect = vtab_disconnect,
	.xOpen = bucket_open,
	.xClose = walk_close,
	.xFilter = walk_filter,
	.xNext = walk_next,
	.xEof = walk_eof,
	.xColumn = bucket_column,
	.xRowid = walk_rowid,
};

const sqlite3_module slot_module = {
	.xConnect = slot_connect,
	.xBestIndex = walk_plan,
	.xDisconnect = vtab_disconnect,
	.xOpen = slot_open,
	.xClose = walk_close,
	.xFilter = walk_filter,
	.xNext = walk_next,
	.xEof = walk_eof,
	.xColumn = slot_column,
	.xRowid = walk_rowid,
};
