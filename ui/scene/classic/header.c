/* The fields of the hmap in a row. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/draw.h"
#include "ui/grid/text.h"

#include "trace/map/sync/sync.h"

#include <inttypes.h>
#include <stdio.h>

struct entry {
	const char *name;
	char value[40];
	int pad;
	uint32_t offset, size;
	bool changed;
};

static int decimal_width(uint64_t v)
{
	int n = 1;
	for (; v >= 10; v /= 10)
		n++;
	return n;
}

static int collect_fields(const struct frame *f, struct entry *e, bool wide)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	const struct hmap_view *h = &c->hmap, *was = &c->hmap_was;
	int n = 0, most = decimal_width(s->player->source->ops);
#define FIELD(NAME, OFF, SIZE, PAD, CHANGED, ...) \
	do { \
		e[n] = (struct entry){ .name = NAME, \
			.pad = PAD, \
			.offset = OFF, \
			.size = SIZE, \
			.changed = s->was && (CHANGED) }; \
		snprintf(e[n].value, sizeof e[n].value, __VA_ARGS__); \
		n++; \
	} while (0)
	FIELD("count", HMAP_COUNT, 8, most, h->count != was->count, "%" PRId64, h->count);
	FIELD("flags", HMAP_FLAGS, 1, -9, h->flags != was->flags, "%s", "");
	flags_phrase(h->flags, e[n - 1].value, sizeof e[n - 1].value);
	FIELD("B", HMAP_B, 1, 1, h->B != was->B, "%u", h->B);
	FIELD("noverflow", HMAP_NOVERFLOW, 2, 1, h->noverflow != was->noverflow, "%u", h->noverflow);
	FIELD("hash0", HMAP_HASH0, 4, 8, h->hash0 != was->hash0, "%08x", h->hash0);
	FIELD("nevacuate", HMAP_NEVACUATE, 8, 1, h->nevacuate != was->nevacuate, "%" PRIu64, h->nevacuate);
	if (wide) {
		FIELD("oldbuckets", HMAP_OLDBUCKETS, 8, -5, h->oldbuckets != was->oldbuckets, "%s", "nil");
		if (h->oldbuckets)
			short_address(h->oldbuckets, 4, e[n - 1].value, sizeof e[n - 1].value);
		FIELD("buckets", HMAP_BUCKETS, 8, -5, h->buckets != was->buckets, "%s", "nil");
		if (h->buckets)
			short_address(h->buckets, 4, e[n - 1].value, sizeof e[n - 1].value);
		if (h->extra)
			FIELD("free overflow", HMAP_EXTRA, 8, 1, h->next_overflow != was->next_overflow,
				"%" PRIu64, hmap_free_overflow(h, &c->type));
	}
#undef FIELD
	return n;
}

static int fields_width(const struct entry *e, int n, bool pad, int gap)
{
	int w = 7;
	for (int i = 0; i < n; i++) {
		int v = text_width(e[i].value), least = pad ? (e[i].pad < 0 ? -e[i].pad : e[i].pad) : 0;
		w += text_width(e[i].name) + 1 + (v > least ? v : least) + (i ? gap : 0);
	}
	return w;
}

static style field_style(const struct scene *s, const struct entry *e)
{
	uint8_t marks[8] = { 0 };
	scene_marks(s, classic_of(s)->hmap.addr + e->offset, e->size, marks);
	return marks[0] & MARK_WRITE ? S_WRITE_NOW : marks[0] & MARK_READ ? S_READ_NOW : S_TEXT;
}

void classic_line(const struct scene *s, int width, char *out, size_t cap)
{
	const struct hmap_view *h = &classic_of(s)->hmap;
	if (width >= 55)
		snprintf(out, cap, "hmap count %" PRId64 "  B %u  noverflow %u  hash0 %08x  flags %u",
			h->count, h->B, h->noverflow, h->hash0, h->flags);
	else if (width >= 36)
		snprintf(out, cap, "count %" PRId64 " B %u nov %u hash0 %08x", h->count, h->B, h->noverflow,
			h->hash0);
	else
		snprintf(out, cap, "count %" PRId64 " B %u hash0 %08x", h->count, h->B, h->hash0);
}

void classic_header(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	struct entry e[12];
	int x = grid_put(f->grid, r, 1, 0, S_LABEL, "hmap");
	if (!s->live) {
		const char *why = !s->map         ? _("the recording has no map yet")
			: !classic_of(s)->type_ok ? _("of a type this program does not know")
			: s->outer      ? (map_part(s->map) == SYNC_READ ? _("nil: read has no map yet")
									 : _("nil: there is no dirty map"))
			: !s->map->header ? _("nil: a nil map has no memory")
					: _("not made yet");
		grid_put(f->grid, r, x + 2, 0, S_TEXT, why);
		return;
	}
	int n = collect_fields(f, e, r.w >= 120), gap = 2;
	bool pad = fields_width(e, n, true, gap) <= r.w;
	if (!pad && fields_width(e, n, false, gap) > r.w)
		gap = 1;
	while (n > 1 && fields_width(e, n, pad, gap) > r.w)
		n--;
	x += 2 - gap;
	for (int i = 0; i < n; i++) {
		int v = text_width(e[i].value), least = pad ? (e[i].pad < 0 ? -e[i].pad : e[i].pad) : 0;
		int fill = v < least ? least - v : 0;
		x = grid_put(f->grid, r, x + gap, 0, S_LABEL, e[i].name);
		if (e[i].changed)
			grid_put(f->grid, r, x, 0, S_TITLE, "*");
		else if (panel_watched(f, classic_of(s)->hmap.addr + e[i].offset, e[i].size))
			grid_glyph(f->grid, r, x, 0, S_TITLE, G_WATCHED);
		x += 1 + (e[i].pad > 0 ? fill : 0);
		x = grid_put(f->grid, r, x, 0, field_style(s, &e[i]), e[i].value) + (e[i].pad < 0 ? fill : 0);
	}
}
