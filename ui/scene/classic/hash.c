/* The 64 bits of the hash: which byte is the tophash, which bits choose the bucket, which one X or Y. */
#include "ui/scene/classic/classic.h"
#include "ui/scene/classic/draw.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LABEL = 6 };

/* The column of bit i (0 is the lowest, at the right). */
static int bit_x(unsigned i)
{
	unsigned from_left = 63 - i;
	return LABEL + (int)(from_left + from_left / 8);
}

static void put_bits(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	unsigned B = c->hmap.B;
	for (unsigned i = 0; i < 64; i++) {
		style st = i >= 56 ? S_TOP : i < B && !c->hash.nan ? S_TITLE : S_TEXT;
		if (newbit(s) && !scene_same_size(s) && B && i == B - 1 && !c->hash.by_tophash)
			st = S_GROW | STYLE_BOLD;
		grid_put(f->grid, r, bit_x(i), y, st, s->hash.hash >> i & 1 ? "1" : "0");
	}
}

/* "└──┘" under the low n bits. */
static void brace(const struct frame *f, struct rect r, int y, int x, int end, style st)
{
	if (x == end) {
		grid_glyph(f->grid, r, x, y, st, G_NOW);
		return;
	}
	grid_repeat(f->grid, r, x, y, st, G_H, end - x);
	grid_glyph(f->grid, r, x, y, st, G_BOTTOM_LEFT);
	grid_glyph(f->grid, r, end, y, st, G_BOTTOM_RIGHT);
}

/* The words at the left of the low bits' brace; returns the column where they begin. */
static int low_words(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	char words[96];
	unsigned B = c->hmap.B;
	uint64_t old = newbit(s), low;
	if (!old || scene_same_size(s)) {
		low = B ? s->hash.hash & ((UINT64_C(1) << B) - 1) : 0;
		if (B == 0) {
			int x = grid_put_right(
				f->grid, r, bit_x(0) + 1, y, S_TEXT, _("B is 0: no bit chooses"));
			return x - text_width(_("B is 0: no bit chooses"));
		}
		brace(f, r, y, bit_x(B - 1), bit_x(0), S_TITLE);
		snprintf(words, sizeof words,
			B == 1 ? _("%" PRIu64 " = lowest bit ") : _("%" PRIu64 " = low %u bits "), low, B);
		grid_put_right(f->grid, r, bit_x(B - 1), y, S_TEXT, words);
		return bit_x(B - 1) - text_width(words);
	}
	if (c->hash.by_tophash) { /* no bit of this hash says where it goes */
		bool y_half = c->hash.old_top & 1;
		uint64_t to = c->evacuated + (y_half ? old : 0);
		if (r.w >= 120)
			snprintf(words, sizeof words,
				y_half ? _("NaN: bit 0 of old tophash %02x = 1: Y, new %" PRIu64)
				       : _("NaN: bit 0 of old tophash %02x = 0: X, new %" PRIu64),
				c->hash.old_top, to);
		else
			snprintf(words, sizeof words,
				y_half ? _("NaN, old top %02x: bit 0 = 1: Y %" PRIu64)
				       : _("NaN, old top %02x: bit 0 = 0: X %" PRIu64),
				c->hash.old_top, to);
		grid_put_right(f->grid, r, bit_x(0) + 1, y, y_half ? S_TO_Y : S_TO_X, words);
		return bit_x(0) + 1 - text_width(words);
	}
	low = c->hash.nan ? c->evacuated : s->hash.hash & (old - 1);
	bool one = s->hash.hash & old;
	if (B > 1 && !c->hash.nan)
		brace(f, r, y, bit_x(B - 2), bit_x(0), S_TITLE);
	grid_glyph(f->grid, r, bit_x(B - 1), y, S_GROW | STYLE_BOLD, G_NOW);
	if (r.w >= 120)
		snprintf(words, sizeof words,
			one ? _("bit %u = 1: Y, new %" PRIu64 "+%" PRIu64 "=%" PRIu64 " ")
			    : _("bit %u = 0: X, new %" PRIu64 " "),
			B - 1, low, old, low + old);
	else
		snprintf(words, sizeof words,
			one ? _("bit %u = 1: Y %" PRIu64 " ") : _("bit %u = 0: X %" PRIu64 " "), B - 1,
			one ? low + old : low);
	grid_put_right(f->grid, r, bit_x(B - 1), y, one ? S_TO_Y : S_TO_X, words);
	if (r.w >= 120 && B > 1 && !c->hash.nan) {
		char right[64];
		snprintf(right, sizeof right,
			B == 2 ? _("old bucket %" PRIu64 " = lowest bit")
			       : _("old bucket %" PRIu64 " = low %u bits"),
			low, B - 1);
		grid_put(f->grid, r, bit_x(0) + 2, y, S_TEXT, right);
	}
	return bit_x(B - 1) - text_width(words);
}

static void top_words(const struct scene *s, char *out, size_t cap)
{
	unsigned high = (unsigned)(s->hash.hash >> 56);
	if (high < MIN_TOPHASH)
		snprintf(out, cap, _("%02x + 5 = %02x"), high, classic_of(s)->hash.top);
	else
		snprintf(out, cap, "%02x", classic_of(s)->hash.top);
}

void classic_hash(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	char text[SCENE_TEXT + 64], fit[SCENE_TEXT + 64], top[32];
	int y = r.h > 2; /* three rows: a rule first */
	if (r.h > 2)
		grid_rule(f->grid, r, 0);
	grid_put(f->grid, r, r.h > 2 ? 1 : 0, y, S_LABEL, _("hash"));
	if (!s->hash.known) {
		grid_put(f->grid, r, LABEL, y, S_DEAD,
			s->op.op && s->op.kind == OP_RACE && s->phase != PHASE_NONE && !s->after
				? _("the goroutine that runs now has hashed no key yet")
				: s->op.op && s->phase != PHASE_NONE && !s->after
				? _("no key has been hashed in this operation yet")
				: _("no key is being hashed"));
		return;
	}
	if (r.w < bit_x(0) + 1) { /* no room for all bits */
		snprintf(text, sizeof text, "%016" PRIx64 "  top %02x", s->hash.hash, c->hash.top);
		grid_put(f->grid, r, LABEL, y, S_TEXT, text);
		return;
	}
	put_bits(f, r, y);
	brace(f, r, y + 1, bit_x(63), bit_x(56), S_TOP);
	grid_put(f->grid, r, bit_x(63) + 2, y + 1, S_TOP, "top");
	int end = low_words(f, r, y + 1);
	top_words(s, top, sizeof top);
	int x = grid_put(f->grid, r, bit_x(56) + 3, y + 1, S_TOP, top);
	const char *quote = c->type.key.kind == GO_STRING && s->hash.of[0] != '"' ? "\"" : "";
	if (s->hash.of[0] || s->op.has_key)
		snprintf(text, sizeof text, _("%016" PRIx64 " of %s%s%s"), s->hash.hash, quote, s->hash.of,
			quote);
	else
		snprintf(text, sizeof text, "%016" PRIx64, s->hash.hash);
	if (r.w >= 120) {
		text_fit(text, r.w - bit_x(0) - 5, fit, sizeof fit);
		grid_put(f->grid, r, bit_x(0) + 4, y, S_TEXT, fit);
		if (s->hash.stored && !c->hash.by_tophash && s->phase == PHASE_EVACUATE) {
			const char *copied = _("is copied from the old slot");
			grid_put(f->grid, r, x + 1, y + 1, S_LABEL,
				x + 1 + text_width(copied) < end ? copied : _("is copied"));
		}
	} else {
		text_fit(text, end - x - 4, fit, sizeof fit);
		grid_put(f->grid, r, x + 3, y + 1, S_TEXT, fit);
	}
}
