/* Buckets slot by slot: one in full on a small screen, four side by side on a wide one. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/draw.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool type_is_number(const struct go_type *t)
{
	return t->kind < GO_STRING;
}

/* Has the field changed since the frame shown before? */
static bool field_changed(const struct scene_group *b, uint32_t offset, uint32_t size)
{
	return b->compare && memcmp(b->bytes + offset, b->was + offset, size) != 0;
}

static bool all_zero(const uint8_t *p, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* The style of a field's text: how it was touched last. */
static style touched_style(
	const struct scene *s, const struct scene_group *b, uint32_t offset, uint32_t size, style plain)
{
	uint8_t marks[INDIRECT_OVER], all = 0;
	scene_marks(s, b->view.addr + offset, size, marks);
	for (uint32_t i = 0; i < size; i++)
		all |= marks[i];
	return all & MARK_WRITE ? S_WRITE_NOW : all & MARK_READ ? S_READ_NOW : plain;
}

void classic_entry(
	const struct frame *f, struct rect r, int x, int y, int width, const struct scene_group *b, int slot)
{
	const struct scene *s = f->scene;
	const struct map_type *t = &classic_of(s)->type;
	char key[SCENE_TEXT], elem[SCENE_TEXT], fit[SCENE_TEXT + 8];
	uint32_t key_at = t->keys + (uint32_t)slot * t->keysize,
		 elem_at = t->elems + (uint32_t)slot * t->elemsize;
	bool full = tophash_full(b->view.control[slot]);
	bool show_key = full || !all_zero(b->bytes + key_at, t->keysize),
	     show_elem = full || !all_zero(b->bytes + elem_at, t->elemsize);
	style key_style = touched_style(s, b, key_at, t->keysize, full ? S_KEY : S_DEAD);
	style elem_style = touched_style(s, b, elem_at, t->elemsize, full ? S_ELEM : S_DEAD);
	key[0] = elem[0] = 0;
	if (show_key || show_elem) {
		group_key_text(s, &b->view, slot, key, sizeof key);
		group_elem_text(s, &b->view, slot, elem, sizeof elem);
	}
	if (!show_key && all_zero(b->bytes + key_at, t->keysize))
		key[0] = 0;
	if (t->elemsize == 0)
		elem[0] = 0;
	if (field_changed(b, key_at, t->keysize))
		grid_put(f->grid, r, x - 1, y, S_TITLE, "*");
	int elem_w = text_width(elem), key_w = text_width(key),
	    most = width - 1 - (key_w < width / 2 ? key_w : width / 2);
	if (elem_w > most)
		elem_w = most;
	text_fit(elem, elem_w, fit, sizeof fit);
	int elem_x = type_is_number(&t->elem) || elem_w >= most ? x + width - elem_w : x + width / 2 + 1;
	if (elem_x < x + (key_w < width / 2 ? key_w : width / 2) + 1)
		elem_x = x + width - elem_w;
	if (elem_w > 0) {
		grid_put(f->grid, r, elem_x, y, elem_style, fit);
		if (field_changed(b, elem_at, t->elemsize))
			grid_put(f->grid, r, elem_x - 1, y, S_TITLE, "*");
	}
	text_fit(key, elem_x - x - 1, fit, sizeof fit);
	grid_put(f->grid, r, x, y, key_style, fit);
}

static void put_top(const struct frame *f, struct rect r, int x, int y, const struct scene_group *b, int slot)
{
	style st = touched_style(f->scene, b, (uint32_t)slot, 1, S_TOP);
	grid_printf(f->grid, r, x, y, st, "%02x", b->view.control[slot]);
	if (field_changed(b, (uint32_t)slot, 1))
		grid_put(f->grid, r, x - 1, y, S_TITLE, "*");
}

/* ---- the column of outcomes ---- */

struct deed_text {
	char text[96];
	size_t n;
};

static void add(struct deed_text *o, const char *text)
{
	int n = snprintf(o->text + o->n, sizeof o->text - o->n, "%s%s", o->n ? ", " : "", text);
	if (n > 0 && o->n + (size_t)n < sizeof o->text)
		o->n += (size_t)n;
}

/* What stands after "read 00": does the search end here?  An evacuation asks another question. */
static const char *empty_words(const struct scene *s, uint8_t top)
{
	if (top > EMPTY_ONE)
		return "";
	if (s->phase == PHASE_EVACUATE)
		return _(": empty");
	if (top == EMPTY_ONE)
		return _(": free, go on");
	return search_stops(s) ? _(": nothing follows") : _(": empty, go on");
}

static void outcome_read(const struct scene *s, const struct slot_story *y, struct deed_text *o)
{
	char text[64];
	bool length_differs = y->deeds & DEED_LENGTH && !(y->deeds & DEED_LENGTH_EQUAL);
	if (y->deeds & DEED_LENGTH && (!(y->deeds & DEED_TOP) || (length_differs && y->result == TOP_FULL))) {
		snprintf(text, sizeof text,
			length_differs ? _("length %" PRIu64 ", differs") : _("length %" PRIu64 ", equal"),
			y->length);
		add(o, text);
	} else if (y->deeds & DEED_TOP && y->result == TOP_EQUAL) {
		bool key_known = y->deeds & DEED_KEY || length_differs;
		snprintf(text, sizeof text,
			!key_known                      ? _("read %02x, equal")
				: y->deeds & DEED_EQUAL ? _("read %02x, equal; key equal")
							: _("read %02x, equal; key differs"),
			y->top);
		add(o, text);
	} else if (y->deeds & DEED_KEY && !(y->deeds & DEED_TOP && y->top <= EMPTY_ONE)) {
		add(o, y->deeds & DEED_EQUAL ? _("key equal") : _("key differs"));
	} else if (y->deeds & DEED_TOP) {
		snprintf(text, sizeof text, _("read %02x%s%s"), y->top,
			y->result == TOP_DIFFERS ? _(", differs") : "", empty_words(s, y->top));
		add(o, text);
	}
}

static void outcome_written(const struct slot_story *y, struct deed_text *o)
{
	char parts[48] = "";
	if (y->deeds & DEED_WROTE_TOP)
		strcat(parts, _(" top"));
	if (y->deeds & DEED_WROTE_KEY)
		strcat(parts, _(" key"));
	if (y->deeds & DEED_WROTE_ELEM)
		strcat(parts, _(" elem"));
	if (!parts[0])
		return;
	snprintf(o->text, sizeof o->text,
		y->deeds & DEED_REMOVE                           ? _("cleared:%s")
			: y->deeds & DEED_INSERT                 ? _("new, written:%s")
			: y->deeds & (DEED_FOUND | DEED_ARRIVED) ? _("written:%s")
			: y->new_top == EMPTY_REST               ? _("back-fill:%s")
								 : _("written:%s"),
		parts);
	o->n = strlen(o->text);
}

static void outcome_text(const struct scene *s, const struct slot_story *y, char *out, size_t cap)
{
	struct deed_text o = { "", 0 };
	if (y->deeds & DEED_MOVED) {
		/* Its mark says where, also when the growth is over and no bit of it is known. */
		snprintf(o.text, sizeof o.text, _("moved to %s, %" PRIu64 ".%u:%d"),
			scene_same_size(s)                    ? _("new")
				: y->deeds & DEED_WROTE_TOP   ? y->new_top == EVACUATED_Y ? "Y" : "X"
				: y->other.index >= newbit(s) ? "Y"
							      : "X",
			y->other.index, y->other.depth, y->other_slot);
	} else if (y->deeds & DEED_ARRIVED && !(y->deeds & (DEED_TOP | DEED_LENGTH | DEED_KEY))) {
		snprintf(o.text, sizeof o.text, _("came from old %" PRIu64 ".%u:%d"), y->other.index,
			y->other.depth, y->other_slot);
	} else if (y->deeds & DEED_GIVEN) {
		add(&o, _("given to the loop"));
	} else if (y->deeds & DEED_ITER) {
		add(&o,
			y->result == ITER_EMPTY                  ? _("empty: passed over")
				: y->result == ITER_OTHER_HALF   ? _("other half: passed over")
				: y->result == ITER_MOVED_LOOKUP ? _("moved: looked up again")
								 : _("full"));
	} else {
		outcome_read(s, y, &o);
		outcome_written(y, &o);
		if (!o.n && y->deeds & DEED_BACKFILL)
			add(&o, _("looked at for back-fill"));
		if (!o.n && y->deeds & DEED_INSERT)
			add(&o, _("first free: the new place"));
	}
	snprintf(out, cap, "%s", o.text);
}

/* ---- one bucket ---- */

static void slots_title(const struct scene *s, bool brief, char *out, size_t cap)
{
	char label[48];
	if (!s->focus.ok) {
		snprintf(out, cap, "%s", _("no bucket"));
		return;
	}
	if (s->focus.kept)
		snprintf(label, sizeof label, "%s", brief ? _("dropped") : _("of a dropped array"));
	else
		group_label(s, &s->focus.view, true, label, sizeof label);
	snprintf(out, cap, "%s%s%s%s", brief ? "" : _("bucket"), brief ? "" : " ", label,
		s->held ? _(" held") : "");
}

/* Columns: slot at 2, top at 6, state at 11, key from 26 on, elem up to 49, the outcome from 52 on; what the
 * row is wider than 80 is shared by key and outcome. */
struct columns {
	int key, entry, outcome, rest;
};
static struct columns slot_columns(int w)
{
	struct columns c = { 26, 24, 53, 27 };
	if (w < 80) {
		c = (struct columns){ 22, w - 22 - 1, w, 0 };
		if (w >= 70)
			c = (struct columns){ 22, 24, 48, w - 49 };
	} else {
		c.entry += (w - 80) / 2;
		c.outcome = c.key + c.entry + 3;
		c.rest = w - c.outcome;
	}
	return c;
}

/* Whose outcomes the column shows, and which bucket it is: as many words as there is room for. */
static void slots_header_right(const struct frame *f, struct rect r, struct columns c)
{
	const struct scene *s = f->scene;
	char title[96], deed[48] = "";
	for (int brief = 0; brief < 3; brief++) {
		slots_title(s, brief > 0, title, sizeof title);
		if (c.rest > 10)
			snprintf(deed, sizeof deed,
				!s->op.op           ? _(" this operation ")
					: brief < 2 ? _(" this %s ")
						    : " %s ",
				op_kind_name[s->op.kind]);
		if (!deed[0] || c.outcome - 1 + text_width(deed) <= r.w - text_width(title) - 3)
			break;
	}
	grid_put(f->grid, r, c.outcome - 1, 0, S_LABEL, deed);
	grid_printf(f->grid, r, r.w - text_width(title) - 3, 0, S_TITLE, " %s ", title);
}

static void slots_header(const struct frame *f, struct rect r, struct columns c)
{
	const struct scene *s = f->scene;
	panel_head(f, r, 0, PANEL_SLOTS, _("slot top  state"), NULL);
	int key = grid_printf(f->grid, r, c.key - 1, 0, S_LABEL, " %s ", _("key"));
	if (classic_of(s)->type_ok && (classic_of(s)->type.indirect_key || classic_of(s)->type.indirect_elem))
		grid_printf(f->grid, r, key, 0, S_LABEL, "%s",
			classic_of(s)->type.indirect_key ? _("(by pointer) ") : "");
	if (c.rest) /* else the bucket's name is there */
		grid_printf(f->grid, r, c.key + c.entry - 5, 0, S_LABEL, " %s ", _("elem"));
	slots_header_right(f, r, c);
}

/* Before there is a bucket: what this is, and the keys that a newcomer needs. */
static void draw_welcome(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	char clean[300];
	static const struct {
		const char *keys, *help;
	} lines[] = { { N_("right, ."), N_("a step on; left or , a step back") },
		{ N_("down, PgDn"), N_("the next operation; up or PgUp back") },
		{ N_("space"), N_("play; + and - make it faster and slower") },
		{ N_("? q"), N_("help; quit") } };
	if (s->live || s->step > 0) {
		grid_put(f->grid, r, 1, 1, S_DEAD, _("there is no bucket here to look at"));
		return;
	}
	grid_printf(f->grid, r, 4, 2, S_TITLE, _("%s on a Go map, %s: every byte read or written."),
		counted_operations(s->player->source->ops), counted_steps(s->steps));
	scene_clean(s, s->player->source->workload, clean, sizeof clean);
	if (clean[0])
		grid_printf(f->grid, r, 4, 3, S_LABEL, _("recorded from %s"), clean);
	for (int i = 0; i < 4; i++) {
		grid_put(f->grid, r, 4, 5 + i, S_TITLE, _(lines[i].keys));
		grid_put(f->grid, r, 18, 5 + i, S_TEXT, _(lines[i].help));
	}
}

/* Marks a slot whose tophash, key or elem is watched, or whose key is followed. */
static void mark_slot(const struct frame *f, struct rect r, int x, int y, const struct map_group *b, int slot)
{
	const struct map_type *t = &classic_of(f->scene)->type;
	uint32_t k = (uint32_t)slot;
	if (!panel_put_mark(f, r, x, y, b->addr + k, 1) &&
		!panel_put_mark(f, r, x, y, b->addr + t->keys + k * t->keysize, t->keysize))
		panel_put_mark(f, r, x, y, b->addr + t->elems + k * t->elemsize, t->elemsize);
}

struct hit classic_slot_hit(const struct map_group *b, int slot)
{
	return (struct hit){
		.kind = HIT_SLOT, .a = b->index, .array = b->array, .depth = b->depth, .slot = slot
	};
}

/* Below a slot where rows are left: its bytes, key and elem in a row each when there are two. */
static void slot_bytes(
	const struct frame *f, struct rect r, int x, int y, int rows, const struct scene_group *b, int slot)
{
	const struct map_type *t = &classic_of(f->scene)->type;
	const struct {
		const char *name;
		uint32_t at, size;
		style style;
	} part[] = { { _("key"), t->keys + (uint32_t)slot * t->keysize, t->keysize, S_KEY },
		{ _("elem"), t->elems + (uint32_t)slot * t->elemsize, t->elemsize, S_ELEM } };
	int from = x;
	for (int k = 0; k < 2 && rows > 0; k++) {
		if (rows > 1) {
			x = from;
			y += k;
		}
		x = grid_printf(
			f->grid, r, x, y, S_LABEL, r.w < 40 ? "%-5s" : "%-5s+%-4u", part[k].name, part[k].at);
		uint32_t i = 0;
		for (; i < part[k].size && x + 3 < r.w; i++)
			x = grid_printf(f->grid, r, x, y,
				touched_style(f->scene, b, part[k].at + i, 1, part[k].style),
				i % 8 == 7 ? "%02x " : "%02x", b->bytes[part[k].at + i]);
		if (i < part[k].size)
			grid_glyph(f->grid, r, r.w - 1, y, S_LABEL, G_CUT);
		x++;
	}
}

/* ---- four buckets ---- */

static void table_title(const struct scene *s, int i, bool close, char *out, size_t cap)
{
	const struct map_group *v = &s->table[i].view;
	char label[48], addr[24];
	if (s->table[i].kept)
		snprintf(label, sizeof label, "%s", _("dropped"));
	else
		group_label(s, v, true, label, sizeof label);
	short_address(v->addr, 4, addr, sizeof addr);
	if (s->splitting && !s->table[i].kept && v->array == ARRAY_NEW && !scene_same_size(s))
		snprintf(out, cap, "%s: %s %s", v->index >= newbit(s) ? "Y" : "X", label, addr);
	else
		snprintf(out, cap, "%s%s %s", label, v->depth && !close ? _(" overflow") : "", addr);
}

static void table_foot(const struct scene *s, int i, char *out, size_t cap)
{
	const struct map_group *v = &s->table[i].view;
	struct place p;
	char addr[24];
	if (!v->next) {
		snprintf(out, cap, "%s", _("overflow nil"));
		return;
	}
	short_address(v->next, 4, addr, sizeof addr);
	p = scene_place(s, v->next);
	if (p.kind == PLACE_GROUP && !p.kept)
		snprintf(out, cap, _("overflow %s → %" PRIu64 ".%u"), addr, p.group.index, p.group.depth);
	else
		snprintf(out, cap, _("overflow %s"), addr);
}

/* A slot's state in 7 columns; where it went, or came from, when that is known. */
static void state_word(const struct scene *s, const struct scene_group *b, int slot,
	const struct slot_story *y, char *out, size_t cap)
{
	uint8_t top = b->view.control[slot];
	uint64_t bucket;
	unsigned depth;
	int to;
	static const char *const words[] = { N_("rest"), N_("one"), N_("moved X"), N_("moved Y"), N_("void"),
		N_("full") };
	if (moved_to(s, &b->view, slot, &bucket, &depth, &to)) {
		const char *half = scene_same_size(s) ? "" : top == EVACUATED_Y ? "Y" : "X";
		if (depth)
			snprintf(out, cap, "→%s%" PRIu64 ".%u:%d", half, bucket, depth, to);
		else
			snprintf(out, cap, "→%s %" PRIu64 ":%d", half, bucket, to);
		return;
	}
	if (y->deeds & DEED_ARRIVED)
		snprintf(out, cap, "←%" PRIu64 ".%u:%d", y->other.index, y->other.depth, y->other_slot);
	else
		snprintf(out, cap, "%s", _(words[top < 5 ? top : 5]));
}

static void draw_table(const struct frame *f, struct rect r, int i)
{
	const struct scene *s = f->scene;
	const struct scene_group *b = &s->table[i];
	struct slot_story story[SLOTS];
	char title[96] = "", foot[96] = "", word[48], fit[96];
	int state = r.w >= 36 ? 11 : 7, foot_y = r.h - 1, each = foot_y / SLOTS;
	bool has_foot = r.h > 1 + SLOTS;
	if (b->ok) {
		table_title(s, i, r.w < 30, title, sizeof title);
		table_foot(s, i, foot, sizeof foot);
		scene_stories(s, &b->view, story);
	} else if (i == 0) {
		snprintf(title, sizeof title, "%s", s->splitting ? _("old bucket") : _("no bucket"));
	}
	grid_rule(f->grid, r, 0);
	if (has_foot)
		grid_rule(f->grid, r, foot_y);
	bool focus = b->ok && s->focus.ok && b->view.addr == s->focus.view.addr;
	if (title[0]) {
		int end = grid_printf(f->grid, r, 1, 0, focus ? S_TITLE : S_LABEL, " %s ", title);
		if (focus && s->held)
			end = grid_put(f->grid, r, end, 0, S_TITLE, _("held "));
		if (focus && (f->state->panel == PANEL_TABLES || f->state->panel == PANEL_SLOTS))
			grid_restyle(f->grid, r, 1, 0, end - 1, S_CURSOR);
	}
	if (foot[0] && has_foot)
		grid_printf(f->grid, r, 1, foot_y,
			touched_style(s, b, classic_of(s)->type.overflow, 8, S_LABEL), " %s ", foot);
	for (int k = 0; b->ok && k < SLOTS; k++) {
		int y = 1 + k * each;
		if (!b->kept)
			hits_add_area(f->hits, r, 0, y, r.w, each, classic_slot_hit(&b->view, k));
		if (k == s->table_slot[i])
			grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
		grid_printf(f->grid, r, 1, y, k == s->table_slot[i] ? S_TITLE : S_TEXT, "%d", k);
		mark_slot(f, r, 2, y, &b->view, k);
		put_top(f, r, 3, y, b, k);
		state_word(s, b, k, &story[k], word, sizeof word);
		text_fit(word, state, fit, sizeof fit);
		bool arrow = story[k].deeds & (DEED_MOVED | DEED_ARRIVED);
		uint8_t top = b->view.control[k];
		style st = !arrow && !tophash_full(top) ? S_DEAD
			: top == EVACUATED_Y            ? S_TO_Y
			: top == EVACUATED_X            ? S_TO_X
							: S_TEXT;
		grid_put(f->grid, r, 6, y, st, fit);
		classic_entry(f, r, 6 + state + 1, y, r.w - 6 - state - 1, b, k);
		slot_bytes(f, r, 3, y + 1, each - 1, b, k);
	}
}

/* ---- one bucket, or the two of a move ---- */

enum { TABLES_W = 120 };

/* The tables that an entry moves from and to in this step of an evacuation.  false: none does, or people hold
 * another bucket. */
static bool moving(const struct scene *s, int *ret_from, int *ret_to)
{
	*ret_to = s->lines;
	if (!s->splitting || s->held || !classic_of(s)->evacuating || s->lines < 2 ||
		s->table_slot[s->lines] < 0)
		return false;
	for (*ret_from = 0; *ret_from < 2; (*ret_from)++)
		if (s->table[*ret_from].ok && s->table[*ret_from].view.addr == s->focus.view.addr)
			return true;
	return false;
}

/* The source and the destination side by side. */
static void draw_move(const struct frame *f, struct rect r, int from, int to)
{
	int w = r.w / 2;
	draw_table(f, (struct rect){ r.x, r.y, w - 1, r.h }, from);
	draw_table(f, (struct rect){ r.x + w, r.y, r.w - w, r.h }, to);
	panel_border(f, r, w - 1);
}

void classic_slots(const struct frame *f, struct rect r)
{
	int each = (r.h - 1) / SLOTS; /* rows a slot: more when the panel is alone */
	each = each < 1 ? 1 : each;
	const struct scene *s = f->scene;
	struct columns c = slot_columns(r.w);
	struct slot_story story[SLOTS];
	int from, to;
	if (r.w < TABLES_W && moving(s, &from, &to)) { /* else the tables show it */
		draw_move(f, r, from, to);
		return;
	}
	slots_header(f, r, c);
	if (!s->focus.ok) {
		draw_welcome(f, r);
		return;
	}
	scene_stories(s, &s->focus.view, story);
	for (int i = 0; i < SLOTS; i++) {
		int y = 1 + i * each;
		char text[96], fit[96];
		uint8_t top = s->focus.view.control[i];
		if (!s->focus.kept)
			hits_add_area(f->hits, r, 0, y, r.w, each, classic_slot_hit(&s->focus.view, i));
		if (i == s->slot)
			grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
		mark_slot(f, r, 1, y, &s->focus.view, i);
		grid_printf(f->grid, r, 2, y, i == s->slot ? S_TITLE : S_TEXT, "%d", i);
		put_top(f, r, 6, y, &s->focus, i);
		grid_put(f->grid, r, 11, y, tophash_full(top) ? S_TEXT : S_DEAD, tophash_name(top));
		classic_entry(f, r, c.key, y, c.entry, &s->focus, i);
		outcome_text(s, &story[i], text, sizeof text);
		text_fit(text, c.rest, fit, sizeof fit);
		grid_put(f->grid, r, c.outcome, y, S_LABEL, fit);
		if (f->state->panel == PANEL_SLOTS && i == s->slot)
			grid_attribute(f->grid, r, 0, y, 4, STYLE_REVERSE);
		slot_bytes(f, r, each == 2 ? 6 : c.key, y + 1, each - 1, &s->focus, i);
	}
}

/* Where a chain leaves tables empty: what this operation did to the slots in focus. */
static void draw_outcomes(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	struct slot_story story[SLOTS];
	char label[48], text[96], fit[96];
	int each = (r.h - 1) / SLOTS;
	grid_rule(f->grid, r, 0);
	grid_rule(f->grid, r, r.h - 1);
	if (s->focus.kept)
		snprintf(label, sizeof label, "%s", _("of a dropped array"));
	else
		group_label(s, &s->focus.view, true, label, sizeof label);
	grid_printf(f->grid, r, 1, 0, S_LABEL, _(" this %s, %s "), op_kind_name[s->op.kind], label);
	scene_stories(s, &s->focus.view, story);
	bool any = false;
	for (int i = 0; i < SLOTS; i++) {
		outcome_text(s, &story[i], text, sizeof text);
		text_fit(text, r.w - 4, fit, sizeof fit);
		any = any || text[0];
		if (text[0])
			grid_printf(f->grid, r, 1, 1 + i * each, S_LABEL, "%d ", i);
		grid_put(f->grid, r, 4, 1 + i * each, S_TEXT, fit);
	}
	if (!any) {
		text_fit(s->after ? _("it touched no slot of this bucket") : _("no slot touched so far"),
			r.w - 2, fit, sizeof fit);
		grid_put(f->grid, r, 1, 1, S_DEAD, fit);
	}
}

/* The first table that a short chain leaves empty, and how many follow it; none while all are needed. */
static int empty_tables(const struct scene *s, int *ret_count)
{
	for (int i = 1; i < SCENE_BUCKETS; i++) {
		if (s->table[i].ok || !s->focus.ok || !s->op.op)
			continue;
		*ret_count = s->splitting ? 1 : SCENE_BUCKETS - i;
		return i;
	}
	*ret_count = 0;
	return SCENE_BUCKETS;
}

static void table_border(const struct frame *f, struct rect r, int edge)
{
	grid_glyph(f->grid, r, edge, 0, S_RULE, G_T_DOWN);
	grid_glyph(f->grid, r, edge, r.h - 1, S_RULE, G_T_UP);
	for (int y = 1; y < r.h - 1; y++)
		grid_glyph(f->grid, r, edge, y, S_RULE, G_V);
}

void classic_tables(const struct frame *f, struct rect r)
{
	int w = r.w / SCENE_BUCKETS, wide, empty = empty_tables(f->scene, &wide);
	grid_rule(f->grid, r, 0);
	if (!f->scene->focus.ok) { /* no foot either: there is no overflow pointer to tell of */
		grid_printf(f->grid, r, 1, 0, S_LABEL, " %s ", _("no bucket yet"));
		draw_welcome(f, r);
		return;
	}
	grid_rule(f->grid, r, r.h - 1);
	for (int i = 0; i < SCENE_BUCKETS; i++) {
		struct rect part = { r.x + i * w, r.y, w - 1, r.h };
		if (i == empty) {
			part.w = wide * w - 1;
			draw_outcomes(f, part);
		} else if (i < empty || i >= empty + wide) {
			draw_table(f, part, i);
		} else {
			continue;
		}
		if (i * w + part.w < r.w - 2)
			table_border(f, r, i * w + part.w);
	}
}
