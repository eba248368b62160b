/* The packed form of steps: what the blobs in chunk.data hold.  (Keyframes: keyframe.c.)
 *
 * A chunk is some thousand events.  It is packed as two streams, so that a seek, which needs only the facts,
 * reads and decodes a fifth of the bytes; each is compressed by itself.
 *
 *   byte  version           2
 *   vint  map               of the events before the first `map`, `op` or `use` event, which tell it
 *   vint  facts             number of facts
 *   vint  facts_raw         bytes of the stream of facts
 *   vint  facts_packed      bytes that its zstd frame takes here
 *   vint  notes_raw         bytes of the stream of notes
 *   ...   the frame of the facts, then that of the notes; a stream of 0 bytes has none
 *
 * vint is varint_put's; zint is a vint of zigzag(x), so small negative numbers are short.  Numbers wrap at
 * 2^64.
 *
 * Addresses.  A stream keeps four anchors, the places looked at last, newest first, all 0 at the chunk's
 * beginning.  An address is the number of an anchor (0..3; the first within 4096 bytes, else the nearest) and
 * the zint of the distance from it.  After that it is the newest anchor; it takes the place of the anchor
 * used if it was within 4096 bytes, else of the oldest.  So going to and fro between the hmap and a bucket
 * costs nothing.
 *
 * The stream of notes has for every event, facts too, in order:
 *   byte  kind | anchor << 6       the kind's number is its line in events.def
 * and, unless it is a fact, its fields in the order of events.def:
 *   A  zint from the anchor        S  vint
 *   a b c d  vint; or, where predict() expects a number, the zint of the distance from it
 *   H  8 bytes
 *   N  size bytes; without S before it the vint of size first
 *   P Q  zint from addr, where 0 and addr have changed places (nil is common), and an anchor afterwards,
 *        unless nil
 *
 * The stream of facts:
 *   byte  kind | anchor << 2 | size << 4   size 1..8, or 0: the vint of size follows
 *   zint  addr
 *   alloc   zint a-size, vint b, vint map, vint c, vint d
 *   write   up to 8 bytes:  byte old | new << 4, how many bytes of each follow (0..8; leading zeros are left
 *                           out; a new of 9 is old+1, of 10 old-1), then these
 *           more:           byte 1: old is all zero, 2: new is; then the size bytes of each that is not
 *   free    up to 8 bytes:  byte n (0..8), n bytes;  more: byte 1: all zero; else size bytes;  then as alloc
 *
 * An example: hmap at c000010000, bucket at c000020000.  `op map 1 put`; `write` of 8 bytes, count 41 to 42;
 * `write` of one tophash byte, 0 to 9c.
 *
 * Facts:
 *   81 80 80 88 80 80 30 91 29   write, 8 bytes, anchor 0 (=0); zint c000010000; old 1 byte, new is old+1; 29
 *   11 80 80 08 10 9c            write, 1 byte, anchor 0; zint +10000; old 0 bytes, new 1 byte; 9c
 *
 * Notes:
 *   04 80 80 88 80 80 30 01 01   op; zint c000010000; map 1; kind 1, put
 *   01 01                        two writes
 *
 * The version rises when any of this changes, or when a kind is put anywhere but at the end of events.def.
 */
#include "db/pack/codec.h"

#include "trace/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zstd.h>

enum { CODE_MORE = 63 }; /* in place of a code: the next byte is what it is above this */
enum { NEW_UP = 9, NEW_DOWN = 10, OLD_KNOWN = 15 }; /* in place of a number of bytes */
enum {
	ZSTD_LEVEL = 1,
	NEAR = 4096,
	EVENT_MAX = 128, /* more than any event takes, its long bytes apart */
};
#define STREAM_MAX (UINT64_C(1) << 31)
_Static_assert(EV_ALLOC == 0 && EV_WRITE == 1 && EV_FREE == 2, "facts come first");

void buffer_release(struct buffer *b)
{
	free(b->p);
	*b = (struct buffer){ 0 };
}

bool buffer_reserve(struct buffer *b, size_t more)
{
	if (b->cap - b->n >= more)
		return true;
	size_t cap = b->cap < 4096 ? 4096 : b->cap;
	while (cap - b->n < more)
		cap *= 2;
	uint8_t *p = realloc(b->p, cap);
	if (!p)
		return false;
	b->p = p;
	b->cap = cap;
	return true;
}

uint64_t codec_checksum(const void *data, size_t n, uint64_t a, uint64_t b)
{
	uint8_t numbers[16];
	for (int i = 0; i < 8; i++) {
		numbers[i] = (uint8_t)(a >> 8 * i);
		numbers[8 + i] = (uint8_t)(b >> 8 * i);
	}
	return XXH3_64bits_withSeed(data, n, XXH3_64bits(numbers, sizeof numbers));
}

/* ---- which fields a kind has, known to the compiler ---- */

enum {
	F_A = 1,
	F_S = 2,
	F_N = 4,
	F_a = 8,
	F_b = 16,
	F_c = 32,
	F_d = 64,
	F_P = 128,
	F_Q = 256,
	F_H = 512,
	F_e = 1024,
	F_f = 2048,
	F_O = 4096
};

/* With a literal, compilers fold this to a number. */
#define HAS(fields, ch, flag) (__builtin_strchr(fields, ch) ? flag : 0)
#define FIELDS(f) \
	(HAS(f, 'A', F_A) | HAS(f, 'S', F_S) | HAS(f, 'N', F_N) | HAS(f, 'a', F_a) | HAS(f, 'b', F_b) | \
		HAS(f, 'c', F_c) | HAS(f, 'd', F_d) | HAS(f, 'e', F_e) | HAS(f, 'f', F_f) | \
		HAS(f, 'P', F_P) | HAS(f, 'Q', F_Q) | HAS(f, 'H', F_H) | HAS(f, 'O', F_O))
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/* ---- anchors ---- */

ALWAYS_INLINE void anchor_use(uint64_t anchor[ANCHORS], unsigned i, uint64_t addr)
{
	if (zigzag(addr - anchor[i]) >= 2 * NEAR)
		i = ANCHORS - 1;
	for (; i > 0; i--)
		anchor[i] = anchor[i - 1];
	anchor[0] = addr;
}

/* Chooses the anchor for addr and gives the zigzag distance. */
ALWAYS_INLINE unsigned anchor_choose(const uint64_t anchor[ANCHORS], uint64_t addr, uint64_t *ret_distance)
{
	unsigned best = 0;
	uint64_t distance = zigzag(addr - anchor[0]);
	for (unsigned i = 1; distance >= 2 * NEAR && i < ANCHORS; i++) {
		uint64_t other = zigzag(addr - anchor[i]);
		if (other < distance) {
			distance = other;
			best = i;
		}
	}
	*ret_distance = distance;
	return best;
}

ALWAYS_INLINE uint64_t swap_nil(uint64_t v, uint64_t addr)
{
	return v == 0 ? addr : v == addr ? 0 : v;
}

/* ---- numbers ---- */

ALWAYS_INLINE uint8_t *number_put(struct context *x, uint8_t *p, int kind, int i, uint64_t v)
{
	uint64_t expected;
	p = varint_put(p, predict(x, &own_predictions[kind][i], &expected) ? zigzag(v - expected) : v);
	x->last[kind][i] = v;
	return p;
}

ALWAYS_INLINE const uint8_t *number_get(
	struct context *x, const uint8_t *p, int row, const struct prediction *how, int i, uint64_t *ret)
{
	uint64_t expected, v;
	p = varint_get(p, &v);
	*ret = predict(x, &how[i], &expected) ? expected + unzigzag(v) : v;
	x->last[row][i] = *ret;
	return p;
}

/* What was written to an address last, in the stream of facts: the old bytes of the next write. */
enum { MEMORY = 64 };
struct written {
	uint64_t addr, value;
};

ALWAYS_INLINE struct written *written_at(struct written *w, uint64_t addr)
{
	return &w[(addr * UINT64_C(0x9e3779b97f4a7c15)) >> 58];
}
_Static_assert(MEMORY == 64, "written_at takes 6 bits");

/* ---- packing ---- */

static inline unsigned number_bytes(uint64_t v)
{
	return v ? (71 - (unsigned)__builtin_clzll(v)) / 8 : 0;
}

/* Stores 8 bytes, of which n count. */
static inline uint8_t *bytes_put(uint8_t *p, uint64_t v, unsigned n)
{
	memcpy(p, &v, 8);
	return p + n;
}

static inline uint64_t number_mask(uint64_t size)
{
	return size >= 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * size) - 1;
}

bool bytes_zero(const uint8_t *p, uint64_t n)
{
	if (!p || n == 0)
		return true;
	return p[0] == 0 && memcmp(p, p + 1, n - 1) == 0;
}

static uint8_t *long_bytes_put(uint8_t *p, const uint8_t *bytes, uint64_t n, bool zero)
{
	if (zero)
		return p;
	memcpy(p, bytes, n);
	return p + n;
}

static int fact_add(struct packer *k, const struct event *e)
{
	size_t room = e->size > 8 ? e->size * 2 : 0;
	if (e->size > STREAM_MAX / 4 || !buffer_reserve(&k->facts, room + EVENT_MAX))
		return -1;
	uint64_t distance;
	unsigned anchor = anchor_choose(k->fact_anchor, e->addr, &distance);
	anchor_use(k->fact_anchor, anchor, e->addr);
	uint8_t *p = k->facts.p + k->facts.n;
	*p++ = (uint8_t)(e->kind | anchor << 2 | (e->size <= 8 ? e->size << 4 : 0));
	if (e->size == 0 || e->size > 8)
		p = varint_put(p, e->size);
	p = varint_put(p, distance);
	if (e->kind == EV_WRITE && e->size <= 8) {
		uint64_t mask = number_mask(e->size), from = e->old.v & mask, to = e->new.v &mask;
		unsigned nf = number_bytes(from), nt = number_bytes(to);
		struct written *w = written_at(k->written, e->addr);
		if (nf > 0 && w->addr == e->addr && (w->value & mask) == from)
			nf = OLD_KNOWN;
		*w = (struct written){ e->addr, to };
		if (nt > 0 && to == from + 1)
			nt = NEW_UP;
		else if (nt > 0 && to + 1 == from)
			nt = NEW_DOWN;
		*p++ = (uint8_t)(nf | nt << 4);
		if (nf <= 8)
			p = bytes_put(p, from, nf);
		if (nt <= 8)
			p = bytes_put(p, to, nt);
	} else if (e->kind == EV_WRITE) {
		bool zf = bytes_zero(e->old.p, e->size), zt = bytes_zero(e->new.p, e->size);
		*p++ = (uint8_t)(zf | zt << 1);
		p = long_bytes_put(p, e->old.p, e->size, zf);
		p = long_bytes_put(p, e->new.p, e->size, zt);
	} else if (e->kind == EV_FREE && e->size <= 8) {
		uint64_t from = e->old.v & number_mask(e->size);
		*p++ = (uint8_t)number_bytes(from);
		p = bytes_put(p, from, number_bytes(from));
	} else if (e->kind == EV_FREE) {
		bool zf = bytes_zero(e->old.p, e->size);
		*p++ = zf;
		p = long_bytes_put(p, e->old.p, e->size, zf);
	}
	if (e->kind != EV_WRITE) {
		p = varint_put(p, zigzag(e->a - e->size));
		p = varint_put(p, e->b);
		p = varint_put(p, e->map ? e->map : k->map);
		p = varint_put(p, e->c);
		p = varint_put(p, e->d);
	}
	k->facts.n = (size_t)(p - k->facts.p);
	k->fact_count++;
	return 0;
}

/* A kind that is new gets its first byte in k->head; one of the codes which take two bytes has none there, and
 * its second goes to p.  Returns what follows. */
static __attribute__((noinline)) uint8_t *note_head(struct packer *k, int kind, uint8_t *p)
{
	unsigned code = kinds_code(k->table, (unsigned)kind);
	if (code < CODE_MORE)
		k->head[kind] = (uint8_t)code;
	else
		*p++ = (uint8_t)(code - CODE_MORE);
	return p;
}

/* fields is a constant in every call, so each becomes straight code for its kind. */
ALWAYS_INLINE uint8_t *note_put(struct packer *k, uint8_t *p, const struct event *e, int kind, int fields)
{
	struct context *x = k->context;
	uint8_t *at = p++, head = k->head[kind];
	unsigned anchor = 0;
	if (!head) {
		p = note_head(k, kind, p);
		head = k->head[kind] ? k->head[kind] : CODE_MORE;
	}
	if (fields & F_A) {
		uint64_t distance;
		anchor = anchor_choose(k->note_anchor, e->addr, &distance);
		anchor_use(k->note_anchor, anchor, e->addr);
		p = varint_put(p, distance);
	}
	*at = (uint8_t)(head | anchor << 6);
	if (fields & F_S)
		p = varint_put(p, e->size);
	if (fields & F_H)
		p = bytes_put(p, x->last[kind][0] = e->a, 8);
	if (fields & F_P) {
		p = varint_put(p, zigzag(swap_nil(e->a, e->addr) - e->addr));
		if (e->a)
			anchor_use(k->note_anchor, 0, e->a);
	}
	if (fields & F_a)
		p = number_put(x, p, kind, 0, e->a);
	if (fields & F_Q) {
		p = varint_put(p, zigzag(swap_nil(e->b, e->addr) - e->addr));
		if (e->b)
			anchor_use(k->note_anchor, 0, e->b);
	}
	if (fields & F_b)
		p = number_put(x, p, kind, 1, e->b);
	if (fields & F_c)
		p = number_put(x, p, kind, 2, e->c);
	if (fields & F_d)
		p = number_put(x, p, kind, 3, e->d);
	if (fields & F_e)
		p = number_put(x, p, kind, 4, e->e);
	if (fields & F_f)
		p = number_put(x, p, kind, 5, e->f);
	if (fields & F_N) {
		if (!(fields & F_S))
			p = varint_put(p, e->size);
		if (e->size <= 8)
			p = bytes_put(p, e->new.v, (unsigned)e->size);
		else if (e->new.p)
			p = long_bytes_put(p, e->new.p, e->size, false);
		else
			p = (uint8_t *)memset(p, 0, e->size) + e->size;
	}
	return p;
}

/* Makes room for the bytes of a note as well; returns where it goes.  NULL: no memory. */
static uint8_t *long_note(struct packer *k, const struct event *e)
{
	if (e->size > STREAM_MAX / 4 || !buffer_reserve(&k->notes, EVENT_MAX + e->size))
		return NULL;
	return k->notes.p + k->notes.n;
}

int packer_add(struct packer *k, const struct event *e)
{
	if (k->notes.cap - k->notes.n < EVENT_MAX && !buffer_reserve(&k->notes, EVENT_MAX))
		return -1;
	uint8_t *p = k->notes.p + k->notes.n;
	switch (e->kind) {
	case EV_ALLOC:
	case EV_WRITE:
	case EV_FREE:
		if (fact_add(k, e) != 0)
			return -1;
		*p++ = (uint8_t)e->kind;
		break;
#define EVENT_fact_CASE(NAME, fields)
#define EVENT_read_CASE(NAME, fields) \
	case EV_##NAME: \
		if (FIELDS(fields) & F_N && !(p = long_note(k, e))) \
			return -1; \
		p = note_put(k, p, e, EV_##NAME, FIELDS(fields)); \
		break;
#define EVENT_note_CASE(NAME, fields) EVENT_read_CASE(NAME, fields)
#define EVENT(name, NAME, place, fields, role, args, shown, predictions, of, sentence) \
	EVENT_##role##_CASE(NAME, fields)
#include "trace/record/events.def"
#undef EVENT
	default: return -1;
	}
	k->notes.n = (size_t)(p - k->notes.p);
	k->count++;
	k->kinds[e->kind]++;
	if (e->kind == EV_OP || e->kind == EV_MAP || e->kind == EV_USE)
		k->map = (uint32_t)e->a;
	return 0;
}

int packer_init(struct packer *k)
{
	*k = (struct packer){ .zstd = ZSTD_createCCtx(),
		.context = malloc(sizeof *k->context),
		.written = malloc(MEMORY * sizeof *k->written),
		.table = malloc(sizeof *k->table) };
	if (!k->zstd || !k->context || !k->written || !k->table)
		return -1;
	kinds_init(k->table);
	packer_start(k);
	return 0;
}

void packer_release(struct packer *k)
{
	buffer_release(&k->facts);
	buffer_release(&k->notes);
	ZSTD_freeCCtx(k->zstd);
	free(k->context);
	free(k->written);
	free(k->table);
	k->zstd = NULL;
	k->context = NULL;
	k->written = NULL;
	k->table = NULL;
}

void packer_start(struct packer *k)
{
	k->facts.n = k->notes.n = 0;
	k->count = k->fact_count = 0;
	k->first_map = k->map;
	memset(k->fact_anchor, 0, sizeof k->fact_anchor);
	memset(k->note_anchor, 0, sizeof k->note_anchor);
	memset(k->kinds, 0, sizeof k->kinds);
	memset(k->context->last, 0,
		EV_LIMIT * sizeof *k->context->last); /* of kinds that this program knows */
	memset(k->written, 0, MEMORY * sizeof *k->written);
}

/* A skippable frame of zstd, which no reader looks into. */
int pack_fill(struct buffer *out, uint64_t packed, uint64_t raw)
{
	enum { HEAD = 8 };
	if (raw <= unpack_most(packed))
		return 0;
	uint64_t n = (raw - unpack_most(packed)) / UNPACK_RATIO + 1;
	if (!buffer_reserve(out, n + HEAD))
		return -1;
	const uint32_t head[2] = { ZSTD_MAGIC_SKIPPABLE_START, (uint32_t)n };
	memcpy(out->p + out->n, head, HEAD);
	memset(out->p + out->n + HEAD, 0, n);
	out->n += n + HEAD;
	return 0;
}

static int stream_pack(void *zstd, const struct buffer *from, struct buffer *out)
{
	if (from->n == 0)
		return 0;
	if (!buffer_reserve(out, ZSTD_compressBound(from->n)))
		return -1;
	size_t n = ZSTD_compressCCtx(zstd, out->p + out->n, out->cap - out->n, from->p, from->n, ZSTD_LEVEL);
	if (ZSTD_isError(n))
		return -1;
	out->n += n;
	return pack_fill(out, n, from->n);
}

int packer_finish(struct packer *k, struct buffer *out)
{
	/* The length of the facts' frame comes before it, so it is packed behind a gap for the head, which is
	 * then moved up to it. */
	size_t at = out->n;
	if (!buffer_reserve(out, EVENT_MAX))
		return -1;
	out->n += EVENT_MAX;
	if (stream_pack(k->zstd, &k->facts, out) != 0)
		return -1;
	uint8_t head[EVENT_MAX], *p = head;
	size_t packed = out->n - at - EVENT_MAX;
	*p++ = CODEC_VERSION;
	p = varint_put(p, k->first_map);
	p = varint_put(p, k->fact_count);
	p = varint_put(p, k->facts.n);
	p = varint_put(p, packed);
	p = varint_put(p, k->notes.n);
	size_t n = (size_t)(p - head);
	memmove(out->p + at + n, out->p + at + EVENT_MAX, packed);
	memcpy(out->p + at, head, n);
	out->n = at + n + packed;
	return stream_pack(k->zstd, &k->notes, out);
}

struct streams packer_streams(const struct packer *k)
{
	return (struct streams){ .facts = k->facts.p,
		.notes = k->notes.p,
		.facts_n = k->facts.n,
		.notes_n = k->notes.n,
		.fact_count = k->fact_count,
		.first_map = k->first_map };
}

int kinds_pack(const struct kind_table *t, const uint32_t kinds[EV_COUNT], struct buffer *out)
{
	unsigned n = t->n;
	if (!buffer_reserve(out, KIND_CODES * 5))
		return -1;
	while (n > 0 && kinds[t->kind[n - 1]] == 0)
		n--;
	uint8_t *p = out->p + out->n;
	for (unsigned code = 0; code < n; code++)
		p = varint_put(p, kinds[t->kind[code]]);
	out->n = (size_t)(p - out->p);
	return 0;
}

int kinds_unpack(const struct kind_table *t, const uint8_t *p, size_t n, struct kind_set *ret)
{
	uint8_t copy[KIND_CODES * 5 + 16] = { 0 };
	*ret = (struct kind_set){ 0 };
	if (n > KIND_CODES * 5)
		return -1;
	if (n > 0)
		memcpy(copy, p, n);
	const uint8_t *q = copy;
	for (unsigned i = 0; q < copy + n; i++) {
		uint64_t v;
		q = varint_get(q, &v);
		if (i >= t->n || q > copy + n || v > CHUNK_STEPS_MAX)
			return -1;
		if (v)
			kinds_add(ret, t->kind[i]);
	}
	return 0;
}

/* ---- unpacking ---- */

/* A stream that is read; behind end there are EVENT_MAX zero bytes, so an event is read first and checked
 * then. */
struct stream {
	const uint8_t *p, *end;
	uint64_t anchor[ANCHORS];
	struct context *context; /* of notes */
	const struct kind_table *table;
	struct written *written; /* of facts */
};

static inline const uint8_t *bytes_get(const uint8_t *p, unsigned n, uint64_t *ret)
{
	uint64_t v;
	memcpy(&v, p, 8);
	*ret = v & number_mask(n);
	return p + n;
}

/* size bytes that stay where they are; NULL: they are not there. */
static inline const uint8_t *long_bytes_get(
	struct stream *s, const uint8_t *p, uint64_t size, const uint8_t **ret)
{
	if (p > s->end || size > (uint64_t)(s->end - p))
		return NULL;
	*ret = p;
	return p + size;
}

static const char *const short_stream = "a stream ends too early", *const bad_fact = "a fact is malformed",
			 *const unknown_map = "an event belongs to an unknown map";

static inline const char *write_get(struct stream *s, struct event *e, const uint8_t **at)
{
	const uint8_t *p = *at;
	unsigned head = *p++;
	if (e->size <= 8) {
		unsigned nf = head & 15, nt = head >> 4;
		struct written *w = written_at(s->written, e->addr);
		if ((nf > e->size && nf != OLD_KNOWN) || (nt > e->size && nt != NEW_UP && nt != NEW_DOWN))
			return bad_fact;
		if (nf == OLD_KNOWN)
			e->old.v = w->value & number_mask(e->size);
		else
			p = bytes_get(p, nf, &e->old.v);
		if (nt <= 8)
			p = bytes_get(p, nt, &e->new.v);
		else
			e->new.v = (e->old.v + (nt == NEW_UP ? 1 : ~UINT64_C(0))) & number_mask(e->size);
		*w = (struct written){ e->addr, e->new.v };
	} else {
		if (head > 3)
			return bad_fact;
		if (!(head & 1) && !(p = long_bytes_get(s, p, e->size, &e->old.p)))
			return short_stream;
		if (!(head & 2) && !(p = long_bytes_get(s, p, e->size, &e->new.p)))
			return short_stream;
	}
	*at = p;
	return NULL;
}

static const char *free_get(struct stream *s, struct event *e, const uint8_t **at)
{
	const uint8_t *p = *at;
	unsigned head = *p++;
	if (head > (e->size <= 8 ? e->size : 1))
		return bad_fact;
	if (e->size <= 8)
		p = bytes_get(p, head, &e->old.v);
	else if (head == 0 && !(p = long_bytes_get(s, p, e->size, &e->old.p)))
		return short_stream;
	*at = p;
	return NULL;
}

/* Reads a fact into e, which is zero but for kind and map. */
static inline const char *fact_get(struct stream *s, struct event *e, unsigned max_map)
{
	const uint8_t *p = s->p;
	unsigned head = *p++, anchor = head >> 2 & 3;
	uint64_t v;
	e->kind = head & 3;
	e->size = head >> 4;
	if (e->size == 0)
		p = varint_get(p, &e->size);
	p = varint_get(p, &v);
	e->addr = s->anchor[anchor] + unzigzag(v);
	anchor_use(s->anchor, anchor, e->addr);
	if (head >> 4 > 8 || e->kind > EV_FREE)
		return bad_fact;
	const char *wrong = e->kind == EV_WRITE ? write_get(s, e, &p)
		: e->kind == EV_FREE            ? free_get(s, e, &p)
						: NULL;
	if (wrong)
		return wrong;
	if (e->kind != EV_WRITE) {
		p = varint_get(p, &v);
		e->a = e->size + unzigzag(v);
		p = varint_get(p, &e->b);
		p = varint_get(p, &v);
		e->map = (uint32_t)v;
		if (v > max_map)
			return unknown_map;
		p = varint_get(p, &e->c);
		p = varint_get(p, &e->d);
	}
	s->p = p;
	return p <= s->end ? NULL : short_stream;
}

/* Reads what note_put wrote behind the head, into e, which is all zero; row is that of the context.  false:
 * there are not enough bytes. */
ALWAYS_INLINE bool note_get(
	struct stream *s, struct event *e, unsigned anchor, int row, int fields, const struct prediction *how)
{
	struct context *x = s->context;
	const uint8_t *p = s->p;
	uint64_t v;
	if (fields & F_A) {
		p = varint_get(p, &v);
		e->addr = s->anchor[anchor] + unzigzag(v);
		anchor_use(s->anchor, anchor, e->addr);
	}
	if (fields & F_S)
		p = varint_get(p, &e->size);
	if (fields & F_H) {
		p = bytes_get(p, 8, &e->a);
		x->last[row][0] = e->a;
	}
	if (fields & F_P) {
		p = varint_get(p, &v);
		e->a = swap_nil(e->addr + unzigzag(v), e->addr);
		if (e->a)
			anchor_use(s->anchor, 0, e->a);
	}
	if (fields & F_a)
		p = number_get(x, p, row, how, 0, &e->a);
	if (fields & F_Q) {
		p = varint_get(p, &v);
		e->b = swap_nil(e->addr + unzigzag(v), e->addr);
		if (e->b)
			anchor_use(s->anchor, 0, e->b);
	}
	if (fields & F_b)
		p = number_get(x, p, row, how, 1, &e->b);
	if (fields & F_c)
		p = number_get(x, p, row, how, 2, &e->c);
	if (fields & F_d)
		p = number_get(x, p, row, how, 3, &e->d);
	if (fields & F_e)
		p = number_get(x, p, row, how, 4, &e->e);
	if (fields & F_f)
		p = number_get(x, p, row, how, 5, &e->f);
	if (fields & F_N) {
		const uint8_t *bytes;
		if (!(fields & F_S))
			p = varint_get(p, &e->size);
		if (!(p = long_bytes_get(s, p, e->size, &bytes)))
			return false;
		if (e->size <= 8)
			bytes_get(bytes, (unsigned)e->size,
				&e->new.v); /* 8 bytes can be read, thanks to the padding */
		else
			e->new.p = bytes;
	}
	s->p = p;
	return p <= s->end;
}

/* The same for a kind that this program does not know, or packs in another way. */
static __attribute__((noinline)) bool foreign_get(
	struct stream *s, struct event *e, unsigned anchor, unsigned code)
{
	const struct kind_row *r = &s->table->row[code];
	struct event foreign = { 0 };
	int fields = FIELDS(r->fields);
	if (e->kind != EV_UNKNOWN)
		return note_get(s, e, anchor, s->table->context[code], fields, r->prediction);
	if (!note_get(s, &foreign, anchor, s->table->context[code], fields, r->prediction))
		return false;
	/* Its name is what can be shown of it. */
	e->addr = foreign.addr;
	e->size = strlen(r->name);
	if (e->size > 8)
		e->new.p = (const uint8_t *)r->name;
	else
		memcpy(&e->new.v, r->name, 8);
	return true;
}

static bool event_get(struct stream *s, struct event *e, unsigned anchor, unsigned code)
{
	if (!s->table->own[code])
		return foreign_get(s, e, anchor, code);
	switch (e->kind) {
#define EVENT(name, NAME, place, fields, role, args, shown, predictions, of, sentence) \
	EVENT_##role##_CASE(NAME, fields)
#undef EVENT_read_CASE
#define EVENT_read_CASE(NAME, fields) \
	case EV_##NAME: \
		return note_get(s, e, anchor, EV_##NAME, FIELDS(fields), own_predictions[EV_##NAME]);
#include "trace/record/events.def"
#undef EVENT
	default: return false;
	}
}

static const char *events_unpack(
	struct stream *facts, struct stream *notes, uint64_t map, unsigned max_map, struct chunk *ret)
{
	const char *wrong;
	for (uint32_t i = 0; i < ret->count; i++) {
		struct event *e = &ret->events[i];
		*e = (struct event){ 0 };
		unsigned head = *notes->p++, code = head & CODE_MORE;
		if (code == CODE_MORE)
			code += *notes->p++;
		if (code >= notes->table->n)
			return "an event is of an unknown kind";
		e->kind = notes->table->kind[code];
		e->map = (uint32_t)map;
		if (code <= EV_FREE) {
			if ((wrong = fact_get(facts, e, max_map)) != NULL)
				return wrong;
			if (e->kind != code || notes->p > notes->end)
				return "its two streams do not agree";
		} else if (!event_get(notes, e, head >> 6, code)) {
			return short_stream;
		}
		if (e->kind == EV_OP || e->kind == EV_MAP || e->kind == EV_USE) {
			if (e->a > max_map)
				return unknown_map;
			map = e->a;
			e->map = (uint32_t)map;
		}
	}
	if (facts->p != facts->end || notes->p != notes->end)
		return "a stream is too long";
	return NULL;
}

static const char *facts_unpack(struct stream *s, uint64_t map, unsigned max_map, struct chunk *ret)
{
	const char *wrong;
	for (uint32_t i = 0; i < ret->facts; i++) {
		struct event *e = &ret->events[i];
		*e = (struct event){ .map = (uint32_t)map };
		if ((wrong = fact_get(s, e, max_map)) != NULL)
			return wrong;
	}
	return s->p == s->end ? NULL : "a stream is too long";
}

static const char *stream_unpack(
	void *zstd, const uint8_t *from, uint64_t n, uint8_t *to, uint64_t raw, struct stream *ret)
{
	*ret = (struct stream){ .p = to, .end = to + raw };
	memset(to + raw, 0, EVENT_MAX);
	if (raw == 0 && n == 0)
		return NULL;
	size_t got = ZSTD_decompressDCtx(zstd, to, raw, from, n);
	return ZSTD_isError(got) || got != raw ? "its compressed data is damaged" : NULL;
}

static void chunk_reserve(struct chunk *c, uint64_t events, uint64_t bytes)
{
	if (events > c->events_cap) {
		c->events = memory_resize(c->events, events * sizeof *c->events);
		c->events_cap = events;
	}
	if (bytes > c->data_cap) {
		free(c->data);
		c->data = memory_need(malloc(bytes));
		c->data_cap = bytes;
	}
}

/* The events of both streams, or the facts alone. */
static const char *chunk_fill(struct stream facts, struct stream notes, uint64_t map, unsigned max_map,
	bool facts_only, struct chunk *ret)
{
	struct context context;
	struct written written[MEMORY] = { 0 };
	if (!facts_only)
		memset(context.last, 0, (EV_LIMIT + notes.table->n) * sizeof *context.last);
	facts.written = written;
	notes.context = &context;
	return facts_only ? facts_unpack(&facts, map, max_map, ret)
			  : events_unpack(&facts, &notes, map, max_map, ret);
}

const char *chunk_unpack(struct unpacker *u, const struct kind_table *table, const uint8_t *data, size_t n,
	unsigned max_map, bool facts_only, struct chunk *ret)
{
	enum { HEAD = 51 };
	uint8_t head[HEAD + 10] = { 0 };
	memcpy(head, data, n < HEAD ? n : HEAD);
	const uint8_t *p = head + 1;
	uint64_t map, facts, facts_raw, packed, notes_raw;
	p = varint_get(p, &map);
	p = varint_get(p, &facts);
	p = varint_get(p, &facts_raw);
	p = varint_get(p, &packed);
	p = varint_get(p, &notes_raw);
	size_t at = (size_t)(p - head);
	if (head[0] != CODEC_VERSION)
		return "it is packed in an unknown way";
	if (at > n || packed > n - at || map > max_map || facts > ret->count ||
		ret->count > CHUNK_STEPS_MAX || facts_raw > STREAM_MAX || notes_raw > STREAM_MAX)
		return "its head makes no sense";
	if (facts_raw > unpack_most(packed) || notes_raw > unpack_most(n - at - packed))
		return "it says that more is packed in it than can be";
	uint64_t bytes = facts_raw + EVENT_MAX + (facts_only ? 0 : notes_raw + EVENT_MAX);
	chunk_reserve(ret, facts_only ? facts : ret->count, bytes);
	struct stream fs, ns = { 0 };
	const char *wrong = stream_unpack(u->zstd, data + at, packed, ret->data, facts_raw, &fs);
	ret->facts = (uint32_t)facts;
	if (!wrong && !facts_only)
		wrong = stream_unpack(u->zstd, data + at + packed, n - at - packed,
			ret->data + facts_raw + EVENT_MAX, notes_raw, &ns);
	ns.table = table;
	return wrong ? wrong : chunk_fill(fs, ns, map, max_map, facts_only, ret);
}

static struct stream stream_copy(const uint8_t *from, size_t n, uint8_t *to)
{
	if (n > 0)
		memcpy(to, from, n);
	memset(to + n, 0, EVENT_MAX);
	return (struct stream){ .p = to, .end = to + n };
}

const char *streams_unpack(const struct streams *s, const struct kind_table *table, unsigned max_map,
	bool facts_only, struct chunk *ret)
{
	chunk_reserve(ret, facts_only ? s->fact_count : ret->count,
		s->facts_n + EVENT_MAX + (facts_only ? 0 : s->notes_n + EVENT_MAX));
	struct stream facts = stream_copy(s->facts, s->facts_n, ret->data), notes = { 0 };
	if (!facts_only)
		notes = stream_copy(s->notes, s->notes_n, ret->data + s->facts_n + EVENT_MAX);
	notes.table = table;
	ret->facts = s->fact_count;
	return chunk_fill(facts, notes, s->first_map, max_map, facts_only, ret);
}

int unpacker_init(struct unpacker *u)
{
	*u = (struct unpacker){ .zstd = ZSTD_createDCtx() };
	return u->zstd ? 0 : -1;
}

void unpacker_release(struct unpacker *u)
{
	ZSTD_freeDCtx(u->zstd);
	buffer_release(&u->scratch);
	u->zstd = NULL;
}
