/* The view of a bucket: its slots, its whole chain, and where each entry went, came from or will go, with the
 * bit of the hash that decides.
 */
#include "ui/scene/target.h"
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/draw.h"
#include "ui/scene/classic/hashes.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SLOT_ROWS = 9, TABLE_ROWS = SLOTS + 2, CHAIN_SEEN = 64 };

static const char *source_words(const struct map_group *b)
{
	return b->source == GROUP_MAIN     ? _("in the array")
		: b->source == GROUP_SPARE ? _("spare one behind the array")
					   : _("from the heap");
}

static void draw_link(const struct frame *f, struct rect r, int y, const struct map_group *b, bool focus)
{
	const struct scene *s = f->scene;
	char label[48], next[24], words[96];
	if (!s->focus.kept)
		hits_add(f->hits, r, 0, y, r.w, classic_slot_hit(b, 0));
	group_label(s, b, true, label, sizeof label);
	if (focus)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	int x = grid_printf(
		f->grid, r, 1, y, focus ? S_TITLE : S_TEXT, "%-11s %010" PRIx64 " ", label, b->addr);
	for (int k = 0; k < SLOTS; k++)
		x = grid_printf(f->grid, r, x, y, tophash_full(b->control[k]) ? S_TOP : S_DEAD, " %02x",
			b->control[k]);
	snprintf(words, sizeof words, _("  %u full  "), group_entries(&s->view, b));
	x = grid_put(f->grid, r, x, y, S_TEXT, words);
	if (b->next) {
		short_address(b->next, 4, next, sizeof next);
		x = grid_printf(f->grid, r, x, y, S_PTR, _("→ %s"), next);
	} else {
		x = grid_put(f->grid, r, x, y, S_DEAD, _("→ nil"));
	}
	if (x + 2 + text_width(source_words(b)) < r.w)
		grid_put(f->grid, r, x + 2, y, S_LABEL, source_words(b));
}

/* The chain of the bucket in focus, rows around it. */
static void draw_chain(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct map_group *at = &s->focus.view;
	struct map_group b;
	char title[96];
	if (r.h < 2)
		return;
	unsigned length = s->focus.kept ? 1 : 1 + scene_chain(s, at->array, at->index).overflow;
	snprintf(title, sizeof title,
		P_("chain: %u bucket", "chain: %u buckets, left and right go along it", length), length);
	panel_rule(f, r, 0, false, title, _("address, tophash bytes, overflow pointer"));
	if (s->focus.kept) {
		draw_link(f, r, 1, at, true);
		return;
	}
	unsigned rows = (unsigned)r.h - 1, first = at->depth >= rows ? at->depth - rows + 1 : 0;
	bool more = classic_first(s, at->array, at->index, &b);
	while (more && b.depth < first + rows) {
		if (b.depth >= first)
			draw_link(f, r, 1 + (int)(b.depth - first), &b, b.depth == at->depth);
		more = classic_next(s, &b);
	}
}

/* ---- where entries went ---- */

static void moved_words(const struct scene *s, int slot, char *out, size_t cap)
{
	uint64_t bucket, old = newbit(s);
	unsigned depth;
	int to, bit = old ? __builtin_ctzll(old) : 0;
	uint8_t top = s->focus.view.control[slot];
	bool known = moved_to(s, &s->focus.view, slot, &bucket, &depth, &to);
	if (top == EVACUATED_EMPTY)
		snprintf(out, cap, "%s", _("was empty: nothing to move"));
	else if (scene_same_size(s) && known)
		snprintf(
			out, cap, _("→ new %" PRIu64 ".%u:%d, same size: no bit decides"), bucket, depth, to);
	else if (known && nan_by_tophash(s, s->focus.view.addr, slot))
		snprintf(out, cap, _("→ %s, new %" PRIu64 ".%u:%d: a NaN, by the low bit of its tophash"),
			top == EVACUATED_Y ? "Y" : "X", bucket, depth, to);
	else if (known)
		snprintf(out, cap, _("→ %s, new %" PRIu64 ".%u:%d: bit %d of its hash is %d"),
			top == EVACUATED_Y ? "Y" : "X", bucket, depth, to, bit, top == EVACUATED_Y);
	else
		snprintf(out, cap, _("→ %s: bit %d of its hash is %d"), top == EVACUATED_Y ? "Y" : "X", bit,
			top == EVACUATED_Y);
}

/* Which half the key's own hash chooses, where it is known. */
static bool half_words(const struct frame *f, int slot, char *out, size_t cap)
{
	const struct scene *s = f->scene;
	const struct map_group *v = &s->focus.view;
	uint64_t hash, old = newbit(s);
	bool waits = v->array == ARRAY_OLD;
	unsigned bit = waits ? (unsigned)__builtin_ctzll(old | UINT64_C(1) << 63) : classic_of(s)->hmap.B;
	if (s->focus.kept || (old && (!waits || scene_same_size(s))) || !hash_of_slot(f, v, slot, &hash))
		return false;
	bool one = hash >> bit & 1;
	uint64_t to = v->index + (one ? UINT64_C(1) << bit : 0);
	if (waits)
		snprintf(out, cap, _("waits: bit %u of its hash is %d: to %s, new %" PRIu64), bit, one,
			one ? "Y" : "X", to);
	else
		snprintf(out, cap,
			one ? _("bit %u of its hash is 1: a doubling takes it to Y, %" PRIu64)
			    : _("bit %u of its hash is 0: a doubling leaves it in X, %" PRIu64),
			bit, to);
	return true;
}

static void stays_words(const struct scene *s, int slot, const struct slot_story *y, char *out, size_t cap)
{
	const struct map_group *v = &s->focus.view;
	uint64_t old = newbit(s);
	if (y->deeds & DEED_ARRIVED)
		snprintf(out, cap, _("← old %" PRIu64 ".%u:%d, in this operation"), y->other.index,
			y->other.depth, y->other_slot);
	else if (v->array == ARRAY_OLD && scene_same_size(s))
		snprintf(out, cap, _("waits: goes to new %" PRIu64), v->index);
	else if (v->array == ARRAY_OLD && old && nan_by_tophash(s, v->addr, slot))
		snprintf(out, cap, _("waits: a NaN: the low bit of its tophash decides, %d: %s"),
			v->control[slot] & 1, v->control[slot] & 1 ? "Y" : "X");
	else if (v->array == ARRAY_OLD && old)
		snprintf(out, cap, _("waits: bit %d decides, 0: X, new %" PRIu64 "; 1: Y, new %" PRIu64),
			__builtin_ctzll(old), v->index, v->index + old);
	else if (old)
		snprintf(out, cap, _("is where it belongs until the next growth"));
	else
		snprintf(out, cap, _("the next doubling splits by bit %u: %" PRIu64 " or %" PRIu64),
			classic_of(s)->hmap.B, v->index, v->index + (UINT64_C(1) << classic_of(s)->hmap.B));
}

static void draw_moves(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	struct slot_story story[SLOTS];
	char key[SCENE_TEXT], fit[64], words[160];
	if (r.h < 2)
		return;
	bool cleared = true; /* an evacuated bucket keeps only its tophashes, if nothing else needs it */
	for (uint32_t i = classic_of(s)->type.keys; i < classic_of(s)->type.bucketsize; i++)
		cleared = cleared && !s->focus.bytes[i];
	panel_rule(f, r, 0, false, _("where each entry went, and why"), _("Enter goes there"));
	scene_stories(s, &s->focus.view, story);
	int rows = r.h - 1 < SLOTS ? r.h - 1 : SLOTS, first = s->slot > rows / 2 ? s->slot - rows / 2 : 0;
	if (first + rows > SLOTS)
		first = SLOTS - rows;
	for (int i = 0; i < rows; i++) {
		int k = first + i;
		uint8_t top = s->focus.view.control[k];
		bool moved = top == EVACUATED_X || top == EVACUATED_Y || top == EVACUATED_EMPTY;
		if (!s->focus.kept)
			hits_add(f->hits, r, 0, i + 1, r.w, classic_slot_hit(&s->focus.view, k));
		if (k == s->slot)
			grid_glyph(f->grid, r, 0, i + 1, S_TITLE, G_FOCUS);
		grid_printf(f->grid, r, 2, i + 1, k == s->slot ? S_TITLE : S_TEXT, "%d", k);
		if (!moved && !tophash_full(top)) {
			grid_put(f->grid, r, 4, i + 1, S_DEAD, tophash_name(top));
			continue;
		}
		if (moved && cleared)
			snprintf(key, sizeof key, "%s", _("(cleared)"));
		else
			group_key_text(s, &s->focus.view, k, key, sizeof key);
		text_fit(key, 18, fit, sizeof fit);
		grid_put(f->grid, r, 4, i + 1, moved ? S_DEAD : S_KEY, fit);
		if (moved)
			moved_words(s, k, words, sizeof words);
		else if (story[k].deeds & DEED_ARRIVED || !half_words(f, k, words, sizeof words))
			stays_words(s, k, &story[k], words, sizeof words);
		text_fit(words, r.w - 24, key, sizeof key);
		grid_put(f->grid, r, 23, i + 1,
			top == EVACUATED_Y           ? S_TO_Y
				: top == EVACUATED_X ? S_TO_X
						     : S_TEXT,
			key);
	}
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	/* Where there is room the bucket stands among its neighbours, where there is much with the bytes of
	 * each slot. */
	bool tables = body.h >= 2 * SLOT_ROWS + TABLE_ROWS && body.w >= 120;
	int y = !tables                         ? SLOT_ROWS
		: body.h >= 45 && body.w >= 190 ? TABLE_ROWS + 2 * SLOTS
						: TABLE_ROWS,
	    left = body.h - y;
	(void)own;
	if (tables)
		classic_tables(f, (struct rect){ body.x, body.y, body.w, y });
	else
		classic_slots(f, (struct rect){ body.x, body.y, body.w, y });
	if (!f->scene->focus.ok)
		return;
	int moves = left >= 12 ? 9 : left / 2 + 1, chain = left - moves;
	if (chain < 3)
		chain = 0, moves = left;
	int lines = chain > 10 ? chain - 5 : 0; /* a tall screen: its bytes too */
	draw_chain(f, (struct rect){ body.x, body.y + y, body.w, chain - lines });
	y += chain - lines;
	draw_moves(f, (struct rect){ body.x, body.y + y, body.w, moves });
	y += moves;
	if (lines)
		panel_lines(f, (struct rect){ body.x, body.y + y, body.w, lines });
}

static bool cursor(const struct frame *f, const void *own, struct watch *ret)
{
	(void)own;
	if (f->scene->focus.ok)
		target_group(ret, f->scene, &f->scene->focus.view, f->scene->slot);
	return f->scene->focus.ok;
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	const struct scene *s = f->scene;
	uint64_t buckets;
	(void)own;
	(void)body;
	switch (a) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN:
	case ACTION_ENTER:
		st->panel = PANEL_SLOTS; /* whose arrows do what is wanted here */
		return false;
	case ACTION_PANEL_NEXT:
	case ACTION_PANEL_BACK:
		if (!s->focus.ok || s->focus.kept)
			return true;
		buckets = array_buckets(&classic_of(s)->hmap, s->focus.view.array);
		n %= buckets;
		state_hold(st, s->focus.view.array,
			(s->focus.view.index + (a == ACTION_PANEL_NEXT ? n : buckets - n)) & (buckets - 1), 0,
			0);
		return true;
	default: return false;
	}
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)f, (void)body, (void)own;
	q->overview = &key_hashes;
}

const struct view view_bucket = {
	.passes = NEEDS_OVERVIEW, .ask = ask, .draw = draw, .key = key, .cursor = cursor
};
