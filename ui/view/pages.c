/* The views that explain: hash, hmap, code, legend. */
#include "ui/view/private.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- hash ---- */

enum { BITS_X = 9, BITS_W = 64 + 7 };

static int bit_x(unsigned i)
{
	unsigned from_left = 63 - i;
	return BITS_X + (int)(from_left + from_left / 8);
}

/* A row of 64 bits; those in mask are bright. */
static void bits_row(const struct frame *f, struct rect r, int y, const char *label, uint64_t v, uint64_t mask, style bright)
{
	grid_put(f->grid, r, 1, y, S_LABEL, label);
	for (unsigned i = 0; i < 64; i++)
		grid_put(f->grid, r, bit_x(i), y, mask >> i & 1 ? bright : S_DEAD, mask >> i & 1 ? v >> i & 1 ? "1" : "0" : "·");
}

static uint64_t low_mask(unsigned bits)
{
	return bits >= 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1;
}

static int hash_bits(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	uint64_t h = s->hash.hash, mask = low_mask(s->hmap.B), old = newbit(s);
	bool splits = old && !scene_same_size(s);
	bits_row(f, r, y++, _("hash"), h, UINT64_MAX, S_TITLE);
	for (unsigned i = 0; i < 8; i++)
		grid_printf(f->grid, r, bit_x(i * 8 + 7), y, S_LABEL, "%02x", (unsigned)(h >> (i * 8) & 0xff));
	y++;
	bits_row(f, r, y++, _("tophash"), h, UINT64_C(0xff) << 56, S_TOP);
	if (!s->hash.nan)
		bits_row(f, r, y++, _("bucket"), h, mask, S_TITLE);
	if (splits) {
		if (!s->hash.nan)
			bits_row(f, r, y++, _("old"), h, old - 1, S_TITLE);
		if (s->hash.by_tophash)
			grid_printf(f->grid, r, BITS_X, y++, S_GROW, "%s", _("X or Y: none of these bits, for a NaN has another hash each time"));
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
	*y = views_words(f, inner, *y, r.h - *y < 2 ? r.h - *y : 2, S_TEXT, words);
}

/* Does the entry go to the Y half? */
static bool half_is_y(const struct scene *s)
{
	return s->hash.by_tophash ? s->hash.old_top & 1 : (s->hash.hash & newbit(s)) != 0;
}

/* The bucket that the hash leads to. */
static uint64_t new_index(const struct scene *s)
{
	return s->hash.nan ? s->evacuated + (half_is_y(s) ? newbit(s) : 0) : s->hash.hash & low_mask(s->hmap.B);
}

/* Where a growth takes the entry. */
static void half_words(const struct frame *f, struct rect r, int *y)
{
	const struct scene *s = f->scene;
	char words[200];
	uint64_t h = s->hash.hash, old = newbit(s), index = new_index(s), from = s->hash.nan ? s->evacuated : h & (old - 1);
	unsigned B = s->hmap.B, bit = old ? (unsigned)__builtin_ctzll(old) : 0;
	bool y_half = half_is_y(s);
	if (!old || scene_same_size(s)) {
		if (s->type.key.kind != GO_STRING && strstr(s->hash.of, "NaN")) {
			snprintf(words, sizeof words, _("bit %u tells nothing: a NaN gets another hash when it moves."), B);
			line(f, r, y, _("next"), words);
			return;
		}
		snprintf(words, sizeof words, _("bit %u is %d: after the next doubling the key is in bucket %" PRIu64 "."), B, (int)(h >> B & 1), h & low_mask(B + 1));
		line(f, r, y, _("next"), words);
		return;
	}
	if (!s->hash.nan) {
		snprintf(words, sizeof words, P_("the map doubles: before, the low %u bit chose old bucket %" PRIu64 ".",
						"the map doubles: before, the low %u bits chose old bucket %" PRIu64 ".", bit), bit, from);
		line(f, r, y, _("old"), words);
	}
	if (s->hash.by_tophash)
		snprintf(words, sizeof words, y_half ? _("a NaN, and a loop may be looking: the low bit of its old tophash %02x is 1, so it goes to Y, new %" PRIu64 ", with the new tophash.")
			 : _("a NaN, and a loop may be looking: the low bit of its old tophash %02x is 0, so it goes to X, new %" PRIu64 ", with the new tophash."),
			 s->hash.old_top, index);
	else
		snprintf(words, sizeof words, y_half ? _("bit %u is 1: from old %" PRIu64 " the entry goes to the Y half, new %" PRIu64 " + %" PRIu64 " = %" PRIu64 ".")
			 : _("bit %u is 0: from old %" PRIu64 " the entry goes to the X half, new bucket %" PRIu64 "."), bit, from, from, old, index);
	line(f, r, y, _("X or Y"), words);
}

static void hash_words(const struct frame *f, struct rect r, int y)
{
	const struct scene *s = f->scene;
	char words[SCENE_TEXT + 200];
	uint64_t h = s->hash.hash, index = new_index(s);
	unsigned high = (unsigned)(h >> 56), B = s->hmap.B;
	const char *quote = s->type.key.kind == GO_STRING && s->hash.of[0] != '"' ? "\"" : "";
	snprintf(words, sizeof words, _("%s%s%s, hashed with hash0 %08x of this map: %016" PRIx64 "."), quote, s->hash.of, quote, s->hash.hash0, h);
	line(f, r, &y, _("key"), words);
	if (high < MIN_TOPHASH)
		snprintf(words, sizeof words, _("the high byte is %02x; 0 to 4 are the states of empty slots, so 5 is added: %02x."), high, s->hash.top);
	else
		snprintf(words, sizeof words, _("the high byte, %02x. Below 5 it would be 5 more: 0 to 4 are the states of empty slots."), s->hash.top);
	line(f, r, &y, _("tophash"), words);
	if (s->hash.nan)
		snprintf(words, sizeof words, "%s", _("a NaN gets another hash each time: where it was, these bits cannot tell."));
	else if (B == 0)
		snprintf(words, sizeof words, "%s", _("B is 0: there is one bucket, no bit of the hash is needed."));
	else if (B == 1)
		snprintf(words, sizeof words, _("the lowest bit of the hash = %" PRIu64 " of 2 buckets."), index);
	else
		snprintf(words, sizeof words, P_("hash & (2^%u - 1) = the low %u bit = %" PRIu64 " of %s.",
						"hash & (2^%u - 1) = the low %u bits = %" PRIu64 " of %s.", B), B, B, index, counted_buckets(UINT64_C(1) << B));
	line(f, r, &y, _("bucket"), words);
	half_words(f, r, &y);
}

/* The tophashes of the chain, and which are equal to the one wanted. */
static void hash_chain(const struct frame *f, struct rect r)
{
	const struct scene *s = f->scene;
	struct bucket_view b;
	uint64_t old = newbit(s), index = new_index(s);
	char words[128];
	unsigned equal = 0;
	if (r.h < 2)
		return;
	int y = 1;
	for (int a = old ? ARRAY_OLD : ARRAY_NEW; a >= ARRAY_NEW; a--) {
		bool more = bucket_first(s->mem, &s->type, &s->hmap, (enum which_array)a, a == ARRAY_OLD ? index & (old - 1) : index, &b);
		for (; more && y < r.h; y++) {
			char label[48];
			bucket_label(s, &b, true, label, sizeof label);
			int x = grid_printf(f->grid, r, 1, y, S_LABEL, "%-12s", label);
			for (int k = 0; k < SLOTS; k++) {
				bool same = b.tophash[k] == s->hash.top;
				equal += same;
				x = grid_printf(f->grid, r, x, y, same ? S_TITLE : tophash_full(b.tophash[k]) ? S_TOP : S_DEAD, "  %02x%s", b.tophash[k], same ? "=" : " ");
			}
			more = bucket_next(s->mem, &s->type, &s->hmap, &b);
		}
	}
	if (y == 1)
		grid_put(f->grid, r, 1, 1, S_DEAD, _("the map has no buckets yet"));
	snprintf(words, sizeof words, _("tophash bytes of the chains that the hash leads to; %u equal to %02x ="), equal, s->hash.top);
	views_rule(f, r, 0, false, words, NULL);
}

void hash_draw(struct replay *r, const struct frame *f, struct rect body)
{
	const struct scene *s = f->scene;
	(void)r;
	views_rule(f, body, 0, false, _("the 64 bits of the hash, and what each is used for"), NULL);
	if (!s->hash.known || !s->live) {
		views_words(f, body, 1, 4, S_DEAD, s->after ? _("No key is being hashed: no operation is under way.")
			    : _("No key has been hashed in this operation so far. A put hashes its key first. A get or del in an empty map need not, nor a get of a short string, or of a word of 4 or 8 bytes, from a single bucket."));
		return;
	}
	if (body.w < BITS_X + BITS_W) {
		hash_words(f, body, 1);
		return;
	}
	int y = hash_bits(f, body, body.h > 20 ? 2 : 1);
	views_rule(f, body, y, false, _("step by step"), NULL);
	int rest = body.h - y - 1, words = rest >= 16 ? 10 : rest > 8 ? rest - 4 : rest;
	hash_words(f, (struct rect){ body.x, body.y, body.w, y + 1 + words }, y + 1);
	hash_chain(f, (struct rect){ body.x, body.y + y + 1 + words, body.w, rest - words });
}

/* ---- code ---- */

enum { STEPS_LEAST = 6 };

/* As many functions as fit, the one that runs first; on a wide screen all, each at its place (a clear at the lookup's). */
void code_draw(struct replay *r, const struct frame *f, struct rect body)
{
	int across = body.w >= 156 ? 3 : body.w >= 114 ? 3 : body.w >= 76 ? 2 : 1, down = body.h >= 2 * (CODE_ROWS + 1) ? 2 : 1;
	int w = body.w / across, h = body.h / down, running = code_running(f->scene), fit = across * down;
	/* The function around the one that runs: an evacuation happens inside of a put or delete. */
	int outer = f->scene->op.kind == OP_DEL ? 2 : f->scene->op.kind == OP_PUT ? 1 : running < CODE_FUNCTIONS ? 0 : running;
	int order[CODE_FUNCTIONS], n = 0, steps = body.h - 2 * (CODE_ROWS + 1);
	struct rect at[CODE_FUNCTIONS];
	if (across == 3 && steps >= STEPS_LEAST && !code_sync(f->scene)) { /* a tall screen */
		h = CODE_ROWS + 1;
		code_steps(r, f, (struct rect){ body.x, body.y + 2 * h, body.w, steps });
	}
	for (int i = 0; i < fit; i++)
		at[i] = (struct rect){ body.x + i % across * w, body.y + i / across * h, i % across == across - 1 ? body.w - w * (across - 1) : w - 1, h };
	if (code_sync(f->scene)) {
		code_sync_draw(f, at, fit);
		return;
	}
	if (fit < CODE_FUNCTIONS) {
		order[n++] = running;
		if (outer != running)
			order[n++] = outer;
	}
	for (int i = 0; i < CODE_FUNCTIONS && n < CODE_FUNCTIONS; i++)
		if (fit >= CODE_FUNCTIONS || (i != running && i != outer))
			order[n++] = fit >= CODE_FUNCTIONS && i == 0 && running >= CODE_FUNCTIONS ? running : i;
	for (int i = 0; i < fit && i < n; i++)
		code_listing(f, at[i], order[i]);
}

/* ---- hmap ---- */

static int hmap_all(const struct scene *s, const struct field **out)
{
	int n = 0;
	for (const struct field *k = hmap_fields; k->name; k++)
		out[n++] = k;
	for (const struct field *k = extra_fields; k->name && s->hmap.extra; k++)
		out[n++] = k;
	return n;
}

enum { FIELDS_MOST = 16 };

static bool is_extra(const struct field *k)
{
	return k >= extra_fields && k <= extra_fields + 2;
}

static uint64_t field_addr(const struct scene *s, const struct field *k)
{
	return (is_extra(k) ? s->hmap.extra : s->hmap.addr) + k->offset;
}

static void draw_field(const struct frame *f, struct rect r, int y, const struct field *k, bool focus)
{
	const struct scene *s = f->scene;
	uint64_t addr = field_addr(s, k), v = 0, was = 0;
	uint8_t bytes[8] = { 0 }, marks[8] = { 0 };
	bool ok = k->size <= 8 && s->mem->read(s->mem, addr, bytes, k->size);
	memcpy(&v, bytes, 8);
	scene_marks(s, addr, k->size <= 8 ? k->size : 8, marks);
	style st = marks[0] & MARK_WRITE ? S_WRITE_NOW : marks[0] & MARK_READ ? S_READ_NOW : S_TEXT;
	bool changed = s->was && s->was->read(s->was, addr, &was, k->size) && was != v;
	char letter[2] = { mark_letter(marks[0]), 0 };
	if (focus)
		grid_glyph(f->grid, r, 0, y, S_TITLE, G_FOCUS);
	if (view_watched(f, addr, k->size))
		grid_glyph(f->grid, r, 1, y, S_TITLE, G_WATCHED);
	grid_printf(f->grid, r, 2, y, S_LABEL, "+%02u", k->offset);
	grid_put(f->grid, r, 7, y, focus ? S_TITLE : S_TEXT, k->name);
	grid_put(f->grid, r, 21, y, S_TITLE, changed ? "*" : letter);
	if (!ok) {
		grid_put(f->grid, r, 23, y, S_DEAD, "?");
		return;
	}
	for (uint32_t i = 0; i < k->size; i++)
		grid_printf(f->grid, r, 23 + 2 * (int)i, y, st, "%02x", bytes[i]);
	if (strcmp(k->role, "ptr") == 0 && v == 0)
		grid_put(f->grid, r, 41, y, S_DEAD, "nil");
	else if (strcmp(k->role, "ptr") == 0 || strcmp(k->name, "hash0") == 0)
		grid_printf(f->grid, r, 41, y, st, "%" PRIx64, v);
	else
		grid_printf(f->grid, r, 41, y, st, "%" PRIu64, v);
	if (focus)
		grid_attribute(f->grid, r, 0, y, 20, STYLE_REVERSE);
}

/* One sentence for each field beside it, where the screen is wide. */
static void field_sentence(const struct frame *f, struct rect r, int y, int rows, const struct field *k)
{
	char words[512];
	int x = 55;
	if (r.w < 100)
		return;
	field_words(f->scene, k, words, sizeof words);
	views_words(f, (struct rect){ r.x + x, r.y, r.w - x, r.h }, y, rows, S_LABEL, words);
}

/* The same under a rule, as long as it is. */
static void field_sentence_whole(const struct frame *f, struct rect r, const struct field *k)
{
	char words[512];
	views_rule(f, r, 0, false, k->name, NULL);
	field_words(f->scene, k, words, sizeof words);
	views_words(f, r, 1, r.h - 1, S_TEXT, words);
}

/* Where a field has three rows its sentence is whole beside it. */
enum { HMAP_WORDS = 4, HMAP_WHO = 56, HMAP_WHO_ROWS = 10, HMAP_WHOLE_W = 160 };

/* Under the fields, where there is room: the bytes, and beside them who wrote the field in focus.  Returns the rows it takes at
 * least; HMAP_WORDS when the words of the field are all there is room for. */
static int hmap_foot(struct replay *r, const struct frame *f, struct rect area, const struct field *k)
{
	const struct scene *s = f->scene;
	bool fits = f->grid->w >= 120 && f->grid->h >= 40;
	if (!fits)
		return HMAP_WORDS;
	if (area.h == 0)
		return HMAP_WHO_ROWS;
	int side = area.w - HMAP_WHO;
	struct rect left = { area.x, area.y, side, area.h }, right = { area.x + side + 1, area.y, HMAP_WHO - 1, area.h };
	int rows = sheet_draw(r, f, left, OBJECT_HMAP, is_extra(k) ? UINT32_MAX : k->offset);
	left.y += rows;
	left.h -= rows;
	if (area.w < HMAP_WHOLE_W && left.h >= HMAP_WORDS) {
		field_sentence_whole(f, (struct rect){ left.x, left.y, left.w, HMAP_WORDS }, k);
		left.y += HMAP_WORDS;
		left.h -= HMAP_WORDS;
	}
	if (s->hmap.extra)
		sheet_draw(r, f, left, OBJECT_EXTRA, is_extra(k) ? k->offset : UINT32_MAX);
	if (!r->playing) {
		history_ask_value(&r->views.history, r->source, field_addr(s, k), k->size, replay_step(r));
		r->views.who_number = strcmp(k->role, "ptr") != 0 && strcmp(k->name, "hash0") != 0;
	}
	who_draw(f, right);
	views_border(f, area, side);
	return area.h;
}

void hmap_draw(struct replay *r, const struct frame *f, struct rect body)
{
	const struct scene *s = f->scene;
	const struct field *all[FIELDS_MOST];
	char title[96];
	if (!s->live) {
		views_rule(f, body, 0, true, "hmap", NULL);
		grid_put(f->grid, body, 1, 1, S_DEAD, _("there is no hmap here: nil, or not made yet"));
		return;
	}
	int n = hmap_all(s, all), at = r->views.field < n ? r->views.field : n - 1;
	const struct field *k = all[at];
	watch_range(&r->moves.cursor, field_addr(s, k), k->size, k->name);
	snprintf(title, sizeof title, s->hmap.extra ? _("hmap at %010" PRIx64 ", 48 bytes; mapextra at %010" PRIx64) : _("hmap at %010" PRIx64 ", 48 bytes; no mapextra%.0" PRIu64),
		 s->hmap.addr, s->hmap.extra);
	views_rule(f, body, 0, true, title, body.w >= 100 ? _("bytes as they stand; Enter: who wrote them") : NULL);
	int foot = hmap_foot(r, f, (struct rect){ body.x, body.y, body.w, 0 }, k), rows = body.h - 1 - foot;
	int each = body.w < 100 ? 1 : rows >= 3 * n ? 3 : rows >= 2 * n ? 2 : 1, first = at >= rows ? at - rows + 1 : 0, y = 1;
	for (int i = first; i < n && y + each <= rows + 1; i++, y += each) {
		spots_add_area(f->spots, body, 0, y, body.w, each, (struct spot){ .kind = SPOT_FIELD, .a = (uint64_t)i });
		draw_field(f, body, y, all[i], i == at);
		field_sentence(f, body, y, each, all[i]);
	}
	if (foot > HMAP_WORDS) {
		hmap_foot(r, f, (struct rect){ body.x, body.y + y, body.w, body.h - y }, k);
		return;
	}
	field_sentence_whole(f, (struct rect){ body.x, body.y + y, body.w, body.h - y < HMAP_WORDS + 1 ? body.h - y : HMAP_WORDS + 1 }, k);
}

bool hmap_key(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	const struct field *all[FIELDS_MOST];
	struct views *v = &r->views;
	int count = hmap_all(s, all);
	(void)n;
	if (!s->live)
		return false;
	v->field = v->field < count ? v->field : count - 1;
	if (a == ACTION_UP || a == ACTION_DOWN) {
		v->field = (v->field + (a == ACTION_UP ? count - 1 : 1)) % count;
		return true;
	}
	if (a != ACTION_ENTER)
		return false;
	v->object = is_extra(all[v->field]) ? OBJECT_EXTRA : OBJECT_HMAP;
	v->byte = all[v->field]->offset;
	v->byte_held = true;
	v->who_focus = true;
	v->who_row = WHO_NOW;
	v->open = VIEW_BYTES;
	return true;
}

/* ---- legend ---- */

/* What a mark means: a glyph, or text. */
struct legend_row { enum glyph glyph; const char *mark; style style; const char *words; };
struct legend_part { const char *title; const struct legend_row *row; int n; };
#define ROWS(rows) rows, sizeof rows / sizeof rows[0]

static const struct legend_row mark_rows[] = {
	{ 0, "R", S_READ_NOW, N_("read in this step") }, { 0, "W", S_WRITE_NOW, N_("written in this step") },
	{ 0, "r", S_TEXT | STYLE_UNDERLINE, N_("read earlier in the operation") }, { 0, "w", S_TEXT | STYLE_BOLD, N_("written earlier in the operation") },
	{ 0, "*", S_TITLE, N_("changed since the frame before") }, { 0, "0-7", S_KEY, N_("byte of the full slot so named") },
	{ 0, "-", S_DEAD, N_("byte of another bucket") }, { 0, "o", S_PTR, N_("overflow: pointer set, or made") },
	{ 0, ">> <<", S_TITLE, N_("the field crosses a cache line") }, { 0, "[3]", S_TITLE, N_("bucket of this step; <3> held") },
	{ 0, "L1 L2", S_TEXT, N_("K: the cache that had the line") }, { 0, N_("memory"), S_TOP | STYLE_BOLD, N_("K: in neither: a miss") },
	{ 0, "█ ▓", S_ELEM, N_("A: in use; bookkeeping") }, { 0, "▒ ░", S_KEY, N_("A: room to grow; dead") },
	{ 0, "w g b", S_LABEL, N_("S: white, grey, black object") }, { 0, "×", S_ERROR, N_("S: dead, and not swept yet") },
	{ 0, "M E", S_TOP, N_("I: only copy; newer, or not") }, { 0, "S I", S_ELEM, N_("I: one of several; taken away") },
};
static const struct legend_row glyph_rows[] = {
	{ G_FOCUS, NULL, S_TITLE, N_("what this step is about") }, { G_FOCUS_LEFT, NULL, S_TITLE, N_("where the cursor is") },
	{ G_BAR1, NULL, S_TITLE, N_("1 entry ...") }, { G_BAR8, NULL, S_TITLE, N_("... 8 entries or more") },
	{ G_MOVED, NULL, S_TITLE, N_("old bucket that has moved") }, { G_QUARTER1, NULL, S_TITLE, N_("old buckets: under half moved") },
	{ G_QUARTER2, NULL, S_TITLE, N_("about half of them") }, { G_QUARTER3, NULL, S_TITLE, N_("most; on a timeline: growth") },
	{ G_FREE, NULL, S_TITLE, N_("byte of a free slot; all moved") }, { G_TO, NULL, S_TITLE, N_("moved to") }, { G_FROM, NULL, S_TITLE, N_("came from") },
	{ G_NOW, NULL, S_TITLE, N_("now") }, { G_HEAVY, NULL, S_TITLE, N_("what theory says") }, { G_CUT, NULL, S_TITLE, N_("a text was cut here") }, { G_DIFFERS, NULL, S_TITLE, N_("two sides differ") },
	{ G_SAID, NULL, S_TITLE, N_("what the workload says") }, { G_WATCHED, NULL, S_TITLE, N_("watched: w sets it") },
};
static const struct legend_row state_rows[] = {
	{ 0, "00", S_DEAD, N_("emptyRest: free, and all after") }, { 0, "01", S_DEAD, N_("emptyOne: free, not all after") },
	{ 0, "02", S_TO_X, N_("evacuatedX: moved to the X half") }, { 0, "03", S_TO_Y, N_("evacuatedY: moved to the Y half") },
	{ 0, "04", S_DEAD, N_("evacuatedEmpty: was free") }, { 0, "05-ff", S_TOP, N_("full: high byte of the hash") },
};
static const struct legend_row flag_rows[] = {
	{ 0, "1", S_TEXT, N_("iterator: loops may use buckets") }, { 0, "2", S_TEXT, N_("oldIterator: ... oldbuckets") },
	{ 0, "4", S_TEXT, N_("hashWriting: a write under way") }, { 0, "8", S_TEXT, N_("sameSizeGrow: not a doubling") },
};
static const struct legend_row sync_rows[] = {
	{ 0, "0.0:2", S_TEXT, N_("slot with a pointer to the entry") }, { 0, "-", S_DEAD, N_("that map does not have the key") },
	{ 0, "nil", S_DEAD, N_("deleted; expunged: not in dirty") }, { 0, "LOCKED", S_TITLE, N_("mutex: others must wait for it") },
	{ 0, "true", S_TEXT, N_("amended: dirty has more keys") }, { 0, "n of m", S_TEXT, N_("misses; at m dirty becomes read") },
};
static const struct legend_row search_rows[] = {
	{ 0, "/word", S_TITLE, N_("operations and events with it") }, { 0, "/k ...", S_TITLE, N_("operations, by key and elem") },
	{ 0, "/e ...", S_TITLE, N_("events, by kind or sentence") }, { 0, "/x ...", S_TITLE, N_("bytes written, or of a hash, hex") },
};
/* The colours come after the first of them. */
static const struct legend_part legend_parts[] = {
	{ N_("marks"), ROWS(mark_rows) }, { N_("glyphs"), ROWS(glyph_rows) }, { N_("tophash: the state of a slot"), ROWS(state_rows) },
	{ N_("flags of hmap"), ROWS(flag_rows) }, { N_("R: a sync.Map"), ROWS(sync_rows) }, { N_("searching"), ROWS(search_rows) },
};
enum { LEGEND_PARTS = sizeof legend_parts / sizeof legend_parts[0], LEGEND_FIRST = 2, LEGEND_MARK = 7, LEGEND_ROWS = 160 };

static const struct { const char *name; style style; } style_words[STYLE_ROLES] = {
#define STYLE(name, NAME, ...) { #name, S_##NAME },
#include "ui/grid/styles.def"
#undef STYLE
};

static const char legend_colours[] = N_("colours; letters and places say the same");

static int legend_columns(struct rect r)
{
	return r.w >= 150 ? 3 : r.w >= 78 ? 2 : 1;
}

static int legend_rows(struct rect r, int n)
{
	return (n + legend_columns(r) - 1) / legend_columns(r);
}

/* A part in columns, its entries `each` rows apart; returns the rows it takes, its rule included. */
static int legend_part(const struct frame *f, struct rect r, const struct legend_part *p, int each)
{
	int column = r.w / legend_columns(r), rows = legend_rows(r, p->n);
	char fit[120];
	views_rule(f, r, 0, false, _(p->title), NULL);
	for (int i = 0; i < p->n; i++) {
		int x = 1 + i / rows * column, y = 1 + i % rows * each;
		if (p->row[i].mark)
			grid_put(f->grid, r, x, y, p->row[i].style, _(p->row[i].mark));
		else
			grid_glyph(f->grid, r, x, y, p->row[i].style, p->row[i].glyph);
		text_fit(_(p->row[i].words), column - LEGEND_MARK - 1, fit, sizeof fit);
		grid_put(f->grid, r, x + LEGEND_MARK, y, S_TEXT, fit);
	}
	return 1 + rows * each;
}

/* Returns the rows it takes. */
static int legend_styles(const struct frame *f, struct rect r)
{
	views_rule(f, r, 0, false, _(legend_colours), NULL);
	int x = 1, y = 1;
	for (int i = 0; i < STYLE_ROLES; i++) {
		int w = text_width(style_words[i].name);
		if (x + w + 1 > r.w) {
			x = 1;
			y++;
		}
		grid_put(f->grid, r, x, y, style_words[i].style, style_words[i].name);
		x += w + 2;
	}
	return y + 1;
}

/* Where the rules are, and their titles. */
struct legend_rules { int n, y[LEGEND_PARTS + 1]; const char *title[LEGEND_PARTS + 1]; };

/* All of it; returns the rows it takes. */
static int legend_all(const struct frame *f, struct rect r, int each, struct legend_rules *ret)
{
	int y = 0;
	ret->n = 0;
	for (int i = 0; i < LEGEND_PARTS; i++) {
		if (i == LEGEND_FIRST) {
			ret->y[ret->n] = y;
			ret->title[ret->n++] = legend_colours;
			y += legend_styles(f, (struct rect){ r.x, r.y + y, r.w, r.h - y });
		}
		ret->y[ret->n] = y;
		ret->title[ret->n++] = legend_parts[i].title;
		y += legend_part(f, (struct rect){ r.x, r.y + y, r.w, r.h - y }, &legend_parts[i], each);
	}
	return y;
}

/* Over a window that begins at row from: the title of the part that its first row belongs to stays in sight, but for the row
 * before another one. */
static void legend_head(const struct frame *f, struct rect r, int from, const struct legend_rules *k)
{
	int part = 0;
	while (part + 1 < k->n && k->y[part + 1] <= from)
		part++;
	bool next = part + 1 < k->n && k->y[part + 1] == from + 1;
	views_rule(f, r, next ? 1 : 0, true, _(k->title[part + next]), _("arrows: more"));
}

/* Drawn whole on a grid of its own, of which a window is shown. */
void legend_draw(struct replay *r, const struct frame *f, struct rect body)
{
	struct grid tall;
	struct frame inside = *f;
	struct legend_rules rules;
	inside.grid = &tall;
	inside.spots = NULL;
	grid_init(&tall, body.w, LEGEND_ROWS, f->grid->ascii);
	int rows = legend_all(&inside, grid_rect(&tall), 1, &rules);
	grid_clear(&tall);
	rows = legend_all(&inside, grid_rect(&tall), 2 * rows <= body.h + LEGEND_PARTS ? 2 : 1, &rules); /* a tall screen: not so tight */
	r->views.legend_last = rows > body.h ? rows - body.h : 0;
	int from = r->views.legend_from < r->views.legend_last ? r->views.legend_from : r->views.legend_last;
	for (int y = 0; y < body.h && y + from < rows && tall.w == body.w; y++)
		memcpy(f->grid->cell + (body.y + y) * f->grid->w + body.x, tall.cell + (from + y) * tall.w, (size_t)body.w * sizeof *tall.cell);
	grid_release(&tall);
	if (r->views.legend_last)
		legend_head(f, body, from, &rules);
}

bool legend_key(struct replay *r, const struct scene *s, enum action a, uint64_t n)
{
	struct views *v = &r->views;
	int by = a == ACTION_UP ? -1 : a == ACTION_DOWN ? 1 : 0, most = v->legend_last;
	(void)s;
	if (!by)
		return false;
	int64_t to = (int64_t)v->legend_from + by * (int64_t)(n < 1000 ? n : 1000);
	v->legend_from = to < 0 ? 0 : to > most ? most : (int)to;
	return true;
}
