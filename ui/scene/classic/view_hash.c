/* The view of the hash: its 64 bits, what each is used for, and the tophashes of the chains it leads to. */
#include "ui/scene/classic/draw.h"
#include "ui/scene/classic/hashes.h"
#include "ui/view/view.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { BITS_X = 9, BITS_W = 64 + 7 };

static int bit_x(unsigned i)
{
	unsigned from_left = 63 - i;
	return BITS_X + (int)(from_left + from_left / 8);
}

/* A row of 64 bits; those in mask are bright. */
static void bits_row(const struct frame *f, struct rect r, int y, const char *label, uint64_t v,
	uint64_t mask, style bright)
{
	grid_put(f->grid, r, 1, y, S_LABEL, label);
	for (unsigned i = 0; i < 64; i++)
		grid_put(f->grid, r, bit_x(i), y, mask >> i & 1 ? bright : S_DEAD,
			mask >> i & 1 ? v >> i & 1 ? "1" : "0" : "·");
}

static uint64_t low_mask(unsigned bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static int hash_bits(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	uint64_t h = s->hash.hash, mask = low_mask(c->hmap.B), old = newbit(s);
	bool splits = old && !scene_same_size(s);
	bits_row(f, r, y++, _("hash"), h, UINT64_MAX, S_TITLE);
	for (unsigned i = 0; i < 8; i++)
		grid_printf(
			f->grid, r, bit_x(i * 8 + 7), y, S_LABEL, "%02x", (unsigned)(h >> (i * 8) & 0xff));
	y++;
	bits_row(f, r, y++, _("tophash"), h, UINT64_C(0xff) << 56, S_TOP);
	if (!c->hash.nan)
		bits_row(f, r, y++, _("bucket"), h, mask, S_TITLE);
	if (splits) {
		if (!c->hash.nan)
			bits_row(f, r, y++, _("old"), h, old - 1, S_TITLE);
		if (c->hash.by_tophash)
			grid_printf(f->grid, r, BITS_X, y++, S_GROW, "%s",
				_("X or Y: none of these bits, for a NaN has another hash each time"));
		else
			bits_row(f, r, y++, _("X or Y"), h, old, S_GROW | STYLE_BOLD);
	}
	return y;
}

static void line(const struct frame *f, struct rect r, int *y, const char *label, const char *words)
{
	if (*y >= r.h)
		return;
	grid_put(f->grid, r, 1, *y, S_LABEL, label);
	struct rect inner = { r.x + BITS_X - 1, r.y, r.w - BITS_X + 1, r.h };
	*y = panel_words(f, inner, *y, r.h - *y < 2 ? r.h - *y : 2, S_TEXT, words);
}

/* Does the entry go to the Y half? */
static bool half_is_y(const struct scene *s)
{
	return classic_of(s)->hash.by_tophash ? classic_of(s)->hash.old_top & 1
					      : (s->hash.hash & newbit(s)) != 0;
}

/* The bucket that the hash leads to. */
static uint64_t new_index(const struct scene *s)
{
	const struct classic_scene *c = classic_of(s);
	return c->hash.nan ? c->evacuated + (half_is_y(s) ? newbit(s) : 0)
			   : s->hash.hash & low_mask(c->hmap.B);
}

/* Where a growth takes the entry. */
static void half_words(const struct frame *f, struct rect r, int *y)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	char words[200];
	uint64_t h = s->hash.hash, old = newbit(s), index = new_index(s),
		 from = c->hash.nan ? c->evacuated : h & (old - 1);
	unsigned B = c->hmap.B, bit = old ? (unsigned)__builtin_ctzll(old) : 0;
	bool y_half = half_is_y(s);
	if (!old || scene_same_size(s)) {
		if (c->type.key.kind != GO_STRING && strstr(s->hash.of, "NaN")) {
			snprintf(words, sizeof words,
				_("bit %u tells nothing: a NaN gets another hash when it moves."), B);
			line(f, r, y, _("next"), words);
			return;
		}
		snprintf(words, sizeof words,
			_("bit %u is %d: after the next doubling the key is in bucket %" PRIu64 "."), B,
			(int)(h >> B & 1), h & low_mask(B + 1));
		line(f, r, y, _("next"), words);
		return;
	}
	if (!c->hash.nan) {
		snprintf(words, sizeof words,
			P_("the map doubles: before, the low %u bit chose old bucket %" PRIu64 ".",
				"the map doubles: before, the low %u bits chose old bucket %" PRIu64 ".",
				bit),
			bit, from);
		line(f, r, y, _("old"), words);
	}
	if (c->hash.by_tophash)
		snprintf(words, sizeof words,
			y_half ? _("a NaN, and a loop may be looking: the low bit of its old tophash %02x is 1, so it goes to Y, new %" PRIu64
				   ", with the new tophash.")
			       : _("a NaN, and a loop may be looking: the low bit of its old tophash %02x is 0, so it goes to X, new %" PRIu64
				   ", with the new tophash."),
			c->hash.old_top, index);
	else
		snprintf(words, sizeof words,
			y_half ? _("bit %u is 1: from old %" PRIu64
				   " the entry goes to the Y half, new %" PRIu64 " + %" PRIu64 " = %" PRIu64
				   ".")
			       : _("bit %u is 0: from old %" PRIu64
				   " the entry goes to the X half, new bucket %" PRIu64 "."),
			bit, from, from, old, index);
	line(f, r, y, _("X or Y"), words);
}

static void hash_words(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	const struct classic_scene *c = classic_of(s);
	char words[SCENE_TEXT + 200];
	uint64_t h = s->hash.hash, index = new_index(s);
	unsigned high = (unsigned)(h >> 56), B = c->hmap.B;
	const char *quote = c->type.key.kind == GO_STRING && s->hash.of[0] != '"' ? "\"" : "";
	snprintf(words, sizeof words, _("%s%s%s, hashed with hash0 %08x of this map: %016" PRIx64 "."), quote,
		s->hash.of, quote, c->hash.hash0, h);
	line(f, r, &y, _("key"), words);
	if (high < MIN_TOPHASH)
		snprintf(words, sizeof words,
			_("the high byte is %02x; 0 to 4 are marks of empty and moved slots, so 5 is added: %02x."),
			high, c->hash.top);
	else
		snprintf(words, sizeof words,
			_("the high byte, %02x. Below 5 it would be 5 more: 0 to 4 are marks of empty and moved slots."),
			c->hash.top);
	line(f, r, &y, _("tophash"), words);
	if (c->hash.nan)
		snprintf(words, sizeof words, "%s",
			_("a NaN gets another hash each time: where it was, these bits cannot tell."));
	else if (B == 0)
		snprintf(words, sizeof words, "%s",
			_("B is 0: there is one bucket, no bit of the hash is needed."));
	else if (B == 1)
		snprintf(words, sizeof words, _("the lowest bit of the hash = %" PRIu64 " of 2 buckets."),
			index);
	else
		snprintf(words, sizeof words,
			P_("hash & (2^%u - 1) = the low %u bit = %" PRIu64 " of %s.",
				"hash & (2^%u - 1) = the low %u bits = %" PRIu64 " of %s.", B),
			B, B, index, counted_buckets(UINT64_C(1) << B));
	line(f, r, &y, _("bucket"), words);
	half_words(f, r, &y);
}

/* The tophashes of the chain, and which are equal to the one wanted. */
static void hash_chain(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	struct map_group b;
	uint64_t old = newbit(s), index = new_index(s);
	char words[128];
	unsigned equal = 0;
	if (r.h < 2)
		return;
	int y = 1;
	for (int a = old ? ARRAY_OLD : ARRAY_NEW; a >= ARRAY_NEW; a--) {
		bool more = classic_first(
			s, (enum which_array)a, a == ARRAY_OLD ? index & (old - 1) : index, &b);
		for (; more && y < r.h; y++) {
			char label[48];
			group_label(s, &b, true, label, sizeof label);
			int x = grid_printf(f->grid, r, 1, y, S_LABEL, "%-12s", label);
			for (int k = 0; k < SLOTS; k++) {
				bool same = b.control[k] == classic_of(s)->hash.top;
				equal += same;
				x = grid_printf(f->grid, r, x, y,
					same                                 ? S_TITLE
						: tophash_full(b.control[k]) ? S_TOP
									     : S_DEAD,
					"  %02x%s", b.control[k], same ? "=" : " ");
			}
			more = classic_next(s, &b);
		}
	}
	if (y == 1)
		grid_put(f->grid, r, 1, 1, S_DEAD, _("the map has no buckets yet"));
	snprintf(words, sizeof words,
		_("tophash bytes of the chains that the hash leads to; %u equal to %02x ="), equal,
		classic_of(s)->hash.top);
	panel_rule(f, r, 0, false, words, NULL);
}

static void draw(const struct frame *f, struct rect body, const void *own)
{
	const struct scene *s = f->scene;
	(void)own;
	panel_rule(f, body, 0, false, _("the 64 bits of the hash, and what each is used for"), NULL);
	if (s->live && !s->hash.known && body.h >= 14 && classic_of(s)->type_ok)
		classic_keys(f, (struct rect){ body.x, body.y + 5, body.w, body.h - 5 });
	if (!s->hash.known || !s->live) {
		panel_words(f, body, 1, 4, S_DEAD,
			s->after
				? _("No key is being hashed: no operation is under way.")
				: s->op.op && s->op.kind == OP_RACE
				? _("The goroutine that runs now has hashed no key so far.")
				: _("No key has been hashed in this operation so far. A put hashes its key first. A get or del in an empty map need not, nor a get of a short string, or of a word of 4 or 8 bytes, from a single bucket."));
		return;
	}
	if (body.w < BITS_X + BITS_W) {
		hash_words(f, body, 1);
		return;
	}
	int y = hash_bits(f, body, 1);
	panel_rule(f, body, y, false, _("step by step"), NULL);
	int rest = body.h - y - 1, least = body.w < 100 ? 7 : 5,
	    words = rest >= 16 ? least
		: rest > 8     ? rest - 4
			       : rest;
	hash_words(f, (struct rect){ body.x, body.y, body.w, y + 1 + words }, y + 1);
	if (rest >= 16)
		classic_keys(f, (struct rect){ body.x, body.y + y + 1 + words, body.w, rest - words });
	else
		hash_chain(f, (struct rect){ body.x, body.y + y + 1 + words, body.w, rest - words });
}

static void ask(const struct frame *f, struct rect body, const void *own, struct question *q)
{
	(void)f, (void)body, (void)own;
	q->overview = &key_hashes;
}

const struct view view_hash = { .passes = NEEDS_OVERVIEW, .draw = draw, .ask = ask };
