/* event and move: every step, straight from the chunks, as tables.  (bucket and slot: vtab_memory.c.)
 *
 * A scan decodes a chunk at a time.  What is known about `step` narrows it to a range, and what is known
 * about `kind` lets it pass over chunks whose histogram has none of it; so `where kind = 'growth'` reads next
 * to nothing.
 */
#include "db/sql/vtab.h"
#include "db/sql/vtab_private.h"

#include "trace/map/about.h"
#include "trace/record/player.h"
#include "trace/record/walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what all four share ---- */

int vtab_connect(sqlite3 *db, void *aux, const char *declaration, sqlite3_vtab **ret)
{
	int code = sqlite3_declare_vtab(db, declaration);
	if (code != SQLITE_OK)
		return code;
	struct trace_vtab *v = sqlite3_malloc(sizeof *v);
	if (!v)
		return SQLITE_NOMEM;
	*v = (struct trace_vtab){ .source = aux };
	*ret = &v->base;
	return SQLITE_OK;
}

int vtab_disconnect(sqlite3_vtab *v)
{
	sqlite3_free(v);
	return SQLITE_OK;
}

int vtab_fail(sqlite3_vtab *v, const char *message)
{
	sqlite3_free(v->zErrMsg);
	v->zErrMsg = sqlite3_mprintf("%s", message);
	return SQLITE_CORRUPT;
}

/* The plan is a string with a letter for each value that filter will get: what it bounds, and how. */
int vtab_plan(sqlite3_index_info *info, int kind_column, bool sorted)
{
	char plan[64];
	int n = 0;
	bool exact = false, bounded = false, kind = false;
	for (int i = 0; i < info->nConstraint && n < (int)sizeof plan - 1; i++) {
		char letter = 0;
		int column = info->aConstraint[i].iColumn;
		if (!info->aConstraint[i].usable)
			continue;
		if (column <= 0) { /* step, which is the rowid too */
			switch (info->aConstraint[i].op) {
			case SQLITE_INDEX_CONSTRAINT_EQ:
				letter = '=';
				exact = true;
				break;
			case SQLITE_INDEX_CONSTRAINT_GT:
				letter = '>';
				bounded = true;
				break;
			case SQLITE_INDEX_CONSTRAINT_GE:
				letter = 'g';
				bounded = true;
				break;
			case SQLITE_INDEX_CONSTRAINT_LT:
				letter = '<';
				bounded = true;
				break;
			case SQLITE_INDEX_CONSTRAINT_LE:
				letter = 'l';
				bounded = true;
				break;
			}
		} else if (column == kind_column && info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ) {
			letter = 'k';
			kind = true;
		}
		if (letter) {
			info->aConstraintUsage[i].argvIndex = n +
				1; /* not omit: SQLite tests each row again */
			plan[n++] = letter;
		}
	}
	if (sorted && info->nOrderBy == 1 && info->aOrderBy[0].iColumn <= 0) {
		info->orderByConsumed = 1;
		if (info->aOrderBy[0].desc)
			plan[n++] = 'd';
	}
	plan[n] = 0;
	info->idxStr = sqlite3_mprintf("%s", plan);
	info->needToFreeIdxStr = 1;
	info->estimatedCost = exact ? 10 : (bounded ? 1e6 : 1e7) / (kind ? 10 : 1);
	info->estimatedRows = exact ? 1 : bounded ? 100000 : 10000000;
	return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

static uint64_t clamp(double v)
{
	return v < 0 ? 0 : v > 4e18 ? UINT64_C(4000000000000000000) : (uint64_t)v;
}

/* Narrows [lo, hi] by one value; a fraction or a text bounds less, and SQLite tests it again. */
static void range_narrow(struct step_range *r, char letter, sqlite3_value *value)
{
	int type = sqlite3_value_numeric_type(value);
	if (type == SQLITE_NULL) {
		r->lo = 1;
		r->hi = 0;
		return;
	}
	if (type != SQLITE_INTEGER && type != SQLITE_FLOAT)
		return;
	double d = sqlite3_value_double(value);
	int64_t i = sqlite3_value_int64(value);
	uint64_t below, above;
	if (type == SQLITE_INTEGER)
		below = above = i < 0 ? 0 : (uint64_t)i;
	else if (d != d)
		return;
	else
		below = clamp(floor(d)), above = clamp(ceil(d));
	if (type == SQLITE_INTEGER && i < 0 && strchr("=<l", letter)) {
		r->lo = 1;
		r->hi = 0;
		return;
	}
	if (strchr("=>g", letter) && below > r->lo)
		r->lo = below;
	if (strchr("=<l", letter) && above < r->hi)
		r->hi = above;
}

struct step_range vtab_range(const char *plan, sqlite3_value **argv, uint64_t steps)
{
	struct step_range r = { .lo = 1, .hi = steps, .kind = -1 };
	for (int i = 0; plan[i]; i++) {
		if (plan[i] == 'd') {
			r.descending = true;
		} else if (plan[i] == 'k') {
			const char *name = (const char *)sqlite3_value_text(argv[i]);
			r.kind = name ? event_kind_parse(name) : -1;
			if (r.kind < 0)
				r.hi = 0;
		} else {
			range_narrow(&r, plan[i], argv[i]);
			r.exact |= plan[i] == '=';
		}
	}
	return r;
}

/* ---- scanning steps ---- */

#define UNKNOWN UINT64_MAX

struct scan {
	sqlite3_vtab_cursor base;
	struct source *source;
	struct step_range range;
	struct kind_set kinds; /* range.kind */
	struct walk walk;      /* its chunk is that of step */
	uint64_t step, op;     /* where it is; the operation that goes on then.  step 0: at the end */
	/* event only: memory and what is known of keys, once a row's key is asked for; NULL before */
	struct keys {
		struct player player;
		struct about about;
		uint64_t step; /* the event that about was given last */
	} * keys;
	/* move only */
	struct walk before;           /* chunks before that one */
	uint64_t bucket, bucket_step; /* of the `evacuate` before step; step 0: not known */
	const struct growth_row *growth;
};

static struct source *source_of(sqlite3_vtab *v)
{
	return ((struct trace_vtab *)(void *)v)->source;
}

static int scan_open(sqlite3_vtab *v, sqlite3_vtab_cursor **ret)
{
	struct scan *c = sqlite3_malloc(sizeof *c);
	if (!c)
		return SQLITE_NOMEM;
	*c = (struct scan){ .source = source_of(v) };
	walk_init(&c->walk, c->source, 1);
	walk_init(&c->before, c->source, 1);
	*ret = &c->base;
	return SQLITE_OK;
}

static int scan_close(sqlite3_vtab_cursor *cur)
{
	struct scan *c = (struct scan *)(void *)cur;
	walk_release(&c->walk);
	walk_release(&c->before);
	if (c->keys)
		player_release(&c->keys->player);
	sqlite3_free(c->keys);
	sqlite3_free(c);
	return SQLITE_OK;
}

static int scan_eof(sqlite3_vtab_cursor *cur)
{
	return ((struct scan *)(void *)cur)->step == 0;
}

static int scan_rowid(sqlite3_vtab_cursor *cur, sqlite3_int64 *ret)
{
	*ret = (sqlite3_int64)((struct scan *)(void *)cur)->step;
	return SQLITE_OK;
}

/* Is the chunk of c->step decoded? */
static bool scan_here(const struct scan *c)
{
	return c->step - c->walk.chunk.first < c->walk.chunk.count;
}

static const struct event *scan_event(const struct scan *c)
{
	return &c->walk.chunk.events[c->step - c->walk.chunk.first];
}

/* Makes sure that the chunk of c->step is decoded, passing over chunks without the kind.  At the end step is
 * 0. */
static int scan_load(struct scan *c)
{
	const struct step_range *r = &c->range;
	while (c->step >= r->lo && c->step <= r->hi && !scan_here(c)) {
		c->op = UNKNOWN;
		if (r->kind >= 0 && walk_lacks(&c->walk, c->step, &c->kinds))
			c->step = r->descending ? c->walk.first - 1 : c->walk.last + 1;
		else if (walk_chunk(&c->walk, c->step) != 0)
			return vtab_fail(c->base.pVtab, c->source->error);
	}
	if (c->step < r->lo || c->step > r->hi)
		c->step = 0;
	else if (c->op == UNKNOWN && c->source->operation_at(c->source, c->step, &c->op) != 0)
		return vtab_fail(c->base.pVtab, c->source->error);
	return SQLITE_OK;
}

static void scan_step(struct scan *c)
{
	if (c->range.descending) {
		if (scan_event(c)->kind == EV_OP && c->op > 0)
			c->op--;
		c->step--;
	} else {
		c->step++;
		if (scan_here(c) && scan_event(c)->kind == EV_OP)
			c->op++;
	}
}

/* Goes on to an event of the kind wanted, beginning with the one at step. */
static int scan_find(struct scan *c)
{
	for (;;) {
		int code = scan_load(c);
		if (code != SQLITE_OK || c->step == 0 || c->range.kind < 0 ||
			scan_event(c)->kind == c->range.kind)
			return code;
		scan_step(c);
	}
}

static int scan_next(sqlite3_vtab_cursor *cur)
{
	struct scan *c = (struct scan *)(void *)cur;
	scan_step(c);
	return scan_find(c);
}

static int scan_start(struct scan *c)
{
	const struct step_range *r = &c->range;
	c->kinds = r->kind >= 0 ? KINDS((uint16_t)r->kind) : (struct kind_set){ 0 };
	c->op = UNKNOWN;
	c->bucket_step = 0;
	c->step = r->lo > r->hi ? 0 : r->descending ? r->hi : r->lo;
	return c->step ? scan_find(c) : SQLITE_OK;
}

static int scan_filter(sqlite3_vtab_cursor *cur, int number, const char *plan, int argc, sqlite3_value **argv)
{
	struct scan *c = (struct scan *)(void *)cur;
	(void)number, (void)argc;
	c->range = vtab_range(plan, argv, c->source->steps);
	return scan_start(c);
}

/* ---- event ---- */

enum event_column {
	EVENT_STEP,
	EVENT_OP,
	EVENT_MAP,
	EVENT_KIND,
	EVENT_ADDRESS,
	EVENT_SIZE,
	EVENT_OLD,
	EVENT_NEW,
	EVENT_A,
	EVENT_B,
	EVENT_C,
	EVENT_D,
	EVENT_TEXT,
	EVENT_E,
	EVENT_F,
	EVENT_KEY
};

static int event_connect(
	sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
	(void)argc, (void)argv, (void)error;
	return vtab_connect(db, aux,
		"CREATE TABLE event(step INTEGER, op INTEGER, map INTEGER, kind TEXT,"
		" address INTEGER, size INTEGER, old BLOB, new BLOB, a INTEGER, b INTEGER, c INTEGER, d "
		"INTEGER, text TEXT, e INTEGER HIDDEN, f INTEGER HIDDEN, key TEXT HIDDEN)",
		ret);
}

static int event_plan(sqlite3_vtab *v, sqlite3_index_info *info)
{
	(void)v;
	return vtab_plan(info, EVENT_KIND, true);
}

static void result_bytes(sqlite3_context *ctx, union event_bytes b, uint64_t size)
{
	uint8_t small[8];
	if (size > 8) {
		if (b.p)
			sqlite3_result_blob64(ctx, b.p, size, SQLITE_TRANSIENT);
		else
			sqlite3_result_zeroblob64(ctx, size);
		return;
	}
	event_bytes_copy(b, size, small);
	sqlite3_result_blob(ctx, small, (int)size, SQLITE_TRANSIENT);
}

static void result_text(sqlite3_context *ctx, const struct event *e, uint64_t step)
{
	char line[512];
	if (e->kind == EV_SAY) {
		if (e->size > 8)
			sqlite3_result_text64(
				ctx, (const char *)e->new.p, e->size, SQLITE_TRANSIENT, SQLITE_UTF8);
		else
			sqlite3_result_text(ctx, (const char *)&e->new.v, (int)e->size, SQLITE_TRANSIENT);
		return;
	}
	/* "step kind the rest": the first two have columns of their own */
	event_print(e, step, line, sizeof line);
	const char *p = line;
	for (int i = 0; i < 2; i++) {
		p += strcspn(p, " ");
		p += *p == ' ';
	}
	sqlite3_result_text(ctx, p, -1, SQLITE_TRANSIENT);
}

/* Brings memory and what is known of keys to the row's step.  Rows in order cost least. */
static int keys_go(struct scan *c)
{
	struct keys *k = c->keys;
	struct source *s = c->source;
	struct operation o = { 0 };
	if (!k) {
		if (!(k = c->keys = sqlite3_malloc(sizeof *k)))
			return SQLITE_NOMEM;
		player_init(&k->player, s);
		about_init(&k->about, s);
		k->step = 0;
	}
	if (k->step > c->step || k->about.op != c->op) { /* begin with its operation */
		if (c->op && s->operation(s, c->op, &o) != 0)
			return vtab_fail(c->base.pVtab, s->error);
		about_begin(&k->about, c->op);
		k->step = c->op ? o.first_step : c->step - 1;
	}
	while (k->step < c->step) {
		k->step++;
		if (player_seek(&k->player, k->step) != 0)
			return vtab_fail(c->base.pVtab, k->player.error);
		const struct event *e = player_event(&k->player, k->step);
		if (!e)
			return vtab_fail(c->base.pVtab, k->player.error);
		if (e->kind != EV_OP)
			about_event(&k->about, image_reader(k->player.image), e);
	}
	if (player_seek(&k->player, c->step) != 0)
		return vtab_fail(c->base.pVtab, k->player.error);
	return SQLITE_OK;
}

static int result_key(sqlite3_context *ctx, struct scan *c, const struct event *e)
{
	struct event_key what;
	char text[ABOUT_KEY];
	int code = keys_go(c);
	if (code == SQLITE_OK &&
		about_key(&c->keys->about, image_reader(c->keys->player.image), e, &what, text, sizeof text))
		sqlite3_result_text(ctx, text, -1, SQLITE_TRANSIENT);
	return code;
}

/* Has the kind a number a, b, ...?  a may be there as P or H, b as Q. */
static bool has_argument(const char *fields, int i)
{
	return strchr(fields, "abcdef"[i]) || (i == 0 && strpbrk(fields, "PH")) ||
		(i == 1 && strchr(fields, 'Q'));
}

static int event_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	struct scan *c = (struct scan *)(void *)cur;
	const struct event *e = scan_event(c);
	const char *fields = event_info[e->kind].fields;
	char name[EVENT_NAME];
	switch (column) {
	case EVENT_STEP: sqlite3_result_int64(ctx, (int64_t)c->step); break;
	case EVENT_OP:
		if (c->op)
			sqlite3_result_int64(ctx, (int64_t)c->op);
		break;
	case EVENT_MAP:
		if (e->map)
			sqlite3_result_int(ctx, e->map);
		break;
	case EVENT_KIND:
		sqlite3_result_text(ctx, event_name(e, name), -1,
			e->kind == EV_UNKNOWN ? SQLITE_TRANSIENT : SQLITE_STATIC);
		break;
	case EVENT_ADDRESS:
		if (strchr(fields, 'A'))
			sqlite3_result_int64(ctx, (int64_t)e->addr);
		break;
	case EVENT_SIZE:
		if (strchr(fields, 'S'))
			sqlite3_result_int64(ctx, (int64_t)e->size);
		break;
	case EVENT_OLD:
		if (strchr(fields, 'O'))
			result_bytes(ctx, e->old, e->size);
		break;
	case EVENT_NEW:
		if (strchr(fields, 'N') && e->kind != EV_SAY && e->kind != EV_UNKNOWN)
			result_bytes(ctx, e->new, e->size);
		break;
	case EVENT_A:
	case EVENT_B:
	case EVENT_C:
	case EVENT_D:
		if (has_argument(fields, column - EVENT_A))
			sqlite3_result_int64(ctx, (int64_t)event_arg(e, column - EVENT_A));
		break;
	case EVENT_E:
	case EVENT_F: /* no kind of this program has them yet: select * leaves them out */
		if (has_argument(fields, column - EVENT_E + 4))
			sqlite3_result_int64(ctx, (int64_t)event_arg(e, column - EVENT_E + 4));
		break;
	case EVENT_TEXT: result_text(ctx, e, c->step); break;
	case EVENT_KEY: return result_key(ctx, c, e);
	}
	return SQLITE_OK; /* what has not been set is null */
}

static const sqlite3_module event_module = {
	.xConnect = event_connect,
	.xBestIndex = event_plan,
	.xDisconnect = vtab_disconnect,
	.xOpen = scan_open,
	.xClose = scan_close,
	.xFilter = scan_filter,
	.xNext = scan_next,
	.xEof = scan_eof,
	.xColumn = event_column,
	.xRowid = scan_rowid,
};

/* ---- move ---- */

enum move_column {
	MOVE_STEP,
	MOVE_GROWTH,
	MOVE_FROM_BUCKET,
	MOVE_FROM_SLOT,
	MOVE_HALF,
	MOVE_TO_BUCKET,
	MOVE_TO_SLOT,
	MOVE_FROM_ADDRESS,
	MOVE_TO_ADDRESS
};

static int move_connect(
	sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **ret, char **error)
{
	(void)argc, (void)argv, (void)error;
	return vtab_connect(db, aux,
		"CREATE TABLE move(step INTEGER, growth INTEGER, from_bucket INTEGER,"
		" from_slot INTEGER, half TEXT, to_bucket INTEGER, to_slot INTEGER, from_address INTEGER,"
		" to_address INTEGER)",
		ret);
}

static int move_plan(sqlite3_vtab *v, sqlite3_index_info *info)
{
	(void)v;
	return vtab_plan(info, -1, true);
}

/* Finds the `evacuate` before step: in this chunk, or in one before. */
static int move_bucket(struct scan *c)
{
	const struct kind_set evacuate = KINDS(EV_EVACUATE);
	const uint64_t first = c->walk.chunk.first, known = c->bucket_step;
	struct walk *w = &c->walk;
	c->bucket_step = 0;
	for (uint64_t s = c->step; s > 0; s = w->first - 1) {
		w = s < first ? &c->before : &c->walk;
		if (s < first && walk_lacks(w, s, &evacuate))
			continue;
		if (walk_chunk(w, s) != 0)
			return vtab_fail(c->base.pVtab, c->source->error);
		for (; s >= w->first; s--) {
			const struct event *e = &w->chunk.events[s - w->first];
			if (e->kind == EV_EVACUATE)
				c->bucket = e->a;
			if (e->kind == EV_EVACUATE || s == known) {
				c->bucket_step = c->step;
				return SQLITE_OK;
			}
		}
	}
	c->bucket = 0;
	return SQLITE_OK;
}

static int move_growth(struct scan *c)
{
	const struct growth_row *g;
	size_t n, lo = 0, hi;
	unsigned map = scan_event(c)->map;
	if (c->source->growths(c->source, &g, &n) != 0)
		return vtab_fail(c->base.pVtab, c->source->error);
	for (hi = n; lo < hi;) { /* lo: growths that began at or before step */
		size_t mid = (lo + hi) / 2;
		if (g[mid].first_step <= c->step)
			lo = mid + 1;
		else
			hi = mid;
	}
	c->growth = NULL;
	for (; lo > 0 && !c->growth; lo--)
		if (g[lo - 1].map == map)
			c->growth = &g[lo - 1];
	return SQLITE_OK;
}

static int move_settle(struct scan *c, int code)
{
	if (code == SQLITE_OK && c->step)
		code = move_bucket(c);
	return code == SQLITE_OK && c->step ? move_growth(c) : code;
}

static int move_filter(sqlite3_vtab_cursor *cur, int number, const char *plan, int argc, sqlite3_value **argv)
{
	struct scan *c = (struct scan *)(void *)cur;
	(void)number, (void)argc;
	c->range = vtab_range(plan, argv, c->source->steps);
	c->range.kind = EV_MOVE;
	return move_settle(c, scan_start(c));
}

static int move_next(sqlite3_vtab_cursor *cur)
{
	struct scan *c = (struct scan *)(void *)cur;
	if (c->range.descending)
		c->bucket_step = 0; /* known only for steps behind it */
	return move_settle(c, scan_next(cur));
}

static int move_column(sqlite3_vtab_cursor *cur, sqlite3_context *ctx, int column)
{
	const struct scan *c = (const struct scan *)(void *)cur;
	const struct event *e = scan_event(c);
	uint64_t to = c->bucket;
	if (c->growth && e->c && c->growth->new_B != c->growth->old_B)
		to += UINT64_C(1) << c->growth->old_B;
	switch (column) {
	case MOVE_STEP: sqlite3_result_int64(ctx, (int64_t)c->step); break;
	case MOVE_GROWTH:
		if (c->growth)
			sqlite3_result_int64(ctx, (int64_t)c->growth->growth);
		break;
	case MOVE_FROM_BUCKET: sqlite3_result_int64(ctx, (int64_t)c->bucket); break;
	case MOVE_FROM_SLOT: sqlite3_result_int64(ctx, (int64_t)e->a); break;
	case MOVE_HALF: sqlite3_result_text(ctx, e->c ? "y" : "x", 1, SQLITE_STATIC); break;
	case MOVE_TO_BUCKET: sqlite3_result_int64(ctx, (int64_t)to); break;
	case MOVE_TO_SLOT: sqlite3_result_int64(ctx, (int64_t)e->d); break;
	case MOVE_FROM_ADDRESS: sqlite3_result_int64(ctx, (int64_t)e->addr); break;
	case MOVE_TO_ADDRESS: sqlite3_result_int64(ctx, (int64_t)e->b); break;
	}
	return SQLITE_OK;
}

static const sqlite3_module move_module = {
	.xConnect = move_connect,
	.xBestIndex = move_plan,
	.xDisconnect = vtab_disconnect,
	.xOpen = scan_open,
	.xClose = scan_close,
	.xFilter = move_filter,
	.xNext = move_next,
	.xEof = scan_eof,
	.xColumn = move_column,
	.xRowid = scan_rowid,
};

const char *const vtab_names[] = { "event", "move", "bucket", "slot", NULL };

int vtab_register(sqlite3 *db, struct source *source)
{
	static const sqlite3_module *const modules[] = { &event_module, &move_module, &bucket_module,
		&slot_module };
	int code = SQLITE_OK;
	for (size_t i = 0; vtab_names[i] && code == SQLITE_OK; i++)
		code = sqlite3_create_module(db, vtab_names[i], modules[i], source);
	/* Using them once connects them, which an authorizer set later would not let happen. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(db, "SELECT 1 FROM main.event, main.move, main.bucket, main.slot LIMIT 0",
			NULL, NULL, NULL);
	return code;
}
