/* Every key of the map by the low bits of its hash, read from the right: a bucket is a run of rows, at every
 * B. */
#include "ui/scene/classic/hashes.h"
#include "ui/scene/classic/draw.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS_MOST = 1024, BITS_X = 18, KEY_W = 14, SLOT_W = 12, DOUBLING_W = 20 };

struct key_row {
	uint64_t hash, order; /* order: the hash, its lowest bit first */
	struct map_group group;
	int slot; /* -1: the key in hand, which is not in the map yet */
	bool here;
};

struct key_rows {
	const struct frame *f;
	struct rect r;
	struct key_row *row;
	size_t n, without; /* without: keys that have no hash that lasts */
	unsigned B, bits;  /* bits that are shown */
};

static uint64_t reversed(uint64_t v)
{
	uint64_t r = 0;
	for (int i = 0; i < 64; i++, v >>= 1)
		r = r << 1 | (v & 1);
	return r;
}

static int by_order(const void *a, const void *b)
{
	const struct key_row *x = a, *y = b;
	return x->order < y->order ? -1 : x->order > y->order;
}

static void add_row(struct key_rows *k, uint64_t hash, const struct map_group *g, int slot)
{
	if (k->n < KEYS_MOST)
		k->row[k->n++] = (struct key_row){
			.hash = hash, .order = reversed(hash), .group = *g, .slot = slot
		};
}

static void add_chain(struct key_rows *k, enum which_array array, uint64_t index)
{
	const struct scene *s = k->f->scene;
	struct map_group g;
	uint64_t hash;
	for (bool more = classic_first(s, array, index, &g); more; more = classic_next(s, &g))
		for (int i = 0; i < SLOTS; i++) {
			if (!tophash_full(g.control[i]))
				continue;
			if (hash_of_slot(k->f, &g, i, &hash))
				add_row(k, hash, &g, i);
			else
				k->without++;
		}
}

/* All keys; of a map with many those of the bucket that the hash leads to. */
static void collect(struct key_rows *k)
{
	const struct scene *s = k->f->scene;
	const struct classic_scene *c = classic_of(s);
	bool all = c->hmap.count < KEYS_MOST;
	uint64_t at = s->hash.known ? s->hash.hash : 0;
	for (int a = ARRAY_NEW; a <= ARRAY_OLD; a++) {
		uint64_t n = array_buckets(&c->hmap, (enum which_array)a);
		for (uint64_t i = 0; i < n; i++)
			if (all || i == (at & (n - 1)))
				add_chain(k, (enum which_array)a, i);
	}
	bool in_map = !s->hash.known || c->hash.nan;
	for (size_t i = 0; i < k->n && !in_map; i++) {
		if (k->row[i].hash != at)
			continue;
		in_map = k->row[i].here = true;
	}
	if (!in_map) {
		add_row(k, at, &(struct map_group){ 0 }, -1);
		k->row[k->n - 1].here = true;
	}
	qsort(k->row, k->n, sizeof *k->row, by_order);
}

static uint64_t low(uint64_t v, unsigned bits)
{
	return bits >= 64 ? v : v & ((UINT64_C(1) << bits) - 1);
}

/* Keys in the map whose low bits are those of row i. */
static unsigned alike(const struct key_rows *k, size_t i, unsigned bits)
{
	unsigned n = 0;
	for (size_t j = 0; j < k->n; j++)
		n += k->row[j].slot >= 0 && low(k->row[j].hash, bits) == low(k->row[i].hash, bits);
	return n;
}

/* Where row i stands in its run. */
static enum glyph bracket(const struct key_rows *k, size_t i, unsigned bits, bool left)
{
	bool before = i > 0 && low(k->row[i - 1].hash, bits) == low(k->row[i].hash, bits),
	     after = i + 1 < k->n && low(k->row[i + 1].hash, bits) == low(k->row[i].hash, bits);
	return before && after ? G_V
		: before       ? left ? G_BOTTOM_LEFT : G_BOTTOM_RIGHT
		: after        ? left ? G_TOP_LEFT : G_TOP_RIGHT
			       : G_H;
}

/* A bucket at so many bits: its number and how full it is, at the first row of it that is in sight. */
static void put_run(
	const struct key_rows *k, int x, int y, size_t i, unsigned bits, style st, const char *name)
{
	unsigned n = alike(k, i, bits);
	char words[32];
	snprintf(words, sizeof words, "%s %-*" PRIu64 " ", name, bits > 6 ? 4 : 2, low(k->row[i].hash, bits));
	x = grid_put(k->f->grid, k->r, x, y, st, words);
	panel_bar(k->f, k->r, x, y, st, n);
	grid_printf(k->f->grid, k->r, x + 1, y, st, "%2u", n);
}

static void put_bits(const struct key_rows *k, int y, uint64_t hash)
{
	int x = BITS_X;
	for (int bit = (int)k->bits - 1; bit >= 0; bit--) {
		if (bit == (int)k->B || bit == (int)k->B - 1)
			x++;
		bool one = hash >> bit & 1, next = bit == (int)k->B;
		style st = bit < (int)k->B ? S_KEY : next ? one ? S_TO_Y : S_TO_X : S_DEAD;
		x = grid_put(k->f->grid, k->r, x, y, st, one ? "1" : "0");
	}
}

static void put_row(const struct key_rows *k, int y, size_t i, bool first)
{
	const struct key_row *row = &k->row[i];
	const struct scene *s = k->f->scene;
	struct grid *g = k->f->grid;
	char text[SCENE_TEXT], fit[SCENE_TEXT + 8], label[48];
	uint8_t high = (uint8_t)(row->hash >> 56);
	if (row->here)
		grid_glyph(g, k->r, 0, y, S_TITLE, G_FOCUS);
	bool begins = first || low(k->row[i - 1].hash, k->B) != low(row->hash, k->B);
	if (begins)
		put_run(k, 1, y, i, k->B, row->here ? S_TITLE : S_TEXT, _("bucket"));
	grid_glyph(g, k->r, BITS_X - 2, y, S_RULE, bracket(k, i, k->B, true));
	put_bits(k, y, row->hash);
	int x = BITS_X + (int)k->bits + 3;
	grid_printf(g, k->r, x, y, S_TOP, "%02x", high < MIN_TOPHASH ? high + MIN_TOPHASH : high);
	if (row->slot < 0) {
		snprintf(text, sizeof text, "%s", s->hash.of);
		snprintf(label, sizeof label, "%s", _("not in it"));
	} else {
		char name[40];
		if (row->here && s->hash.known && s->hash.of[0]) /* its slot may not have it yet */
			snprintf(text, sizeof text, "%s", s->hash.of);
		else
			group_key_text(s, &row->group, row->slot, text, sizeof text);
		group_label(s, &row->group, false, name, sizeof name);
		snprintf(label, sizeof label, "%s:%d", name, row->slot);
	}
	text_fit(text, KEY_W - 1, fit, sizeof fit);
	grid_put(g, k->r, x + 4, y, row->here ? S_TITLE : S_KEY, fit);
	grid_put(g, k->r, x + 4 + KEY_W, y, row->slot < 0 ? S_DEAD : S_TEXT, label);
	x += 4 + KEY_W + SLOT_W;
	for (unsigned B = k->B + 1; x + DOUBLING_W - 4 <= k->r.w && B < k->bits; B++, x += DOUBLING_W) {
		bool y_half = row->hash >> (B - 1) & 1;
		style st = y_half ? S_TO_Y : S_TO_X;
		grid_glyph(g, k->r, x, y, S_RULE, bracket(k, i, B, false));
		if (first || low(k->row[i - 1].hash, B) != low(row->hash, B))
			put_run(k, x + 2, y, i, B, st, y_half ? "Y" : "X");
	}
}

void classic_keys(const struct frame *f, struct rect r)
{
	struct key_row row[KEYS_MOST];
	struct key_rows k = { .f = f, .r = r, .row = row, .B = classic_of(f->scene)->hmap.B };
	k.bits = k.B + 3 > 8 ? k.B + 3 : 8;
	char words[64];
	collect(&k);
	size_t rows = r.h > 2 ? (size_t)r.h - 2 : 0, here = 0;
	for (size_t i = 0; i < k.n; i++)
		if (row[i].here)
			here = i;
	size_t from = here > rows / 2 ? here - rows / 2 : 0;
	if (from + rows > k.n)
		from = k.n > rows ? k.n - rows : 0;
	words[0] = 0;
	if (overview_busy(&f->pass->overview))
		snprintf(words, sizeof words, "%s", _("computing"));
	else if (k.n > rows)
		snprintf(words, sizeof words, _("%zu to %zu of %zu"), from + 1, from + rows, k.n);
	else if (k.without)
		snprintf(words, sizeof words,
			P_("%zu has no hash that lasts", "%zu have no hash that lasts", k.without),
			k.without);
	panel_rule(f, r, 0, false,
		classic_of(f->scene)->hmap.count < KEYS_MOST
			? _("every key by the low bits of its hash, read from the right")
			: _("the keys of this bucket by the low bits of their hashes, read from the right"),
		words);
	int x = BITS_X + (int)k.bits + 3;
	grid_printf(f->grid, r, 1, 1, S_LABEL, _("now, B %u"), k.B);
	grid_printf(f->grid, r, BITS_X, 1, S_LABEL, _("low bits"));
	grid_put(f->grid, r, x, 1, S_LABEL, _("top"));
	grid_put(f->grid, r, x + 4, 1, S_LABEL, _("key"));
	grid_put(f->grid, r, x + 4 + KEY_W, 1, S_LABEL, _("slot"));
	x += 4 + KEY_W + SLOT_W;
	for (unsigned B = k.B + 1; x + DOUBLING_W - 4 <= r.w && B < k.bits; B++, x += DOUBLING_W)
		grid_printf(f->grid, r, x, 1, S_LABEL, _("B %u: bit %u"), B, B - 1);
	for (size_t i = 0; i < rows && from + i < k.n; i++)
		put_row(&k, 2 + (int)i, from + i, i == 0);
}
