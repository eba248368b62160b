/* Buckets as boxes; see boxes.h. */
#include "ui/scene/classic/boxes.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns in a box: with key and elem, with a key that most words fit in, with a short one, with a tophash
 * and a title of its own, with a tophash alone. */
enum {
	WITH_ELEMS = 20,
	WITH_KEYS = 11,
	WITH_SHORT_KEYS = 8,
	WITH_TITLE = 6,
	WITH_TOPS = 2,
	WIDEST = 30,
	BOX_ROWS = SLOTS + 2,
	HANGING_MOST = 6
};

/* ---- how they fit ---- */

static int columns_each(int w, int across)
{
	int each = (w - BOXES_LABEL - 1) / across - 1;
	return each > WIDEST ? WIDEST : each;
}

/* The halves stand under each other, X above Y, when a row has no more boxes than one half. */
static bool halves_apart(const struct boxes *b)
{
	return b->old && b->all > b->old && (uint64_t)b->across <= b->old;
}

int boxes_strip(const struct boxes *b)
{
	return b->old && !b->old_each ? 2 : 0;
}

/* Under a strip X and Y at the margin say enough. */
static bool has_rule(const struct boxes *b)
{
	return !(boxes_strip(b) && halves_apart(b));
}

int boxes_rows(const struct boxes *b)
{
	int each = BOX_ROWS + b->gap;
	return has_rule(b) + (int)(b->all / (uint64_t)b->across) * each + (b->old_each ? 1 + each : 0);
}

bool boxes_fit(struct boxes *b, const struct scene *s, int w, int h, int spare)
{
	static const int least[] = { WITH_KEYS, WITH_SHORT_KEYS, WITH_TITLE, WITH_TOPS };
	/* What goes first: the old array as boxes, then what stands below, then what hangs. */
	static const struct {
		int gap;
		bool strip, spare;
	} ways[] = { { 3, false, false }, { 2, false, false }, { 3, true, false }, { 2, true, false },
		{ 3, false, true }, { 2, false, true }, { 3, true, true }, { 2, true, true },
		{ 0, false, true }, { 0, true, true } };
	*b = (struct boxes){ .old = newbit(s), .all = array_buckets(&classic_of(s)->hmap, ARRAY_NEW) };
	if (!b->all || b->all > BOXES_MOST)
		return false;
	for (int wide = 0; wide < 4; wide++) {
		for (b->across = (int)b->all; b->across > 1 && columns_each(w, b->across) < least[wide];)
			b->across /= 2;
		b->each = columns_each(w, b->across);
		for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
			int rows = h + (ways[i].spare ? spare : 0),
			    old = columns_each(w, b->old ? (int)b->old : 1);
			if ((ways[i].strip && !b->old) || (b->old && !ways[i].strip && old < least[wide]))
				continue;
			b->old_each = b->old && !ways[i].strip ? old : 0;
			b->gap = ways[i].gap;
			if (boxes_strip(b) + boxes_rows(b) > rows)
				continue;
			while (b->gap < HANGING_MOST && boxes_strip(b) + boxes_rows(b) <= rows)
				b->gap++;
			b->gap -= boxes_strip(b) + boxes_rows(b) > rows;
			return true;
		}
	}
	return false;
}

/* ---- a box ---- */

struct box {
	const struct boxes *boxes;
	const struct frame *f;
	struct rect r;
	enum which_array array;
	uint64_t index;
	int x, y, each;         /* its upper left corner; columns inside */
	bool first, last, hung; /* of its row; the one before has something that hangs */
	bool focus;
	struct chain_sum sum;
};

/* The old bucket's entries have not begun to come into this new one; *ret: that chain. */
static bool waits(const struct box *b, struct chain_sum *ret)
{
	if (!b->boxes->old || b->array == ARRAY_OLD || b->sum.entries)
		return false;
	*ret = scene_chain(b->f->scene, ARRAY_OLD, b->index & (b->boxes->old - 1));
	return ret->ok && !ret->moved && !ret->waiting;
}

/* Has all of old bucket index moved, and is its move over? */
static bool moved_on(const struct scene *s, uint64_t index, const struct chain_sum *c)
{
	const struct classic_scene *k = classic_of(s);
	return c->moved && !c->entries && !(k->evacuating && index == k->evacuated);
}

static bool is_done(const struct box *b)
{
	return b->array == ARRAY_OLD && moved_on(b->f->scene, b->index, &b->sum);
}

/* Is the slot one that this step is about? */
static bool slot_now(const struct scene *s, const struct map_group *g, int slot)
{
	if (s->focus.ok && !s->focus.kept && s->focus.view.addr == g->addr && s->slot == slot)
		return true;
	for (int i = 0; i < SCENE_BUCKETS; i++)
		if (s->table[i].ok && !s->table[i].kept && s->table[i].view.addr == g->addr &&
			s->table_slot[i] == slot)
			return true;
	return false;
}

/* How a part of a group was touched by this step. */
static style now_style(const uint8_t *marks, uint32_t at, uint32_t size, style plain)
{
	uint8_t all = 0;
	for (uint32_t i = 0; i < size; i++)
		all |= marks[at + i];
	return all & MARK_WRITE ? S_WRITE_NOW : all & MARK_READ ? S_READ_NOW : plain;
}

static void draw_slot(const struct box *b, int y, const struct scene_group *g, const uint8_t *marks, int slot)
{
	const struct scene *s = b->f->scene;
	const struct map_type *t = &classic_of(s)->type;
	struct grid *grid = b->f->grid;
	uint8_t top = g->view.control[slot];
	int x = b->x + 1;
	char key[SCENE_TEXT], fit[SCENE_TEXT + 8];
	if (slot_now(s, &g->view, slot))
		grid_glyph(grid, b->r, b->x, y, S_TITLE, G_FOCUS);
	style plain = top == EVACUATED_X ? S_TO_X
		: top == EVACUATED_Y     ? S_TO_Y
		: tophash_full(top)      ? S_TOP
					 : S_PAD,
	      st = now_style(marks, (uint32_t)slot, 1, plain);
	if (top == EVACUATED_X || top == EVACUATED_Y)
		grid_put(grid, b->r, x, y, st, scene_same_size(s) ? "→ " : top == EVACUATED_Y ? "→Y" : "→X");
	else if (tophash_full(top) || top == EMPTY_ONE)
		grid_printf(grid, b->r, x, y, st, "%02x", top);
	else
		grid_put(grid, b->r, x, y, st, "· ");
	uint32_t at = t->keys + (uint32_t)slot * t->keysize;
	panel_put_mark(b->f, b->r, b->each < WITH_SHORT_KEYS ? b->x : x + 2, y, g->view.addr + at, t->keysize);
	if (b->each < WITH_SHORT_KEYS)
		return;
	bool any = tophash_full(top);
	for (uint32_t i = 0; i < t->keysize && !any; i++)
		any = g->bytes[at + i] || marks[at + i] & (MARK_READ | MARK_WRITE);
	if (!any)
		return;
	int room = b->each - 3;
	if (b->each >= WITH_ELEMS && t->elemsize && tophash_full(top)) {
		uint32_t elem = t->elems + (uint32_t)slot * t->elemsize;
		group_elem_text(s, &g->view, slot, key, sizeof key);
		text_fit(key, room / 2, fit, sizeof fit);
		grid_put_right(grid, b->r, x + b->each, y, now_style(marks, elem, t->elemsize, S_ELEM), fit);
		room -= text_width(fit) + 1;
	}
	group_key_text(s, &g->view, slot, key, sizeof key);
	text_fit(key, room, fit, sizeof fit);
	grid_put(grid, b->r, x + 3, y, now_style(marks, at, t->keysize, tophash_full(top) ? S_KEY : S_DEAD),
		fit);
}

/* "3 ▃ 4+1"; of an old bucket under way how many have moved; where there is less room, less. */
static void draw_title(const struct box *b)
{
	struct grid *grid = b->f->grid;
	struct chain_sum wait;
	char words[48], more[16] = "";
	bool brackets = b->focus;
	style st = brackets ? S_TITLE : S_LABEL;
	int x = b->x + 1, y = b->y, room = b->each;
	if (!brackets && b->boxes->old && b->boxes->all > b->boxes->old && b->array == ARRAY_NEW)
		st = b->index < b->boxes->old ? S_TO_X : S_TO_Y;
	if (room < WITH_TITLE) {
		grid_printf(grid, b->r, x, y, st, "%" PRIu64, b->index);
		if (brackets)
			grid_glyph(grid, b->r, b->x, y, st, G_FOCUS);
		return;
	}
	if (b->sum.overflow)
		snprintf(more, sizeof more, "+%u", b->sum.overflow);
	bool narrow = room < WITH_KEYS;
	if (!narrow)
		x = grid_glyph(grid, b->r, x, y, S_RULE, G_H);
	x = grid_put(grid, b->r, x, y, st, brackets ? "[" : narrow ? "" : " ");
	x = grid_printf(grid, b->r, x, y, st, "%" PRIu64 "%s", b->index, narrow ? "" : " ");
	if (is_done(b)) {
		x = grid_glyph(grid, b->r, x, y, S_DEAD, G_MOVED);
		snprintf(words, sizeof words, "%s", room > 14 ? _(" moved") : "");
	} else if (waits(b, &wait)) {
		x = grid_glyph(grid, b->r, x, y, S_GROW, G_QUARTER3);
		words[0] = 0;
	} else if (b->array == ARRAY_OLD && b->sum.moved) {
		x = grid_glyph(grid, b->r, x, y, S_GROW, G_QUARTER2);
		snprintf(words, sizeof words, narrow ? "%u/%u" : _(" %u of %u"), b->sum.waiting,
			b->sum.waiting + b->sum.entries);
	} else {
		panel_bar(b->f, b->r, x++, y, st, b->sum.entries);
		snprintf(words, sizeof words, "%s%u%s", narrow ? "" : " ", b->sum.entries, more);
	}
	x = grid_put(grid, b->r, x, y, st, words);
	if (brackets || !narrow)
		grid_put(grid, b->r, x, y, st, brackets ? "]" : " ");
}

static void draw_border(const struct box *b)
{
	struct grid *grid = b->f->grid;
	bool done = is_done(b);
	enum glyph side = done ? G_DASHED_V : G_V, line = done ? G_DASHED : G_H;
	int right = b->x + b->each + 1, low = b->y + BOX_ROWS - 1;
	grid_repeat(grid, b->r, b->x + 1, b->y, S_RULE, line, b->each);
	grid_repeat(grid, b->r, b->x + 1, low, S_RULE, line, b->each);
	grid_glyph(grid, b->r, b->x, b->y, S_RULE, b->first ? G_TOP_LEFT : G_T_DOWN);
	grid_glyph(grid, b->r, b->x, low, S_RULE, b->first ? G_BOTTOM_LEFT : G_T_UP);
	grid_glyph(grid, b->r, right, b->y, S_RULE, G_TOP_RIGHT);
	grid_glyph(grid, b->r, right, low, S_RULE, G_BOTTOM_RIGHT);
	for (int k = 0; k < SLOTS; k++) {
		if (b->first)
			grid_glyph(grid, b->r, b->x, b->y + 1 + k, S_RULE, side);
		grid_glyph(grid, b->r, right, b->y + 1 + k, S_RULE, side);
	}
	struct chain_sum old;
	if (b->each < WITH_TITLE && waits(b, &old))
		grid_glyph(grid, b->r, b->x + 1, low, S_GROW, G_QUARTER3);
	else if (b->each < WITH_TITLE)
		grid_printf(grid, b->r, b->x + 1, low, S_LABEL, "%2u", b->sum.entries);
}

/* In a box that waits: which old one its entries are in. */
static void draw_waiting(const struct box *b, const struct chain_sum *old)
{
	char lines[2][48], more[16] = "";
	if (old->overflow)
		snprintf(more, sizeof more, "+%u", old->overflow);
	snprintf(lines[0], sizeof lines[0], _("old %" PRIu64), b->index & (b->boxes->old - 1));
	snprintf(lines[1], sizeof lines[1], b->each < WITH_KEYS ? _("waits") : _("%u%s waits"), old->entries,
		more);
	for (int i = 0; i < 2; i++) {
		int w = text_width(lines[i]);
		if (w <= b->each)
			grid_put(b->f->grid, b->r, b->x + 1 + (b->each - w) / 2, b->y + 4 + i, S_LABEL,
				lines[i]);
	}
}

/* ---- what hangs below ---- */

/* The full slots of what hangs on a bucket, in order; `at` is the group and slot of the k-th. */
struct hanging {
	struct scene_group group;
	uint8_t marks[GROUP_MAX];
	int slot, next;
};

static bool hanging_next(const struct box *b, struct hanging *h)
{
	const struct scene *s = b->f->scene;
	for (;;) {
		for (; h->next < SLOTS; h->next++) {
			uint8_t top = h->group.view.control[h->next];
			if (!tophash_full(top) && top != EVACUATED_X && top != EVACUATED_Y &&
				!slot_now(s, &h->group.view, h->next))
				continue;
			h->slot = h->next++;
			return true;
		}
		if (!s->view.kind->chain(&s->view, &h->group.view))
			return false;
		group_fill(s, &h->group);
		if (!h->group.ok)
			return false;
		scene_marks(s, h->group.view.addr, h->group.view.size, h->marks);
		h->next = 0;
	}
}

/* At the first of those that hang on g, behind it. */
static void hanging_begin(struct hanging *h, const struct scene_group *g)
{
	h->group = *g;
	h->next = SLOTS;
}

/* How many of them there are, and which is the step's; -1: none. */
static unsigned hanging_count(const struct box *b, const struct scene_group *g, int *ret_now)
{
	struct hanging h;
	unsigned n = 0;
	*ret_now = -1;
	for (hanging_begin(&h, g); hanging_next(b, &h); n++)
		if (slot_now(b->f->scene, &h.group.view, h.slot))
			*ret_now = (int)n;
	return n;
}

/* As tophashes in a row or two, or under each other where boxes are narrow. */
static void draw_hanging_tops(const struct box *b, const struct scene_group *g, int y, int rows)
{
	struct grid *grid = b->f->grid;
	struct hanging h;
	int x = b->x + 1, end = b->x + 1 + b->each, last = y + rows, now;
	bool narrow = b->each < WITH_TITLE;
	unsigned left = hanging_count(b, g, &now);
	if (!narrow) {
		grid_glyph(grid, b->r, b->x, y, S_PTR, G_BOTTOM_LEFT);
		char words[48];
		snprintf(words, sizeof words, b->each < WITH_KEYS ? "%" PRIu64 ".1" : "%" PRIu64 ".1: %u",
			b->index, left);
		grid_put(grid, b->r, x, y++, S_LABEL, words);
	}
	for (hanging_begin(&h, g); y < last && hanging_next(b, &h); left--) {
		bool fits = narrow ? y + 1 < last || left == 1
				   : x + 5 <= end || (left == 1 && x + 2 <= end) || y + 1 < last;
		if (!fits)
			break;
		style st = now_style(h.marks, (uint32_t)h.slot, 1, S_TOP);
		if (slot_now(b->f->scene, &h.group.view, h.slot))
			grid_glyph(grid, b->r, x - 1, y, S_TITLE, G_FOCUS);
		grid_printf(grid, b->r, x, y, st, "%02x", h.group.view.control[h.slot]);
		x += 3;
		if (narrow || x + 2 > end) {
			x = b->x + 1;
			y++;
		}
	}
	if (left && y < last)
		grid_printf(grid, b->r, x, y, S_LABEL, "+%u", left);
}

/* In a box of their own, as many as there are rows for, and the step's among them. */
static void draw_hanging_box(const struct box *b, const struct scene_group *g, int y, int rows)
{
	struct grid *grid = b->f->grid;
	struct hanging h;
	char words[48];
	int now, right = b->x + b->each + 1, low = y + rows - 1, joint = b->x + 1 + b->each / 2;
	unsigned n = hanging_count(b, g, &now), room = (unsigned)rows - 2, from = 0, shown = 0;
	if (now >= (int)room)
		from = (unsigned)now - room + 1;
	for (int i = 0; i < 2; i++) {
		int at = i ? low : y;
		grid_repeat(grid, b->r, b->x + 1, at, S_RULE, G_H, b->each);
		grid_glyph(grid, b->r, b->x, at, S_RULE,
			b->hung     ? i ? G_T_UP : G_T_DOWN
				: i ? G_BOTTOM_LEFT
				    : G_TOP_LEFT);
		grid_glyph(grid, b->r, right, at, S_RULE, i ? G_BOTTOM_RIGHT : G_TOP_RIGHT);
	}
	for (int k = y + 1; k < low; k++) {
		grid_glyph(grid, b->r, b->x, k, S_RULE, G_V);
		grid_glyph(grid, b->r, right, k, S_RULE, G_V);
	}
	snprintf(words, sizeof words, b->sum.overflow > 1 ? " %" PRIu64 ".1-%u " : " %" PRIu64 ".%u ",
		b->index, b->sum.overflow);
	if (b->x + 1 + text_width(words) > joint)
		joint = b->x + 1 + text_width(words);
	grid_put(grid, b->r, b->x + 1, y, S_LABEL, words);
	if (joint < right) {
		grid_glyph(grid, b->r, joint, y, S_PTR, G_T_UP);
		grid_glyph(grid, b->r, joint, y - 1, S_PTR, G_T_DOWN);
	}
	hanging_begin(&h, g);
	for (unsigned k = 0; shown < room && hanging_next(b, &h); k++)
		if (k >= from)
			draw_slot(b, y + 1 + (int)shown++, &h.group, h.marks, h.slot);
	if (n > shown)
		snprintf(words, sizeof words, _(" %u more "), n - shown);
	else
		snprintf(words, sizeof words, _(" %u free "), b->sum.overflow * SLOTS - n);
	if (text_width(words) <= b->each)
		grid_put_right(grid, b->r, right, low, S_LABEL, words);
}

static void draw_box(struct box *b)
{
	const struct scene *s = b->f->scene;
	struct scene_group g;
	struct chain_sum old;
	uint8_t marks[GROUP_MAX];
	b->sum = scene_chain(s, b->array, b->index);
	group_at(s, b->array, b->index, 0, &g);
	draw_border(b);
	if (!g.ok)
		return;
	hits_add_area(b->f->hits, b->r, b->x, b->y, b->each + 1, BOX_ROWS,
		(struct hit){ .kind = HIT_OWN, .a = b->index, .array = b->array });
	draw_title(b);
	scene_marks(s, g.view.addr, g.view.size, marks);
	if (waits(b, &old)) {
		draw_waiting(b, &old);
	} else {
		for (int k = 0; k < SLOTS; k++)
			draw_slot(b, b->y + 1 + k, &g, marks, k);
	}
	if (!b->sum.overflow || is_done(b) || !b->boxes->gap)
		return;
	if (b->each < WITH_SHORT_KEYS || b->boxes->gap < 3)
		draw_hanging_tops(b, &g, b->y + BOX_ROWS, b->boxes->gap);
	else
		draw_hanging_box(b, &g, b->y + BOX_ROWS, b->boxes->gap);
}

/* ---- rows of them ---- */

/* The bucket in focus; of one of the old array those too that its entries go to. */
static bool in_focus(const struct boxes *b, enum which_array array, uint64_t index)
{
	if (b->array == ARRAY_OLD && array == ARRAY_NEW)
		return (index & (b->old - 1)) == b->index;
	return array == b->array && index == b->index;
}

static void draw_row(const struct boxes *bs, const struct frame *f, struct rect r, int y,
	enum which_array array, uint64_t first)
{
	bool old = array == ARRAY_OLD;
	struct box b = {
		.boxes = bs, .f = f, .r = r, .array = array, .y = y, .each = old ? bs->old_each : bs->each
	};
	if (!old && halves_apart(bs))
		grid_put(f->grid, r, 1, y, first >= bs->old ? S_TO_Y : S_TO_X, first >= bs->old ? "Y" : "X");
	for (int k = 0; k < SLOTS; k++)
		grid_printf(f->grid, r, 0, y + 1 + k, S_LABEL, "%3d", k);
	for (int i = 0, n = old ? (int)bs->old : bs->across; i < n; i++) {
		b.index = first + (uint64_t)i;
		b.x = BOXES_LABEL + i * (b.each + 1);
		b.first = i == 0;
		b.hung = i > 0 && b.sum.overflow && !is_done(&b);
		b.focus = in_focus(bs, array, b.index);
		draw_box(&b);
	}
}

/* The old array in a row: "3 ▒ 1 of 11", or only how far each is. */
static void draw_strip(const struct boxes *b, const struct frame *f, struct rect r)
{
	struct grid *g = f->grid;
	int each = (r.w - BOXES_LABEL) / (int)b->old;
	for (int i = 0; i < (int)b->old; i++) {
		struct box old = { .boxes = b,
			.f = f,
			.array = ARRAY_OLD,
			.index = (uint64_t)i,
			.each = each > 16 ? 16 : each };
		char words[48] = "", index[24] = "";
		int x = BOXES_LABEL + i * old.each, room = old.each - 3;
		bool focus = in_focus(b, ARRAY_OLD, old.index), moving;
		old.sum = scene_chain(f->scene, ARRAY_OLD, old.index);
		moving = !is_done(&old) && old.sum.moved;
		if (old.each >= 6)
			snprintf(index, sizeof index, "%d ", i);
		if (moving)
			snprintf(words, sizeof words, _(" %u of %u"), old.sum.waiting,
				old.sum.waiting + old.sum.entries);
		else if (!is_done(&old) && old.sum.overflow)
			snprintf(words, sizeof words, "%s%u+%u", each > 8 ? " " : "", old.sum.entries,
				old.sum.overflow);
		else if (!is_done(&old))
			snprintf(words, sizeof words, "%s%u", each > 8 ? " " : "", old.sum.entries);
		if (text_width(index) + text_width(words) > room)
			words[old.each >= 6 && !moving ? 1 + (old.sum.entries > 9) : 0] = 0;
		hits_add(f->hits, r, x, 1, old.each,
			(struct hit){ .kind = HIT_OWN, .a = old.index, .array = ARRAY_OLD });
		style st = focus ? S_TITLE : S_TEXT;
		x = grid_put(g, r, x, 1, st, focus ? "[" : " ");
		x = grid_put(g, r, x, 1, st, index);
		if (is_done(&old))
			x = grid_glyph(g, r, x, 1, S_DEAD, G_MOVED);
		else if (moving)
			x = grid_glyph(g, r, x, 1, S_GROW, G_QUARTER2);
		else
			panel_bar(f, r, x++, 1, st, old.sum.entries);
		x = grid_put(g, r, x, 1, st, words);
		if (focus)
			grid_put(g, r, x, 1, st, "]");
	}
}

/* What is said of a growth at the right end of the old array's rule. */
static void progress_of(const struct boxes *b, const struct scene *s, int room, char *out, size_t cap)
{
	uint64_t done = 0;
	for (uint64_t i = 0; i < b->old; i++) {
		struct chain_sum sum = scene_chain(s, ARRAY_OLD, i);
		done += moved_on(s, i, &sum);
	}
	if (scene_growth_left(s)) {
		int n = room < 100 ? 0 : snprintf(out, cap, "%s", _(" left open: read is never written "));
		snprintf(out + n, cap - (size_t)n, _("left at %" PRIu64 " of %" PRIu64 " moved"), done, b->old);
		return;
	}
	snprintf(out, cap,
		room < 100 ? _("%" PRIu64 " of %" PRIu64 " moved, nevacuate %" PRIu64)
			   : _("× moved  ▒ moving  ░ waits for its old bucket: %" PRIu64 " of %" PRIu64
			       " moved, nevacuate %" PRIu64),
		done, b->old, classic_of(s)->hmap.nevacuate);
}

static void title_of(const struct boxes *b, const struct scene *s, char *out, size_t cap)
{
	if (!b->old)
		snprintf(out, cap, P_("%" PRIu64 " bucket", "%" PRIu64 " buckets", b->all), b->all);
	else if (scene_same_size(s))
		snprintf(out, cap,
			P_("new, the same size: %" PRIu64 " bucket",
				"new, the same size: %" PRIu64 " buckets", b->all),
			b->all);
	else
		snprintf(out, cap, _("new: %" PRIu64 " buckets, X below %" PRIu64 ", Y from there on"),
			b->all, b->old);
}

void boxes_draw(const struct boxes *b, const struct frame *f, struct rect r)
{
	char title[96], right[128];
	int y = boxes_strip(b);
	bool narrow = b->each < WITH_TITLE;
	if (b->old) {
		snprintf(title, sizeof title,
			P_("old: %" PRIu64 " bucket", "old: %" PRIu64 " buckets", b->old), b->old);
		progress_of(b, f->scene, r.w, right, sizeof right);
		panel_rule(f, r, 0, b->array == ARRAY_OLD, title, right);
	}
	if (y)
		draw_strip(b, f, r);
	if (b->old_each) {
		draw_row(b, f, r, 1, ARRAY_OLD, 0);
		y += 1 + BOX_ROWS + b->gap;
	}
	if (has_rule(b)) {
		title_of(b, f->scene, title, sizeof title);
		panel_rule(f, r, y++, b->array == ARRAY_NEW, title,
			narrow ? _("tophashes; below, entries") : NULL);
	}
	for (uint64_t i = 0; i < b->all; i += (uint64_t)b->across, y += BOX_ROWS + b->gap)
		draw_row(b, f, r, y, ARRAY_NEW, i);
}
