/* The bucket arrays as strips of occupancy: two rows on a small screen, old, X and Y half on a wide one. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/draw.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A run of buckets in one row: first, first + 1, ... of an array that has all of them. */
struct strip {
	enum which_array array;
	uint64_t first, count, all;
	int x, pitch;
};

enum { WINDOW_LABEL = 8, CHAIN_W = 56 };

/* Is the bucket one that this step is about? */
static bool in_focus(const struct scene *s, enum which_array array, uint64_t i)
{
	const struct classic_scene *c = classic_of(s);
	if (c->evacuating)
		return array == ARRAY_OLD
			? i == c->evacuated
			: i == c->evacuated || (!scene_same_size(s) && i == c->evacuated + newbit(s));
	if (c->chosen_known && !s->after)
		return array == (c->chosen_old ? ARRAY_OLD : ARRAY_NEW) && i == c->chosen;
	return s->focus.ok && !s->focus.kept && !s->held && s->focus.view.array == array &&
		s->focus.view.index == i;
}

static bool is_held(const struct scene *s, enum which_array array, uint64_t i)
{
	return s->held && s->focus.view.array == array && s->focus.view.index == i;
}

/* The mark of an old bucket: moved, or how much of it has. */
static enum glyph moved_glyph(struct chain_sum c)
{
	if (c.moved && c.entries == 0)
		return G_MOVED;
	unsigned all = c.entries + c.waiting, quarter = all ? 4 * c.waiting / all : 4;
	return quarter >= 3 ? G_QUARTER3 : quarter == 2 ? G_QUARTER2 : G_QUARTER1;
}

static void cell_bar(const struct frame *f, struct rect r, int x, int y, struct chain_sum c, style s)
{
	if (c.moved)
		grid_glyph(f->grid, r, x, y, S_DEAD, moved_glyph(c));
	else
		panel_bar(f, r, x, y, s, c.entries);
}

static void cell_words(struct chain_sum c, int pitch, bool arrow, char *out, size_t cap)
{
	out[0] = 0;
	if (c.moved && pitch >= 11)
		snprintf(out, cap, c.entries ? pitch >= 14 ? _(" %u of %u") : " %u/%u" : _(" moved"),
			c.waiting, c.entries + c.waiting);
	else if (!c.moved && pitch >= 11)
		snprintf(out, cap, c.overflow ? " %u+%u" : " %u", c.entries, c.overflow);
	else if (!c.moved) /* one column: more than 9 is a plus */
		snprintf(out, cap, c.entries > 9 ? "+" : "%u", c.entries);
	if (arrow && pitch >= 14)
		snprintf(out + strlen(out), cap - strlen(out), " ←──");
}

/* The mark of a byte in the chain of a bucket that is watched or followed, GLYPHS: there is none. */
static enum glyph bucket_mark(const struct frame *f, enum which_array array, uint64_t i)
{
	const struct scene *s = f->scene;
	struct map_group b;
	enum glyph mark = GLYPHS;
	if (!f->find->watch.parts && !f->follows)
		return GLYPHS;
	bool more = classic_first(s, array, i, &b);
	for (int n = 0; more && mark == GLYPHS && n < 64; n++) { /* chains of traces may be anything */
		mark = panel_mark(f, b.addr, classic_of(s)->type.bucketsize);
		more = classic_next(s, &b);
	}
	return mark;
}

/* One bucket: "[3 ▅ 5]", "[3▅5]" or "[▅]", by the room; the brackets stand in the gaps. */
static void draw_cell(
	const struct frame *f, struct rect r, int y, const struct strip *t, uint64_t k, style bar)
{
	const struct scene *s = f->scene;
	uint64_t i = t->first + k;
	int x = t->x + (int)k * t->pitch;
	enum glyph mark = bucket_mark(f, t->array, i);
	bool focus = in_focus(s, t->array, i), held = is_held(s, t->array, i);
	struct chain_sum c = scene_chain(s, t->array, i);
	style text = focus ? S_TITLE : S_TEXT;
	int end = x;
	if (focus || held || k == 0) /* the closing bracket before it may stand here */
		grid_put(f->grid, r, end, y, text, focus ? "[" : held ? "<" : " ");
	end++;
	if (t->pitch >= 5)
		end = grid_printf(f->grid, r, end, y, text, "%" PRIu64 "%s", i,
			t->pitch < 6             ? ""
				: mark != GLYPHS ? glyph_utf8(mark)
						 : " ");
	else if (mark != GLYPHS && !focus && !held)
		grid_glyph(f->grid, r, x, y, S_TITLE, mark);
	cell_bar(f, r, end++, y, c, bar);
	if (t->pitch >= 5) {
		char words[48];
		bool arrow = classic_of(s)->evacuating && t->array == ARRAY_NEW && focus;
		cell_words(c, t->pitch, arrow, words, sizeof words);
		end = grid_put(f->grid, r, end, y, text, words);
	}
	if (focus || held)
		grid_put(f->grid, r, end, y, text, focus ? "]" : ">");
}

/* Chooses how many columns a bucket takes: the most generous that fits; 2, and a window around the bucket in
 * focus, when there are too many. */
static void strip_fit(const struct scene *s, struct strip *t, int width, int generous)
{
	static const int pitches[] = { 14, 11, 8, 7, 6, 3, 2 };
	int digits = 1;
	for (uint64_t last = t->first + t->count - 1; last >= 10; last /= 10)
		digits++;
	for (size_t i = 0; i < sizeof pitches / sizeof pitches[0]; i++) {
		t->pitch = pitches[i];
		if (t->pitch <= generous && t->count * (uint64_t)t->pitch <= (uint64_t)width &&
			(t->pitch < 6 || t->pitch >= digits + 5))
			return;
	}
	uint64_t room = width > WINDOW_LABEL + 18 ? (uint64_t)(width - WINDOW_LABEL) / 2 : 8,
		 window = room / 8 * 8, at = t->first;
	if (classic_of(s)->evacuating)
		at = classic_of(s)->evacuated +
			(t->array == ARRAY_NEW && t->first >= newbit(s) ? newbit(s) : 0);
	else if (s->focus.ok && s->focus.view.array == t->array)
		at = s->focus.view.index;
	else if (s->focus.ok && t->all)
		at = s->focus.view.index & (t->all - 1);
	if (at < t->first || at >= t->first + t->count)
		at = t->first + (t->all ? at % t->count : 0);
	uint64_t end = t->first + t->count;
	t->first += (at - t->first) / window *
		window; /* from where the run begins: X and Y stand below each other */
	t->count = end - t->first < window ? end - t->first : window;
}

/* A row of buckets, and what a click there means. */
static void draw_row(const struct frame *f, struct rect r, int y, const struct strip *t, style bar)
{
	hits_add(f->hits, r, t->x, y, (int)t->count * t->pitch,
		(struct hit){
			.kind = HIT_BUCKET, .a = t->first, .each = 1, .cell = t->pitch, .array = t->array });
	for (uint64_t k = 0; k < t->count; k++)
		draw_cell(f, r, y, t, k, bar);
}

static void draw_strip(
	const struct frame *f, struct rect r, int y, struct strip t, int width, int generous, style bar)
{
	uint64_t wanted = t.count, first = t.first;
	strip_fit(f->scene, &t, width, generous);
	if (t.count < wanted || t.first != first) { /* a window: say where it begins */
		char number[24];
		snprintf(number, sizeof number, "%" PRIu64, t.first);
		grid_put(f->grid, r, t.x, y, S_LABEL, number);
		t.x += WINDOW_LABEL;
	}
	draw_row(f, r, y, &t, bar);
}

/* brief: where the strip needs the room. */
static void per_bucket(const struct scene *s, bool brief, char *out, size_t cap)
{
	const struct classic_scene *c = classic_of(s);
	uint64_t n = array_buckets(&c->hmap, ARRAY_NEW);
	if (!n)
		snprintf(out, cap, "%s", _("no array yet"));
	else if (brief)
		snprintf(out, cap, _("%" PRId64 ", %.1f a bucket"), c->hmap.count,
			(double)c->hmap.count / (double)n);
	else
		snprintf(out, cap,
			P_("%" PRId64 " entry, %.1f a bucket", "%" PRId64 " entries, %.1f a bucket",
				(uint64_t)c->hmap.count),
			c->hmap.count, (double)c->hmap.count / (double)n);
}

/* How far the evacuation is: exact where counting is cheap, else what nevacuate says. */
static void evacuation_words(const struct scene *s, bool now, char *out, size_t cap)
{
	const struct classic_scene *c = classic_of(s);
	uint64_t old = newbit(s), done = 0;
	struct map_group b;
	if (old > 1024) {
		snprintf(out, cap, _("evacuated below %" PRIu64 " of %" PRIu64), c->hmap.nevacuate, old);
		return;
	}
	for (uint64_t i = 0; i < old; i++)
		if (!bucket_moves(s, i) && classic_first(s, ARRAY_OLD, i, &b))
			done += b.control[0] > EMPTY_ONE && b.control[0] < MIN_TOPHASH;
	int n = snprintf(out, cap,
		scene_growth_left(s) ? _("left at %" PRIu64 " of %" PRIu64 " moved")
				     : _("evacuated %" PRIu64 " of %" PRIu64),
		done, old);
	if (now && c->evacuating && n > 0 && (size_t)n < cap)
		snprintf(out + n, cap - (size_t)n, _(", bucket %" PRIu64 " now"), c->evacuated);
}

/* ---- alone: all rows of the screen ---- */

/* A chain in words: its buckets' addresses and tophashes. */
static void chain_words(
	const struct frame *f, struct rect r, int x, int y, int rows, enum which_array array, uint64_t i)
{
	const struct scene *s = f->scene;
	struct map_group b;
	bool more = classic_first(s, array, i, &b);
	for (int row = 0; more && row < rows; row++) {
		int end = grid_printf(f->grid, r, x, y + row, S_LABEL, "%010" PRIx64 " ", b.addr);
		for (int k = 0; k < SLOTS; k++)
			end = grid_printf(f->grid, r, end, y + row,
				tophash_full(b.control[k]) ? S_TOP : S_DEAD, " %02x", b.control[k]);
		more = classic_next(s, &b);
		if (more && row == rows - 1)
			grid_glyph(f->grid, r, end + 1, y + row, S_LABEL, G_CUT);
	}
}

/* Buckets in rows of as many as fit, the widest pitch that all fit with; a window around the bucket in focus
 * when none does. */
static void draw_tall(const struct frame *f, struct rect r, int y, int rows, struct strip t, style bar)
{
	static const int pitches[] = { 14, 11, 8, 7, 6, 3, 2 };
	const struct scene *s = f->scene;
	int width = r.w - WINDOW_LABEL - 2;
	uint64_t a_row = 1, first = t.first, end = t.first + t.count,
		 at = s->focus.ok ? s->focus.view.index : 0;
	t.x = WINDOW_LABEL;
	uint64_t across = r.w / CHAIN_W > 0 ? (uint64_t)(r.w / CHAIN_W) : 1,
		 down = (t.count + across - 1) / across;
	if (down <= (uint64_t)rows) { /* few: each with its chain in words */
		int each = rows / (int)down;
		t.pitch = 14;
		t.count = 1;
		for (uint64_t i = 0; first + i < end; i++) {
			t.first = first + i;
			t.x = 1 + (int)(i / down) * CHAIN_W;
			draw_row(f, r, y + (int)(i % down) * each, &t, bar);
			chain_words(f,
				(struct rect){
					r.x, r.y, t.x + CHAIN_W - 1 < r.w ? t.x + CHAIN_W - 1 : r.w, r.h },
				t.x + 16, y + (int)(i % down) * each, each, t.array, t.first);
		}
		return;
	}
	for (size_t i = 0; i < sizeof pitches / sizeof pitches[0]; i++) {
		t.pitch = pitches[i];
		for (a_row = 1; 2 * a_row * (uint64_t)t.pitch <= (uint64_t)width; a_row *= 2) {
		}
		if ((t.count + a_row - 1) / a_row <= (uint64_t)rows)
			break;
	}
	uint64_t all = (t.count + a_row - 1) / a_row,
		 row = at >= first && at < end ? (at - first) / a_row : (at % t.count) / a_row, top = 0;
	if (all > (uint64_t)rows) {
		top = row > (uint64_t)rows / 2 ? row - (uint64_t)rows / 2 : 0;
		if (top > all - (uint64_t)rows)
			top = all - (uint64_t)rows;
	}
	int each = all < (uint64_t)rows ? rows / (int)all : 1;
	for (int i = 0; i < rows && top + (uint64_t)i < all; i++) {
		t.first = first + (top + (uint64_t)i) * a_row;
		t.count = end - t.first < a_row ? end - t.first : a_row;
		grid_printf(f->grid, r, 1, y + i * each, S_LABEL, "%" PRIu64, t.first);
		draw_row(f, r, y + i * each, &t, bar);
	}
}

static void view_tall(const struct frame *f, struct rect r, enum panel p)
{
	const struct scene *s = f->scene;
	char title[160];
	uint64_t old = newbit(s), all = array_buckets(&classic_of(s)->hmap, ARRAY_NEW);
	bool splits = old && !scene_same_size(s);
	struct {
		const char *name;
		struct strip strip;
		style style;
	} part[3];
	int n = 0, y = 0;
	if (!all) {
		panel_head(f, r, 0, p, _("arrays"), _("no array yet"));
		return;
	}
	if (old) {
		part[n].name = _("old");
		part[n].style = S_TEXT;
		part[n++].strip = (struct strip){ ARRAY_OLD, 0, old, old, 0, 0 };
	}
	part[n].name = splits ? _("new, X half") : _("new");
	part[n].style = splits ? S_TO_X : S_TEXT;
	part[n++].strip = (struct strip){ ARRAY_NEW, 0, splits ? old : all, all, 0, 0 };
	if (splits) {
		part[n].name = _("new, Y half");
		part[n].style = S_TO_Y;
		part[n++].strip = (struct strip){ ARRAY_NEW, old, old, all, 0, 0 };
	}
	for (int i = 0; i < n; i++) {
		int rows = (r.h - y) / (n - i) - 1;
		if (i == 0 && old)
			evacuation_words(s, true, title, sizeof title);
		else
			per_bucket(s, false, title, sizeof title);
		panel_head(f, r, y, i == 0 ? p : PANELS, part[i].name, i == 0 || !old ? title : NULL);
		draw_tall(f, r, y + 1, rows, part[i].strip, part[i].style);
		y += rows + 1;
	}
}

void classic_strips(const struct frame *f, struct rect r)
{
	if (r.h > 4 && f->scene->live) {
		view_tall(f, r, PANEL_STRIPS);
		return;
	}
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	char words[96];
	int last = r.h - 1, width = r.w - 8;
	if (r.h > 1)
		grid_put(f->grid, r, 1, 0, S_LABEL, _("old"));
	grid_put(f->grid, r, 1, last, S_LABEL, _("new"));
	if (!s->live)
		return;
	uint64_t old = newbit(s), all = array_buckets(&c->hmap, ARRAY_NEW);
	struct strip o = { ARRAY_OLD, 0, old, old, 6, 0 }, n = { ARRAY_NEW, 0, all, all, 6, 0 };
	int generous = r.w >= 80 ? 11 : 7;
	if (r.h > 1 && old) {
		evacuation_words(s, false, words, sizeof words);
		int room = width - 2 - text_width(words);
		draw_strip(f, r, 0, o, room, generous, S_TEXT);
		grid_put_right(f->grid, r, r.w - 1, 0, S_GROW, words);
	} else if (r.h > 1) {
		grid_put(f->grid, r, 7, 0, S_TEXT, _("none: no growth under way"));
	}
	if (r.h == 1 && c->hmap.oldbuckets)
		snprintf(words, sizeof words,
			scene_growth_left(s) ? _("left open, %" PRIu64 " of %" PRIu64)
					     : _("growing, %" PRIu64 " of %" PRIu64),
			c->hmap.nevacuate, old);
	else
		per_bucket(s, all > 4 || r.w < 80, words, sizeof words);
	int room = all <= 4 && r.w >= 80 ? 45 : width - 2 - text_width(words);
	if (all)
		draw_strip(f, r, last, n, room, generous, S_TEXT);
	if (all <= 4 && r.w >= 80)
		grid_put(f->grid, r, 51, last, S_TEXT, words);
	else
		grid_put_right(f->grid, r, r.w - 1, last, S_TEXT, words);
}

/* ---- the wide form ---- */

/* What read has of a growth it was given as dirty: the last one of dirty that was not carried through, but
 * for one that today's dirty is in. */
static uint64_t growth_op(const struct scene *s)
{
	const struct growth_row *row;
	size_t n;
	struct source *src = s->player->source;
	bool left = scene_growth_left(s);
	struct hmap_view dirty;
	if (!s->map || src->growths(src, &row, &n) != 0)
		return 0;
	bool other = left &&
		hmap_read(s->mem, &classic_of(s)->type, map_header(src->map, s->map->map + 1u, s->mem),
			&dirty) &&
		dirty.oldbuckets;
	for (size_t i = n; i > 0; i--) {
		if (row[i - 1].map != s->map->map + left || row[i - 1].first_step > s->step)
			continue;
		if (!left)
			return row[i - 1].op;
		if (row[i - 1].last_step && row[i - 1].last_step <= s->step)
			continue;
		if (!other)
			return row[i - 1].op;
		other = false;
	}
	return 0;
}

static void arrays_title(const struct scene *s, char *out, size_t cap)
{
	char done[96];
	if (!s->live) {
		out[0] = 0;
		return;
	}
	if (!newbit(s)) {
		snprintf(out, cap, "%s", _("no growth under way"));
		return;
	}
	evacuation_words(s, true, done, sizeof done);
	snprintf(out, cap,
		scene_same_size(s) ? _("same-size growth since op %" PRIu64 "; %s")
				   : _("doubling since op %" PRIu64 "; %s"),
		growth_op(s), done);
}

/* What the picture at the left means, in up to three rows. */
static void arrays_words(const struct scene *s, char *out, size_t cap)
{
	const struct classic_scene *c = classic_of(s);
	uint64_t old = newbit(s), all = array_buckets(&c->hmap, ARRAY_NEW);
	if (!all) {
		snprintf(out, cap, "%s", _("There is no array yet: the first put makes one."));
	} else if (!old) {
		char load[96];
		per_bucket(s, false, load, sizeof load);
		snprintf(out, cap,
			P_("%s. The low %u bit of a key's hash chooses its bucket.",
				"%s. The low %u bits of a key's hash choose its bucket.", c->hmap.B),
			load, c->hmap.B);
		if (c->hmap.B == 0)
			snprintf(out, cap, _("%s. One bucket: no bit of the hash is needed to choose it."),
				load);
	} else if (scene_growth_left(s)) {
		snprintf(out, cap, "%s",
			_("A growth that nobody goes on with: read is never written. Lookups use the old buckets that have not moved."));
	} else if (scene_same_size(s)) {
		snprintf(out, cap,
			_("Same size: old i moves to new i, without the gaps and overflow buckets. Each put or delete pays for the bucket it touches and one more."));
	} else {
		snprintf(out, cap,
			_("old i splits into new i (X) and new i+%" PRIu64
			  " (Y); bit %d of the hash decides. Each put or delete pays for the bucket it touches and one more."),
			old, __builtin_ctzll(old));
	}
}

void classic_arrays(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	char title[160], words[256];
	if (r.h > 5 && s->live) {
		view_tall(f, r, PANEL_ARRAYS);
		return;
	}
	arrays_title(s, title, sizeof title);
	panel_head(f, r, 0, PANEL_ARRAYS, _("arrays"), title);
	grid_put(f->grid, r, 1, 1, S_LABEL, _("old"));
	if (!s->live)
		return;
	uint64_t old = newbit(s), all = array_buckets(&classic_of(s)->hmap, ARRAY_NEW),
		 half = old && !scene_same_size(s) ? old : all / 2;
	int width = r.w < 140 ? 58 : r.w - 66;
	if (old)
		draw_strip(f, r, 1, (struct strip){ ARRAY_OLD, 0, old, old, 7, 0 }, width, 14, S_TEXT);
	else
		grid_put(f->grid, r, 8, 1, S_TEXT, _("none"));
	bool splits = old && !scene_same_size(s);
	grid_put(f->grid, r, 1, 2, splits ? S_TO_X : S_LABEL, splits ? _("X new") : _("new"));
	if (half) {
		if (splits)
			grid_put(f->grid, r, 1, 3, S_TO_Y, _("Y new"));
		draw_strip(f, r, 2, (struct strip){ ARRAY_NEW, 0, half, half, 7, 0 }, width, 14,
			splits ? S_TO_X : S_TEXT);
		draw_strip(f, r, 3, (struct strip){ ARRAY_NEW, half, half, half, 7, 0 }, width, 14,
			splits ? S_TO_Y : S_TEXT);
	} else if (all) {
		draw_strip(f, r, 2, (struct strip){ ARRAY_NEW, 0, all, all, 7, 0 }, width, 14, S_TEXT);
	}
	arrays_words(s, words, sizeof words);
	const char *p = words;
	for (int y = 1; y <= 3 && *p; y++) {
		const char *next;
		size_t n = text_wrap(p, r.w - width - 10, &next);
		grid_printf(f->grid, r, width + 9, y, S_LABEL, "%.*s", (int)n, p);
		p = next;
	}
}
