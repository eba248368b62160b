/* The span map: the heap's pages and whose they are, the span in focus with its objects, what is wasted, and
 * in which list of the allocator each span waits.
 *
 *     a cell a page (or several): a letter for what its objects are for, then ─ for its other pages
 *     the span in focus: a cell an object, and while the collector is at work its colour
 *     classes with their numbers where there is room; waste and lists
 *
 * The model is trace/heap/spanmap.h; which span the step is about follows from its event's address.
 */
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include "trace/go/sizeclass.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
	MAP_LABEL = 11,
	OBJECT_LABEL = 6,
	OBJECT_CELL = 2,
	SUM_ROWS = 4,
	SMALL = 15,
	TABLE = 58,
	MOST_OBJECTS = 4096
};

static const char role_letter[ROLES] = {
#define BLOCK_ROLE(NAME, name, letter, holds) letter,
#include "trace/record/roles.def"
#undef BLOCK_ROLE
};

/* The span in focus: where its user put it, else that of the step. */
struct spans_state {
	bool held;
	uint64_t span;
}; /* its address */

struct sheet {
	const struct frame *f;
	const struct spanmap *m;
	const struct marks *marks;
	const struct gc_cycle *cycle;
	uint64_t step;
	bool sweeping, colours; /* colours: they are known */
	size_t at;              /* the span in focus, SIZE_MAX: there is none */
	uint64_t object;        /* the object in focus, UINT64_MAX: none */
	uint64_t first, pages;  /* address of the first page in use; pages up to the last */
};

static char letter_of(uint8_t role)
{
	return role < ROLES ? role_letter[role] : '?';
}

static style role_style(uint8_t role)
{
	switch ((enum block_role)role) {
	case ROLE_BUCKETS:
	case ROLE_OVERFLOW: return S_TOP;
	case ROLE_KEY:
	case ROLE_KEY_TEXT: return S_KEY;
	case ROLE_ELEM:
	case ROLE_ELEM_TEXT:
	case ROLE_BOX:
	case ROLE_VALUE: return S_ELEM;
	case ROLE_NONE: return S_DEAD;
	default: return S_PTR;
	}
}

/* ---- the focus ---- */

/* The address that the step is about. */
static uint64_t step_address(const struct spanmap *m, const struct scene *s, bool *ret_object)
{
	const struct event *e = &s->event;
	bool of_span = e->kind == EV_SPAN || e->kind == EV_SWEPT || e->kind == EV_UNSPAN;
	*ret_object = !of_span;
	if (e->kind != EV_COUNT && e->addr && spanmap_find(m, e->addr) != SIZE_MAX)
		return e->addr;
	*ret_object = false;
	if (s->focus_addr && spanmap_find(m, s->focus_addr) != SIZE_MAX)
		return s->focus_addr;
	return s->map ? s->map->header : 0;
}

static void focus_make(struct sheet *h, const struct spans_state *v)
{
	bool object = false;
	uint64_t addr = v->held ? v->span : step_address(h->m, h->f->scene, &object);
	h->object = UINT64_MAX;
	h->at = spanmap_find(h->m, addr);
	if (h->at == SIZE_MAX && h->m->spans)
		h->at = 0;
	else if (h->at != SIZE_MAX && object)
		h->object = (addr - h->m->span[h->at].row.addr) / h->m->span[h->at].stride;
}

static void sheet_make(struct sheet *h, const struct spans_state *v, const struct frame *f)
{
	*h = (struct sheet){ .f = f,
		.m = &f->pass->spans,
		.marks = &f->pass->marks,
		.step = f->scene->step,
		.at = SIZE_MAX,
		.object = UINT64_MAX };
	if (!h->m->ready || h->m->failed)
		return;
	h->cycle = marks_cycle(h->marks, h->step);
	h->sweeping = h->cycle && h->cycle->off && h->step >= h->cycle->off;
	h->colours = !marks_busy(h->marks, h->step) && !h->marks->failed;
	if (h->m->spans) {
		const struct span_row *last = &h->m->span[h->m->spans - 1].row;
		h->first = h->m->span[0].row.addr;
		h->pages = (last->addr - h->first) / PAGE_SIZE + last->pages;
	}
	focus_make(h, v);
}

/* ---- the map of pages ---- */

struct page_map {
	int columns, rows, pitch;
	uint64_t each, top;
}; /* pages a cell; the first row in sight */

static struct page_map page_map_of(const struct sheet *h, int width, int rows)
{
	struct page_map p = { .rows = rows, .each = 1 };
	uint64_t wide = (uint64_t)(width - MAP_LABEL - 2) / 2;
	p.pitch = h->pages <= wide * (uint64_t)rows ? 2 : 1;
	p.columns = p.pitch == 2 ? (int)wide : width - MAP_LABEL - 1;
	p.columns -= p.columns % 8;
	if (p.columns < 1)
		p.columns = 1;
	while (h->pages > p.each * (uint64_t)p.columns * (uint64_t)rows && p.each < UINT64_C(1) << 40)
		p.each *= 2;
	return p;
}

/* One page, or a cell of several: how full they are. */
static void draw_page(
	const struct sheet *h, struct rect r, int x, int y, uint64_t addr, uint64_t each, size_t *span)
{
	static const enum glyph bars[] = { G_BAR1, G_BAR2, G_BAR3, G_BAR4, G_BAR5, G_BAR6, G_BAR7, G_BAR8 };
	const struct spanmap *m = h->m;
	uint64_t end = addr + each * PAGE_SIZE, live = 0, all = each * PAGE_SIZE;
	bool focus = false, used = false;
	while (*span < m->spans &&
		m->span[*span].row.addr + (uint64_t)m->span[*span].row.pages * PAGE_SIZE <= addr)
		++*span;
	for (size_t i = *span; i < m->spans && m->span[i].row.addr < end; i++) {
		const struct span_now *s = &m->span[i];
		uint64_t from = s->row.addr > addr ? s->row.addr : addr,
			 bytes = (uint64_t)s->row.pages * PAGE_SIZE,
			 to = s->row.addr + bytes < end ? s->row.addr + bytes : end;
		focus = focus || i == h->at;
		used = true;
		live += (uint64_t)((double)s->given * (double)(to - from) / (double)bytes);
		if (each > 1)
			continue;
		uint8_t role = (uint8_t)span_role(s);
		if (s->row.addr == addr)
			grid_printf(h->f->grid, r, x, y, role_style(role) | (focus ? STYLE_REVERSE : 0), "%c",
				letter_of(role));
		else
			grid_glyph(h->f->grid, r, x, y, role_style(role) | (focus ? STYLE_REVERSE : 0), G_H);
	}
	if (!used)
		grid_glyph(h->f->grid, r, x, y, S_DEAD, G_FREE);
	else if (each > 1)
		grid_glyph(h->f->grid, r, x, y, focus ? S_CURSOR : S_TOP,
			bars[live * 8 / all > 7 ? 7 : live * 8 / all]);
}

/* The brackets around the span in focus. */
static void draw_brackets(const struct sheet *h, struct rect r, const struct page_map *p)
{
	if (h->at == SIZE_MAX || p->pitch < 2)
		return;
	const struct span_row *s = &h->m->span[h->at].row;
	uint64_t from = (s->addr - h->first) / PAGE_SIZE, to = from + s->pages - 1,
		 columns = (uint64_t)p->columns;
	grid_put(h->f->grid, r, MAP_LABEL + (int)(from % columns) * 2, 1 + (int)(from / columns), S_TITLE,
		"[");
	grid_put(h->f->grid, r, MAP_LABEL + (int)(to % columns) * 2 + 2, 1 + (int)(to / columns), S_TITLE,
		"]");
}

static void draw_map(const struct sheet *h, struct rect r, const struct span_sum *n)
{
	struct page_map p = page_map_of(h, r.w, r.h - 2);
	char title[96], words[96], address[32];
	size_t span = 0;
	if (p.each > 1)
		snprintf(title, sizeof title, _("the heap, %" PRIu64 " pages a cell: how full"), p.each);
	else
		snprintf(title, sizeof title, "%s",
			_("the heap, a page of 8 KiB a cell: what its objects are"));
	snprintf(words, sizeof words, _("spans %" PRIu64 ", pages %" PRIu64 ", free %" PRIu64), n->spans,
		n->pages, n->free_pages);
	panel_rule(h->f, r, 0, true, title, words);
	for (int y = 0; y < p.rows; y++) {
		uint64_t row = (uint64_t)y * (uint64_t)p.columns * p.each;
		if (row >= h->pages)
			break;
		short_address(h->first + row * PAGE_SIZE, h->pages * PAGE_SIZE >> 23 ? 8 : 6, address,
			sizeof address);
		grid_put(h->f->grid, r, 1, 1 + y, S_LABEL, address);
		for (int x = 0; x < p.columns; x++) {
			uint64_t page = row + (uint64_t)x * p.each;
			if (page >= h->pages)
				break;
			int column = MAP_LABEL + (p.pitch == 2 ? 2 * x + 1 : x);
			draw_page(h, r, column, 1 + y, h->first + page * PAGE_SIZE, p.each, &span);
			hits_add(h->f->hits, r, column, 1 + y, 1,
				(struct hit){ .kind = HIT_OWN, .a = h->first + page * PAGE_SIZE });
		}
	}
	draw_brackets(h, r, &p);
	/* the letters that are there */
	uint64_t roles = 0;
	for (size_t i = 0; i < h->m->spans; i++)
		for (int k = 0; k < ROLES; k++)
			if (h->m->span[i].by_role[k])
				roles |= UINT64_C(1) << k;
	int x = 1;
	for (int k = ROLE_NONE + 1; k < ROLES; k++)
		if (roles >> k & 1 && x + 3 + text_width(_(block_role_name[k])) < r.w) {
			x = grid_printf(h->f->grid, r, x, r.h - 1, role_style((uint8_t)k) | STYLE_BOLD, "%c",
				letter_of((uint8_t)k));
			x = grid_printf(h->f->grid, r, x, r.h - 1, S_LABEL, " %s  ", _(block_role_name[k]));
		}
	if (x + 8 < r.w) {
		x = grid_glyph(h->f->grid, r, x, r.h - 1, S_DEAD, G_FREE);
		grid_put(h->f->grid, r, x, r.h - 1, S_LABEL, _(" free"));
	}
}

/* ---- the span in focus ---- */

static void span_words(const struct sheet *h, const struct span_now *s, char *out, size_t cap)
{
	const struct span_row *r = &s->row;
	size_t n = 0;
	char name[SCENE_TEXT] = "";
	if (r->spanclass == SPAN_STACK)
		n += (size_t)snprintf(out + n, cap - n,
			_("Frames of a goroutine, on a stack of %" PRIu32 " pages; they grow downwards."),
			r->pages);
	else if (r->spanclass < 2)
		n += (size_t)snprintf(out + n, cap - n,
			_("One large object, over 32 KiB: %" PRIu32 " pages of its own."), r->pages);
	else
		n += (size_t)snprintf(out + n, cap - n,
			r->spanclass & 1
				? _("Class %u: objects of %" PRIu64
				    " bytes without pointers (noscan). %" PRIu32 " live, %" PRIu32 " free.")
				: _("Class %u: objects of %" PRIu64 " bytes with pointers. %" PRIu32
				    " live, %" PRIu32 " free."),
			r->spanclass / 2, s->stride, s->live,
			r->objects > s->live ? r->objects - s->live : 0);
	if (r->map && r->map <= h->m->source->maps)
		scene_clean(h->f->scene, h->m->source->map[r->map - 1].name, name, sizeof name);
	if (n < cap && r->op)
		snprintf(out + n, cap - n,
			name[0] ? _(" Made by operation %" PRIu64 ", for map %s.")
				: _(" Made by operation %" PRIu64 "."),
			r->op, name);
	else if (n < cap && name[0])
		snprintf(out + n, cap - n, _(" Made for map %s."), name);
}

static const char *colour_mark(enum colour c)
{
	return c == COLOUR_WHITE    ? "w"
		: c == COLOUR_GREY  ? "g"
		: c == COLOUR_BLACK ? "b"
		: c == COLOUR_DEAD  ? "×"
				    : " ";
}

static enum colour colour_of(const struct sheet *h, const struct span_now *s, const struct span_object *o)
{
	if (!h->cycle || !h->colours || !o->live || s->row.spanclass == SPAN_STACK)
		return COLOUR_NONE;
	return marks_colour(h->marks, h->step, span_object_base(&s->row, o->base));
}

static void object_sentence(
	const struct sheet *h, const struct span_now *s, const struct span_object *o, char *out, size_t cap)
{
	static const char *const colours[] = { "", N_(" White: not reached yet."),
		N_(" Grey: marked, and not scanned yet."), N_(" Black: marked and scanned."),
		N_(" Dead: not marked, and not swept yet.") };
	char name[SCENE_TEXT] = "";
	size_t n;
	uint64_t header = o->addr - o->base;
	if (!o->live) {
		snprintf(out, cap, _("Object %" PRIu64 " at %" PRIx64 " is free."), h->object, o->base);
		return;
	}
	if (o->map && o->map <= h->m->source->maps)
		scene_clean(h->f->scene, h->m->source->map[o->map - 1].name, name, sizeof name);
	const char *role = _(block_role_name[o->role < ROLES ? o->role : 0]);
	if (s->row.spanclass == SPAN_STACK)
		n = (size_t)snprintf(out, cap, _("At %" PRIx64 ": %s of %s, %" PRIu64 " bytes on the stack."),
			o->addr, role, name, o->size);
	else if (o->pieces > 1)
		n = (size_t)snprintf(out, cap,
			_("Object %" PRIu64 " at %" PRIx64 ": %u tiny objects share it, %" PRIu64
			  " of %" PRIu64 " bytes."),
			h->object, o->base, o->pieces, o->size, s->stride);
	else
		n = (size_t)snprintf(out, cap,
			header == MALLOC_HEADER && s->stride > HEADER_OVER
				? _("Object %" PRIu64 " at %" PRIx64 ": %s of %s, %" PRIu64 " of %" PRIu64
				    " bytes, 8 are its malloc header.")
				: _("Object %" PRIu64 " at %" PRIx64 ": %s of %s, %" PRIu64 " of %" PRIu64
				    " bytes."),
			h->object, o->base, role, name, o->size, s->stride);
	if (n < cap)
		snprintf(out + n, cap - n, "%s",
			colours[colour_of(h, s, o)][0] ? _(colours[colour_of(h, s, o)]) : "");
}

static void draw_object(const struct sheet *h, struct rect r, int x, int y, const struct span_now *s,
	uint32_t i, const struct span_object *o)
{
	bool focus = i == h->object;
	enum colour c = colour_of(h, s, o);
	if (!o->live)
		grid_glyph(h->f->grid, r, x, y, focus ? S_CURSOR : S_DEAD, G_FREE);
	else if (o->continued)
		grid_glyph(h->f->grid, r, x, y, role_style(o->role), G_H);
	else
		grid_printf(h->f->grid, r, x, y, role_style(o->role) | (focus ? STYLE_REVERSE : 0), "%c",
			letter_of(o->role));
	if (c != COLOUR_NONE)
		grid_put(h->f->grid, r, x + 1, y, c == COLOUR_DEAD ? S_ERROR : S_LABEL, colour_mark(c));
	else if (focus)
		grid_glyph(h->f->grid, r, x + 1, y, S_TITLE, G_FOCUS_LEFT);
}

/* The rows of objects around the one in focus; the stack's frames are at its end. */
static void draw_objects(const struct sheet *h, struct rect r, const struct span_now *s)
{
	struct span_object o[MOST_OBJECTS];
	uint32_t columns = (uint32_t)(r.w - OBJECT_LABEL - 1) / OBJECT_CELL, rows = (uint32_t)r.h,
		 all = s->row.objects;
	columns = columns > 16 ? columns - columns % 8 : columns ? columns : 1;
	if (columns * rows > MOST_OBJECTS)
		rows = MOST_OBJECTS / columns;
	uint32_t lines = (all + columns - 1) / columns, top = 0;
	uint64_t eye = h->object != UINT64_MAX ? h->object : s->row.spanclass == SPAN_STACK ? all - 1u : 0;
	if (lines > rows) {
		uint32_t line = (uint32_t)(eye / columns);
		top = line > rows / 2 ? line - rows / 2 : 0;
		top = top > lines - rows ? lines - rows : top;
	}
	uint32_t from = top * columns, n = all - from < columns * rows ? all - from : columns * rows;
	if (from >= all)
		return;
	span_objects(s, h->f->scene->mem, from, n, o);
	for (uint32_t i = 0; i < n; i++) {
		int y = (int)(i / columns);
		if (i % columns == 0)
			grid_printf(h->f->grid, r, 0, y, S_LABEL, "%5" PRIu32, from + i);
		draw_object(h, r, OBJECT_LABEL + (int)(i % columns) * OBJECT_CELL + 1, y, s, from + i, &o[i]);
	}
}

static void draw_tail(const struct sheet *h, struct rect r, int y, const struct span_now *s)
{
	uint64_t tail = span_tail(s), bitmap = span_bitmap(s);
	char words[160], fit[200];
	snprintf(words, sizeof words,
		bitmap ? _("rounding %" PRIu64 ", headers %" PRIu64 ", tail %" PRIu64
			   " and a heap bitmap of %" PRIu64)
		       : _("rounding %" PRIu64 ", headers %" PRIu64 ", tail %" PRIu64),
		span_rounding(s), s->headers, tail - bitmap, bitmap);
	text_fit(words, r.w - 2, fit, sizeof fit);
	grid_put(h->f->grid, r, 1, y, S_LABEL, fit);
}

static void draw_span(const struct sheet *h, struct rect r, bool held)
{
	char title[96], words[700], list[64];
	if (h->at == SIZE_MAX) {
		panel_rule(h->f, r, 0, false, _("no span"), NULL);
		return;
	}
	const struct span_now *s = &h->m->span[h->at];
	snprintf(title, sizeof title, held ? _("span %" PRIx64 ", held") : _("span %" PRIx64), s->row.addr);
	enum span_place place = spanmap_place(h->m, s);
	snprintf(list, sizeof list, "%s",
		place == SPAN_IN_MCACHE            ? _("in mcache")
			: place == SPAN_IN_PARTIAL ? _("mcentral, partly free")
			: place == SPAN_IN_FULL    ? _("mcentral, full")
						   : _("a stack"));
	panel_rule(h->f, r, 0, false, title, list);
	span_words(h, s, words, sizeof words);
	int rows = r.w < 100 ? 2 : 1, y = panel_words(h->f, r, 1, rows, S_TEXT, words);
	(void)y;
	draw_objects(h, (struct rect){ r.x, r.y + 1 + rows, r.w, r.h - 2 * rows - 2 }, s);
	if (h->object < s->row.objects) {
		struct span_object o;
		span_objects(s, h->f->scene->mem, (uint32_t)h->object, 1, &o);
		object_sentence(h, s, &o, words, sizeof words);
		panel_words(h->f, r, r.h - 1 - rows, rows, S_SAY, words);
	}
	draw_tail(h, r, r.h - 1, s);
}

/* ---- classes, sums ---- */

struct class_sum {
	uint64_t spans, live, free, tail, lost;
	bool cached;
};

static void draw_classes(const struct sheet *h, struct rect r)
{
	static const char *const heads[] = { N_("class"), N_("bytes"), N_("spans"), N_("live"), N_("free"),
		N_("lost"), N_("tails") };
	static const int ends[] = { 7, 14, 21, 29, 37, 45, 53 };
	struct class_sum sum[2 * SIZE_CLASSES] = { 0 };
	for (size_t i = 0; i < h->m->spans; i++) {
		const struct span_now *s = &h->m->span[i];
		if (s->row.spanclass >= 2 * SIZE_CLASSES)
			continue;
		struct class_sum *c = &sum[s->row.spanclass];
		c->spans++;
		c->live += s->live;
		c->free += s->row.objects > s->live ? s->row.objects - s->live : 0;
		c->tail += span_tail(s);
		c->lost += span_rounding(s) + s->headers;
		c->cached = c->cached || spanmap_place(h->m, s) == SPAN_IN_MCACHE;
	}
	panel_rule(h->f, r, 0, false, _("classes"), _("p pointers, m in mcache"));
	for (int k = 0; k < 7; k++)
		grid_put_right(h->f->grid, r, ends[k], 1, S_LABEL, _(heads[k]));
	int y = 2;
	for (unsigned c = 0; c < 2 * SIZE_CLASSES && y < r.h; c++) {
		if (!sum[c].spans)
			continue;
		const uint64_t numbers[] = { c / 2, c < 2 ? 0 : class_size[c / 2], sum[c].spans, sum[c].live,
			sum[c].free, sum[c].lost, sum[c].tail };
		bool focus = h->at != SIZE_MAX && h->m->span[h->at].row.spanclass == c;
		for (int k = 0; k < 7; k++) {
			char number[24];
			snprintf(number, sizeof number, "%" PRIu64, numbers[k]);
			grid_put_right(h->f->grid, r, ends[k], y,
				focus                          ? S_TITLE
					: k > 3 && !numbers[k] ? S_DEAD
							       : S_TEXT,
				k == 1 && c < 2 ? _("large") : number);
		}
		if (focus)
			grid_glyph(h->f->grid, r, 1, y, S_TITLE, G_FOCUS);
		grid_printf(h->f->grid, r, 54, y++, S_LABEL, "%s%s", c & 1 ? " " : "p",
			sum[c].cached ? "m" : " ");
	}
}

static void put_words(const struct sheet *h, struct rect r, int y, style st, const char *words)
{
	char fit[600];
	text_fit(words, r.w - 2, fit, sizeof fit);
	grid_put(h->f->grid, r, 1, y, st, fit);
}

static void draw_sums(const struct sheet *h, struct rect r, const struct span_sum *n)
{
	char words[600];
	uint64_t marked = 0, black = 0, all = n->pages * PAGE_SIZE - n->stack;
	snprintf(words, sizeof words, _("%" PRIu64 " bytes of pages"), all);
	panel_rule(h->f, r, 0, false, _("where the bytes are, and who waits where"), words);
	if (r.w < 100)
		snprintf(words, sizeof words,
			_("asked %" PRIu64 "  rounding %" PRIu64 "  headers %" PRIu64 "  free %" PRIu64
			  "  tails, bitmaps %" PRIu64),
			n->asked, n->rounding, n->headers, n->free, n->tail + n->bitmap);
	else
		snprintf(words, sizeof words,
			_("asked %" PRIu64 "  rounding %" PRIu64 "  headers %" PRIu64 "  free %" PRIu64
			  "  tails %" PRIu64 "  bitmaps %" PRIu64),
			n->asked, n->rounding, n->headers, n->free, n->tail, n->bitmap);
	put_words(h, r, 1, S_TEXT, words);
	snprintf(words, sizeof words,
		_("lists: mcache %" PRIu64 "; mcentral partial %" PRIu64 ", full %" PRIu64 "; stacks %" PRIu64
		  "; free pages %" PRIu64),
		n->place[SPAN_IN_MCACHE], n->place[SPAN_IN_PARTIAL], n->place[SPAN_IN_FULL],
		n->place[SPAN_IN_STACK], n->free_pages);
	put_words(h, r, 2, S_TEXT, words);
	if (h->cycle)
		marks_count(h->marks, h->step, &marked, &black);
	uint64_t white = n->live > marked ? n->live - marked : 0;
	if (h->marks->failed)
		snprintf(words, sizeof words, "%s", h->m->source->error);
	else if (!h->colours)
		snprintf(words, sizeof words, "%s", _("the collector: looking for its cycles ..."));
	else if (!h->cycle)
		snprintf(words, sizeof words, "%s", _("the collector does not run"));
	else if (h->sweeping)
		snprintf(words, sizeof words,
			_("the collector sweeps: %" PRIu64 " marked, %" PRIu64 " dead (×) and not swept yet"),
			marked, white);
	else
		snprintf(words, sizeof words,
			_("the collector marks: %" PRIu64 " white (w), %" PRIu64 " grey (g), %" PRIu64
			  " black (b)"),
			white, marked - black, black);
	put_words(h, r, 3, h->cycle ? S_SAY : S_TEXT, words);
}

/* ---- the view ---- */

static int map_rows(int height)
{
	int rows = height / 4;
	return height < SMALL ? 1 : rows < 3 ? 3 : rows > 16 ? 16 : rows;
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct spans_state *v = own;
	struct sheet h;
	struct span_sum n;
	sheet_make(&h, v, f);
	if (h.m->failed) {
		const struct source *s = f->state->source;
		panel_rule(f, body, 0, true, _("spans"), NULL);
		panel_words(f, body, 1, 3, S_TEXT,
			s->spans ? s->error : _("This recording does not tell of spans."));
		return;
	}
	spanmap_sum(h.m, &n);
	int map = map_rows(body.h) + 2, sums = body.h < SMALL ? 0 : SUM_ROWS, rest = body.h - map - sums;
	bool table = body.w >= 60 + TABLE && rest >= 8;
	int left = table ? body.w - TABLE - 1 : body.w;
	draw_map(&h, (struct rect){ body.x, body.y, body.w, map }, &n);
	draw_span(&h, (struct rect){ body.x, body.y + map, left, rest }, v->held);
	if (table) {
		struct rect side = { body.x + left + 1, body.y + map, TABLE, rest };
		draw_classes(&h, side);
		panel_border(f, (struct rect){ body.x, body.y + map, body.w, rest }, left);
	}
	if (sums)
		draw_sums(&h, (struct rect){ body.x, body.y + map + rest, body.w, sums }, &n);
}

/* The focus to the span that is by pages away, one at least. */
static void move_focus(
	struct spans_state *v, const struct spanmap *m, size_t at, bool back, uint64_t spans, uint64_t pages)
{
	size_t to = at;
	if (!pages) {
		to = back                           ? at > spans ? at - (size_t)spans : 0
			: m->spans - 1 - at > spans ? at + (size_t)spans
						    : m->spans - 1;
	} else {
		uint64_t bytes = pages * PAGE_SIZE, addr = m->span[at].row.addr;
		while (back ? to > 0 && addr - m->span[to].row.addr < bytes
			    : to + 1 < m->spans &&
					m->span[to].row.addr + (uint64_t)m->span[to].row.pages * PAGE_SIZE <=
						addr + bytes)
			to = back ? to - 1 : to + 1;
	}
	v->held = true;
	v->span = m->span[to].row.addr;
}

static bool key(
	struct state *st, void *own, const struct frame *f, struct rect body, enum action a, uint64_t n)
{
	struct spans_state *v = own;
	const struct spanmap *m = &f->pass->spans;
	struct sheet h;
	if (!m->ready || m->failed)
		return false;
	sheet_make(&h, v, f);
	struct page_map p = page_map_of(&h, body.w, map_rows(body.h));
	uint64_t row = (uint64_t)p.columns * p.each;
	switch (a) {
	case ACTION_LEFT:
	case ACTION_RIGHT:
	case ACTION_UP:
	case ACTION_DOWN:
		if (h.at != SIZE_MAX)
			move_focus(v, m, h.at, a == ACTION_LEFT || a == ACTION_UP, n ? n : 1,
				a == ACTION_UP || a == ACTION_DOWN ? row * (n ? n : 1) : 0);
		return true;
	case ACTION_FOLLOW:
		v->held = !v->held && h.at != SIZE_MAX;
		if (v->held)
			v->span = m->span[h.at].row.addr;
		return true;
	case ACTION_ENTER:
		if (h.at != SIZE_MAX)
			state_ask(st, REQUEST_JUMP, m->span[h.at].row.step);
		v->held = false;
		return true;
	case ACTION_ESCAPE:
		if (!v->held)
			return false;
		v->held = false;
		return true;
	default: return false;
	}
}

static void press(struct state *st, void *own, const struct frame *f, const struct hit *hit)
{
	struct spans_state *v = own;
	(void)st;
	*v = (struct spans_state){ spanmap_find(&f->pass->spans, hit->a) != SIZE_MAX, hit->a };
}

static const struct legend_row legend[] = {
	{ 0, "w g b", S_LABEL, N_("S: white, grey, black object") },
	{ 0, "×", S_ERROR, N_("S: dead, and not swept yet") },
};
const struct view view_spans = { .size = sizeof(struct spans_state),
	.passes = NEEDS_SPANS,
	.draw = draw,
	.key = key,
	.press = press,
	.legend = legend,
	.legend_rows = sizeof legend / sizeof legend[0] };
