/* The view of a sync.Map: both its maps as one table of entries.
 *
 * A row is a key.  At the left is its slot in read, at the right the one in dirty, between them the one entry
 * that both point to: so a row with two slots is a shared entry.  `-`: that map does not have the key.
 */
#include "ui/scene/sync/sync.h"
#include "ui/grid/text.h"
#include "ui/view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { READ_X = 2, KEY_X = 11, ENTRY_W = 9, SLOT_W = 9, WIDE = 78, TALL = 16 };

/* What the words of the view mean, at its foot where there is room. */
static const struct {
	const char *name, *words;
} meanings[] = {
	{ "mutex", N_("needed to look into dirty and to change it: everybody else waits") },
	{ "amended", N_("dirty has keys that read lacks, so a key not in read may be in dirty") },
	{ "misses", N_("lookups that had to ask dirty; as many as its keys: it becomes read") },
	{ "nil", N_("deleted: only the entry is emptied, the slot stays") },
	{ "expunged", N_("deleted, and not in dirty: a new value puts the entry there first") },
};
enum { MEANINGS = sizeof meanings / sizeof meanings[0], NAME_W = 10 };

static void draw_meanings(const struct frame *f, struct rect r, int y)
{
	char fit[160];
	grid_rule(f->grid, r, y);
	for (int i = 0; i < MEANINGS; i++) {
		grid_put(f->grid, r, 1, y + 1 + i, S_LABEL, meanings[i].name);
		text_fit(_(meanings[i].words), r.w - NAME_W - 2, fit, sizeof fit);
		grid_put(f->grid, r, 1 + NAME_W, y + 1 + i, S_TEXT, fit);
	}
}

/* The entry that the step is about: that of the step, else the last one of the operation; 0: none. */
static uint64_t entry_in_focus(const struct scene *s)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;) {
		const struct event *e = &s->log->event[i];
		if (e->kind == EV_ENTRY || e->kind == EV_CAS || e->kind == EV_EXPUNGE ||
			e->kind == EV_UNEXPUNGE)
			return e->addr;
	}
	return 0;
}

static int key_width(struct rect r)
{
	return r.w >= 120 ? 36 : r.w >= WIDE ? 20 : 12;
}

/* "3.1:2", the slot whose key is at addr. */
static void slot_label(const struct scene *s, uint64_t hmap, uint64_t addr, char *out, size_t cap)
{
	struct hmap_view h;
	struct bucket_view b;
	struct map_type t = sync_map_type();
	snprintf(out, cap, "-");
	if (addr && hmap_read(s->mem, &t, hmap, &h) && bucket_locate(s->mem, &t, &h, addr, 0, &b))
		snprintf(out, cap, "%s%" PRIu64 ".%u:%u", b.array == ARRAY_OLD ? "o" : "", b.index, b.depth,
			(unsigned)((addr - b.addr - t.keys) / t.keysize));
}

static void any_text(const struct scene *s, uint64_t addr, char *out, size_t cap)
{
	struct go_type any = go_type_basic(GO_ANY);
	char text[SCENE_TEXT];
	value_print(s->mem, &any, addr, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, out, cap);
}

static style mark_style(const struct scene *s, uint64_t addr, style plain)
{
	uint8_t mark[8];
	scene_marks(s, addr, sizeof mark, mark);
	return mark[0] & MARK_WRITE ? S_WRITE_NOW : mark[0] & MARK_READ ? S_READ_NOW : plain;
}

/* Words about the bytes at addr, and behind them the letter of their mark; returns the column after. */
static int put_marked(
	const struct frame *f, struct rect r, int x, int y, uint64_t addr, style plain, const char *words)
{
	uint8_t mark[1];
	char letter[2] = { 0 };
	scene_marks(f->scene, addr, sizeof mark, mark);
	letter[0] = mark_letter(mark[0]);
	x = grid_put(f->grid, r, x, y, mark_style(f->scene, addr, plain), words);
	grid_put(f->grid, r, x + 1, y, S_LABEL, letter[0] ? letter : " ");
	return x + 2;
}

static void draw_entry(const struct frame *f, struct rect r, int y, const struct sync_entry *e, bool focus)
{
	const struct scene *s = f->scene;
	char text[SCENE_TEXT], fit[SCENE_TEXT];
	uint64_t value = 0, was = 0, now = 0;
	enum entry_state state = entry_read(s->mem, e->entry, &value);
	int key_w = key_width(r), entry_x = KEY_X + key_w + 1, value_x = entry_x + ENTRY_W,
	    dirty_x = r.w - SLOT_W;
	if (focus)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	if (!panel_put_mark(f, r, 1, y, e->key, 1) && e->dirty_key)
		panel_put_mark(f, r, 1, y, e->dirty_key, 1);
	slot_label(s, sync_of(s)->read, e->where & SYNC_IN_READ ? e->key : 0, text, sizeof text);
	grid_put(f->grid, r, READ_X, y, e->where & SYNC_IN_READ ? S_TEXT : S_DEAD, text);
	any_text(s, e->key, text, sizeof text);
	text_fit(text, key_w, fit, sizeof fit);
	grid_put(f->grid, r, KEY_X, y, S_KEY, fit);
	short_address(e->entry, 4, text, sizeof text);
	put_marked(f, r, entry_x, y, e->entry, S_PTR, text);
	bool changed = s->was && s->mem->read(s->mem, e->entry, &now, 8) &&
		s->was->read(s->was, e->entry, &was, 8) && was != now;
	grid_put(f->grid, r, value_x - 1, y, S_TITLE, changed ? "*" : " ");
	if (state == ENTRY_LIVE)
		any_text(s, value, text, sizeof text);
	else
		snprintf(text, sizeof text, "%s",
			state == ENTRY_NIL                ? _("nil: deleted")
				: state == ENTRY_EXPUNGED ? _("expunged: not in dirty")
							  : "?");
	text_fit(text, dirty_x - value_x - 1, fit, sizeof fit);
	grid_put(f->grid, r, value_x, y, state == ENTRY_LIVE ? S_ELEM : S_DEAD, fit);
	slot_label(s, sync_of(s)->dirty, e->dirty_key, text, sizeof text);
	grid_put(f->grid, r, dirty_x, y, e->dirty_key ? S_TEXT : S_DEAD, text);
}

/* The row of the sync.Map itself: mutex, read, amended, dirty, misses; two of them where it is narrow.
 * Returns the row after. */
static int draw_struct(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	const struct sync_view *v = sync_of(s);
	const struct sync_layout *l = sync_layout(s->outer->go);
	char text[64];
	int x = grid_put(f->grid, r, 1, y, S_LABEL, _("mutex")) + 1;
	x = put_marked(f, r, x, y, v->addr + SYNC_MUTEX, v->mutex ? S_TITLE : S_TEXT,
		    v->mutex ? _("LOCKED") : _("free  ")) +
		1;
	x = grid_put(f->grid, r, x, y, S_LABEL, "read") + 1;
	short_address(v->readonly, 4, text, sizeof text);
	x = put_marked(f, r, x, y, v->addr + l->pointer, S_PTR, v->readonly ? text : "nil  ") + 1;
	x = grid_put(f->grid, r, x, y, S_LABEL, "amended") + 1;
	x = grid_put(f->grid, r, x, y, S_TEXT, v->amended ? "true " : "false") + 2;
	if (r.w < WIDE)
		x = 1, y++;
	x = grid_put(f->grid, r, x, y, S_LABEL, "dirty") + 1;
	short_address(v->dirty, 4, text, sizeof text);
	x = put_marked(f, r, x, y, v->addr + l->dirty, S_PTR, v->dirty ? text : "nil  ") + 1;
	x = grid_put(f->grid, r, x, y, S_LABEL, "misses") + 1;
	snprintf(text, sizeof text, v->dirty_count ? _("%" PRId64 " of %" PRId64) : "%" PRId64, v->misses,
		v->dirty_count);
	put_marked(f, r, x, y, v->addr + l->misses, S_TEXT, text);
	return y + 1;
}

/* What the state means for what comes next. */
static void next_words(const struct sync_view *v, char *out, size_t cap)
{
	int64_t left = v->dirty_count - v->misses;
	if (v->amended && left == 1)
		snprintf(out, cap, "%s",
			_("Keys of read are found without the mutex. A lookup of any other takes it, a miss; the next one promotes dirty."));
	else if (v->amended)
		snprintf(out, cap,
			_("Keys of read are found without the mutex. A lookup of any other takes it, a miss; %" PRId64
			  " more promote dirty."),
			left);
	else if (v->read_count)
		snprintf(out, cap,
			_("read has every key: nothing that is looked up takes the mutex. A new key makes dirty: all entries of read are walked (%" PRId64
			  ")."),
			v->read_count);
	else
		snprintf(out, cap, "%s", _("There is no key. The first makes dirty, and read amended."));
}

static void draw_heads(const struct frame *f, struct rect r, int y, size_t first, size_t rows, size_t n)
{
	char right[64];
	int key_w = key_width(r);
	grid_rule(f->grid, r, y);
	grid_put(f->grid, r, READ_X - 1, y, S_LABEL, " read ");
	grid_put(f->grid, r, KEY_X - 1, y, S_LABEL, _(" key "));
	grid_put(f->grid, r, KEY_X + key_w, y, S_LABEL, _(" entry "));
	grid_put(f->grid, r, KEY_X + key_w + ENTRY_W, y, S_LABEL, _(" holds "));
	grid_put(f->grid, r, r.w - SLOT_W - 1, y, S_LABEL, " dirty ");
	if (n > rows) {
		snprintf(right, sizeof right, _(" %zu-%zu of %zu "), first + 1, first + rows, n);
		grid_put(f->grid, r, r.w - SLOT_W - 3 - text_width(right), y, S_LABEL, right);
	}
}

struct sync_state {
	uint64_t row;
}; /* the first row of the table, from 1; 0: it follows the step */

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct sync_state *v = own;
	const struct scene *s = f->scene;
	struct sync_entry *e = NULL;
	size_t n = 0, focus = 0;
	char title[160], words[256];
	if (!s->outer || !s->outer_ok) {
		panel_rule(f, body, 0, false, _("read and dirty"), NULL);
		panel_words(f, body, 1, 3, S_DEAD,
			_("The map in sight is no sync.Map. A workload makes one with syncmap KEY ELEM; mapscope demo sync-map shows one."));
		return;
	}
	snprintf(title, sizeof title, "sync.Map %s: %s, %s", s->outer->name, s->outer->key.name,
		s->outer->elem.name);
	panel_rule(f, body, 0, false, title, _("one row a key; two slots: a shared entry"));
	int y = draw_struct(f, body, 1), foot = body.h >= TALL ? 1 + MEANINGS : 0;
	next_words(sync_of(s), words, sizeof words);
	panel_words(f, body, y, 2, S_LABEL, words);
	y += 2;
	if (foot)
		draw_meanings(f, body, body.h - foot);
	bool all = sync_of(s)->read_count + sync_of(s)->dirty_count <= SYNC_SHOWN;
	if (all)
		sync_entries(s->mem, sync_of(s), SYNC_SHOWN, &e, &n);
	uint64_t entry = entry_in_focus(s);
	bool found = false;
	for (size_t i = 0; i < n && !found; i++)
		if (e[i].entry == entry) {
			focus = i;
			found = true;
		}
	size_t rows = body.h - foot > y + 1 ? (size_t)(body.h - foot - y - 1) : 0,
	       most = n > rows ? n - rows : 0;
	size_t first = focus >= rows ? focus - rows / 2 : 0;
	if (v->row)
		first = v->row - 1;
	first = first < most ? first : most;
	draw_heads(f, body, y, first, rows, n);
	for (size_t i = 0; i < rows && first + i < n; i++)
		draw_entry(f, body, y + 1 + (int)i, &e[first + i], found && focus == first + i);
	if (!n)
		grid_put(f->grid, body, READ_X, y + 1, S_DEAD,
			all ? _("no entries") : _("too many entries for a frame"));
	free(e);
}

/* Up and down move the table; Enter lets it follow the step again. */
static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct sync_state *v = own;
	const struct scene *s = f->scene;
	uint64_t most = s->outer_ok ? (uint64_t)(sync_of(s)->read_count + sync_of(s)->dirty_count) : 0;
	(void)st;
	(void)body;
	if (a == ACTION_ENTER && v->row) {
		v->row = 0;
		return true;
	}
	if (a != ACTION_UP && a != ACTION_DOWN)
		return false;
	uint64_t row = v->row ? v->row : 1, by = n ? n : 1;
	row = a == ACTION_DOWN ? row + by : row > by ? row - by : 1;
	v->row = row < most ? row : most ? most : 1;
	return true;
}

static const struct legend_row legend[] = {
	{ 0, "0.0:2", S_TEXT, N_("slot with a pointer to the entry") },
	{ 0, "-", S_DEAD, N_("that map does not have the key") },
	{ 0, "nil", S_DEAD, N_("deleted; expunged: not in dirty") },
	{ 0, "LOCKED", S_TITLE, N_("mutex: others must wait for it") },
	{ 0, "true", S_TEXT, N_("amended: dirty has more keys") },
	{ 0, "n of m", S_TEXT, N_("misses; at m dirty becomes read") },
};
const struct view view_sync = { .size = sizeof(struct sync_state),
	.draw = draw,
	.key = key,
	.legend = legend,
	.legend_rows = sizeof legend / sizeof legend[0],
	.legend_title = N_("R: a sync.Map") };
