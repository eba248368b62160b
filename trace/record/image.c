/* The memory of a recording at one step; see image.h.
 *
 * The idea: pages of 8 KiB in a hash table.  A page knows the blocks that start in it, sorted, and how many
 * of its first bytes belong to a block that reaches in from the page before; so "is this byte live?" is one
 * lookup and a short binary search, and a keyframe is loaded by appending.  A page that is all zero has no
 * bytes: a new bucket array of 16 MB costs a few page heads.  Buffers are recycled, because a seek that asks
 * the kernel for 33 MB of fresh memory spends more time there than on copying.
 *
 * Invariant: two blocks never share a byte; a page in the table has a place or is covered; the bytes of a
 * page that belong to no block are junk that nobody reads (a block's bytes are set when it appears).
 */
#include "trace/base/addresses.h"
#include "trace/base/grown.h"
#include "trace/go/data.h"
#include "trace/record/image.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_SHIFT = 13, PAGE = 1 << PAGE_SHIFT };
/* What a hostile trace may ask for: no block over 1 GiB, no image over 16 GiB (of which only pages that hold
 * something else than zeros take host memory), no address beyond what a 64-bit process has. */
#define MAX_BLOCK (UINT64_C(1) << 30)
#define MAX_LIVE (UINT64_C(1) << 34)
#define MAX_ADDR (UINT64_C(1) << 56)
enum { SPARE_MIN = 1024 }; /* recycled buffers that are always kept: 8 MiB */

/* A block, in the page where it starts. */
struct place {
	uint64_t size, rounded;
	uint32_t map;
	uint16_t offset;
	uint8_t role;
};

struct page {
	uint64_t number;  /* addr >> PAGE_SHIFT */
	uint8_t *bytes;   /* NULL: all zero */
	uint64_t cover;   /* start of the block that reaches in from the page before */
	uint32_t covered; /* how many bytes of this page it takes; 0: there is none */
	uint32_t places;
	size_t cap;
	struct place *place; /* sorted by offset */
	struct page *next;   /* in the list of spare ones */
};

struct buffer {
	struct buffer *next;
};

struct image {
	struct reader reader;   /* first, so that a reader is its image */
	struct addresses pages; /* struct page by number */
	struct page *last;      /* the page found last, or NULL */
	struct page *spare_page;
	struct buffer *spare;
	uint64_t spares, buffers; /* recycled ones; ones in use */
	uint64_t live;
	char error[256];
};

static const uint8_t zeros[PAGE];

static bool refuse(struct image *m, const char *format, ...)
{
	va_list ap;
	va_start(ap, format);
	vsnprintf(m->error, sizeof m->error, format, ap);
	va_end(ap);
	return false;
}

static bool all_zero(const uint8_t *p, uint64_t n)
{
	for (; n >= PAGE; p += PAGE, n -= PAGE)
		if (memcmp(p, zeros, PAGE) != 0)
			return false;
	return memcmp(p, zeros, n) == 0;
}

/* ---- the table of pages ---- */

static struct page *page_find(const struct image *m, uint64_t number)
{
	const uint64_t *page = addresses_find(&m->pages, number);
	return page ? (struct page *)(uintptr_t)*page : NULL;
}

static inline struct page *page_at(struct image *m, uint64_t addr)
{
	uint64_t number = addr >> PAGE_SHIFT;
	if (m->last && m->last->number == number)
		return m->last;
	struct page *p = page_find(m, number);
	if (p)
		m->last = p;
	return p;
}

/* ---- pages and their buffers ---- */

static void buffer_recycle(struct image *m, uint8_t *bytes)
{
	struct buffer *b = (struct buffer *)(void *)bytes;
	b->next = m->spare;
	m->spare = b;
	m->spares++;
	m->buffers--;
}

/* A buffer with anything in it. */
static uint8_t *buffer_take(struct image *m)
{
	struct buffer *b = m->spare;
	if (b) {
		m->spare = b->next;
		m->spares--;
	} else {
		b = memory_need(malloc(PAGE));
	}
	m->buffers++;
	return (uint8_t *)b;
}

static void page_recycle(struct image *m, struct page *p)
{
	if (p->bytes)
		buffer_recycle(m, p->bytes);
	p->bytes = NULL;
	p->places = 0;
	p->covered = 0;
	p->next = m->spare_page;
	m->spare_page = p;
}

static void page_drop(struct image *m, struct page *p)
{
	if (m->last == p)
		m->last = NULL;
	addresses_remove(&m->pages, p->number, NULL);
	page_recycle(m, p);
	if (m->spares > SPARE_MIN && m->spares > m->buffers) {
		struct buffer *b = m->spare;
		m->spare = b->next;
		m->spares--;
		free(b);
	}
}

/* The page of that number, made if it is not there. */
static struct page *page_make(struct image *m, uint64_t number)
{
	struct page *p = page_at(m, number << PAGE_SHIFT);
	if (p)
		return p;
	p = m->spare_page;
	if (p)
		m->spare_page = p->next;
	else
		p = memory_get(sizeof *p);
	p->number = number;
	*addresses_add(&m->pages, number) = (uintptr_t)p;
	m->last = p;
	return p;
}

/* The index behind the last place that starts at or before off. */
static uint32_t place_after(const struct page *p, uint32_t off)
{
	uint32_t lo = 0, hi = p->places;
	while (lo < hi) {
		uint32_t mid = (lo + hi) / 2;
		if (p->place[mid].offset <= off)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static inline uint32_t place_end(const struct place *b)
{
	return b->size < PAGE - (uint64_t)b->offset ? b->offset + (uint32_t)b->size : PAGE;
}

/* Where the live bytes that begin at off end in this page; off itself when that byte is dead. */
static inline uint32_t live_end(const struct page *p, uint32_t off)
{
	if (off < p->covered)
		return p->covered;
	uint32_t i = place_after(p, off);
	if (i == 0)
		return off;
	uint32_t end = place_end(&p->place[i - 1]);
	return end > off ? end : off;
}

static void place_insert(struct page *p, uint32_t off, const struct block *b)
{
	p->place = grown(p->place, &p->cap, p->places, sizeof *p->place);
	uint32_t i = p->places;
	if (i > 0 && p->place[i - 1].offset > off) {
		i = place_after(p, off);
		memmove(p->place + i + 1, p->place + i, (p->places - i) * sizeof *p->place);
	}
	p->place[i] = (struct place){ b->size, b->rounded, b->map, (uint16_t)off, (uint8_t)b->role };
	p->places++;
}

static struct place *place_at(const struct image *m, uint64_t addr)
{
	struct page *p = addr < MAX_ADDR ? page_find(m, addr >> PAGE_SHIFT) : NULL;
	uint32_t off = addr & (PAGE - 1), i = p ? place_after(p, off) : 0;
	return i > 0 && p->place[i - 1].offset == off ? &p->place[i - 1] : NULL;
}

/* ---- blocks ---- */

/* Walks the pieces of [addr, addr+size) that lie in one page each. */
struct piece {
	uint64_t addr, left; /* where it starts; bytes from there on */
	uint32_t off, n;     /* in its page */
};

static struct piece piece_first(uint64_t addr, uint64_t size)
{
	struct piece x = { .addr = addr, .left = size, .off = addr & (PAGE - 1) };
	x.n = size < PAGE - x.off ? (uint32_t)size : PAGE - x.off;
	return x;
}

static void piece_next(struct piece *x)
{
	*x = piece_first(x->addr + x->n, x->left - x->n);
}

static bool block_fits(struct image *m, const struct block *b)
{
	if (b->size == 0 || b->size > MAX_BLOCK || b->addr == 0 || b->addr >= MAX_ADDR)
		return refuse(
			m, "a block of %" PRIu64 " bytes at %" PRIx64 " is beyond reason", b->size, b->addr);
	if (m->live + b->size > MAX_LIVE)
		return refuse(m, "more than %" PRIu64 " GiB would be live", MAX_LIVE >> 30);
	for (struct piece x = piece_first(b->addr, b->size); x.n > 0; piece_next(&x)) {
		const struct page *p = page_find(m, x.addr >> PAGE_SHIFT);
		if (!p)
			continue;
		uint32_t i = place_after(p, x.off + x.n - 1);
		if (x.off < p->covered || (i > 0 && place_end(&p->place[i - 1]) > x.off))
			return refuse(m, "a block of %" PRIu64 " bytes at %" PRIx64 " would lie over another",
				b->size, b->addr);
	}
	return true;
}

/* Forgets the block, also one that is only partly there. */
static void block_unmark(struct image *m, uint64_t addr, uint64_t size)
{
	for (struct piece x = piece_first(addr, size); x.n > 0; piece_next(&x)) {
		struct page *p = page_at(m, x.addr);
		if (!p)
			continue;
		if (x.addr == addr) {
			uint32_t i = place_after(p, x.off);
			if (i > 0 && p->place[i - 1].offset == x.off) {
				memmove(p->place + i - 1, p->place + i, (p->places - i) * sizeof *p->place);
				p->places--;
			}
		} else if (p->covered && p->cover == addr) {
			p->covered = 0;
		}
		if (p->places == 0 && p->covered == 0)
			page_drop(m, p);
	}
}

static void block_mark(struct image *m, const struct block *b)
{
	for (struct piece x = piece_first(b->addr, b->size); x.n > 0; piece_next(&x)) {
		struct page *p = page_make(m, x.addr >> PAGE_SHIFT);
		if (x.addr == b->addr) {
			place_insert(p, x.off, b);
		} else {
			p->cover = b->addr;
			p->covered = x.n;
		}
	}
}

/* Gives a page bytes of its own.  The piece [off, off+n) will be overwritten, the rest must read as before.
 */
static void page_materialise(struct image *m, struct page *p, uint32_t off, uint32_t n)
{
	if (p->bytes)
		return;
	p->bytes = buffer_take(m);
	memset(p->bytes, 0, off);
	memset(p->bytes + off + n, 0, PAGE - off - n);
}

/* Sets the bytes of a block that has just been marked; fill NULL: zeros. */
static bool block_fill(struct image *m, const struct block *b, image_fill fill, void *context)
{
	for (struct piece x = piece_first(b->addr, b->size); x.n > 0; piece_next(&x)) {
		struct page *p = page_at(m, x.addr);
		if (fill) {
			page_materialise(m, p, x.off, x.n);
			if (!fill(context, p->bytes + x.off, x.n))
				return refuse(
					m, "the bytes of the block at %" PRIx64 " are missing", b->addr);
			if (x.n == PAGE && all_zero(p->bytes, PAGE)) { /* as large as it says, but no memory */
				buffer_recycle(m, p->bytes);
				p->bytes = NULL;
			}
		} else if (p->bytes) {
			memset(p->bytes + x.off, 0, x.n);
		}
	}
	return true;
}

bool image_add_from(struct image *m, const struct block *b, image_fill fill, void *context)
{
	if (!block_fits(m, b))
		return false;
	block_mark(m, b);
	if (!block_fill(m, b, fill, context)) {
		block_unmark(m, b->addr, b->size);
		return false;
	}
	m->live += b->size;
	return true;
}

static bool fill_copy(void *context, uint8_t *out, size_t n)
{
	const uint8_t **from = context;
	memcpy(out, *from, n);
	*from += n;
	return true;
}

bool image_add(struct image *m, const struct block *b)
{
	const uint8_t *from = b->bytes;
	return image_add_from(m, b, from ? fill_copy : NULL, &from);
}

/* Are these the bytes that stand at addr?  All must be live. */
static bool bytes_match(struct image *m, uint64_t addr, uint64_t size, union event_bytes want)
{
	uint8_t small[8];
	const uint8_t *from = want.p;
	if (size <= 8) {
		event_bytes_copy(want, size, small);
		from = small;
	}
	for (struct piece x = piece_first(addr, size); x.n > 0; piece_next(&x)) {
		const struct page *p = page_at(m, x.addr);
		if (!p || live_end(p, x.off) < x.off + x.n)
			return refuse(
				m, "%" PRIu64 " bytes at %" PRIx64 " are not in a live block", size, addr);
		const uint8_t *have = p->bytes ? p->bytes + x.off : zeros;
		if (have != zeros || from) {
			if (from ? memcmp(have, from, x.n) != 0 : !all_zero(have, x.n))
				return refuse(m,
					"%" PRIu64 " bytes at %" PRIx64 " are others than the event says",
					size, addr);
		}
		if (from)
			from += x.n;
	}
	return true;
}

static bool block_remove(struct image *m, const struct event *e, union event_bytes bytes)
{
	struct place *b = place_at(m, e->addr);
	if (!b || b->size != e->size || b->rounded != e->a || b->role != e->b)
		return refuse(m, "no block of %" PRIu64 " bytes starts at %" PRIx64, e->size, e->addr);
	if (!bytes_match(m, e->addr, e->size, bytes))
		return false;
	m->live -= e->size;
	block_unmark(m, e->addr, e->size);
	return true;
}

static bool block_appear(struct image *m, const struct event *e, union event_bytes bytes)
{
	uint8_t small[8];
	struct block b = { .addr = e->addr, .size = e->size, .rounded = e->a, .map = e->map };
	if (e->b >= ROLES)
		return refuse(m, "a block has the unknown role %" PRIu64, e->b);
	b.role = (enum block_role)e->b;
	if (e->size <= 8) {
		event_bytes_copy(bytes, e->size, small);
		b.bytes = small;
	} else {
		b.bytes = bytes.p;
	}
	return image_add(m, &b);
}

/* ---- writes ---- */

static bool write_slow(
	struct image *m, uint64_t addr, uint64_t size, union event_bytes from, union event_bytes to)
{
	uint8_t small[8];
	const uint8_t *bytes = to.p;
	if (size == 0 || size > MAX_BLOCK || addr >= MAX_ADDR)
		return refuse(m, "a write of %" PRIu64 " bytes at %" PRIx64 " is beyond reason", size, addr);
	if (!bytes_match(m, addr, size, from))
		return false;
	if (size <= 8) {
		event_bytes_copy(to, size, small);
		bytes = small;
	}
	for (struct piece x = piece_first(addr, size); x.n > 0; piece_next(&x))
		page_materialise(m, page_at(m, x.addr), 0, 0);
	for (struct piece x = piece_first(addr, size); x.n > 0; piece_next(&x)) {
		uint8_t *out = page_at(m, x.addr)->bytes + x.off;
		if (bytes) {
			memcpy(out, bytes, x.n);
			bytes += x.n;
		} else {
			memset(out, 0, x.n);
		}
	}
	return true;
}

/* Most facts are writes of 1 to 8 bytes into one page: one lookup, one comparison, one store. */
static bool write_bytes(
	struct image *m, uint64_t addr, uint64_t size, union event_bytes from, union event_bytes to)
{
	uint32_t off = addr & (PAGE - 1);
	if (size - 1 < 8 && off <= PAGE - 8 && addr < MAX_ADDR) {
		struct page *p = page_at(m, addr);
		if (p && p->bytes && live_end(p, off) >= off + size) {
			uint64_t have, bits = size == 8 ? ~UINT64_C(0) : (UINT64_C(1) << 8 * size) - 1;
			memcpy(&have, p->bytes + off, 8);
			if (((have ^ from.v) & bits) == 0) {
				have = (have & ~bits) | (to.v & bits);
				memcpy(p->bytes + off, &have, 8);
				return true;
			}
		}
	}
	return write_slow(m, addr, size, from, to);
}

_Static_assert(
	__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "write_bytes takes memory for little-endian numbers");

bool image_apply(struct image *m, const struct event *e)
{
	const union event_bytes zero = { .v = 0 }, zero_long = { .p = NULL };
	switch (e->kind) {
	case EV_WRITE: return write_bytes(m, e->addr, e->size, e->old, e->new);
	case EV_ALLOC: return block_appear(m, e, e->size <= 8 ? zero : zero_long);
	case EV_FREE: return block_remove(m, e, e->old);
	default: return true;
	}
}

bool image_undo(struct image *m, const struct event *e)
{
	const union event_bytes zero = { .v = 0 }, zero_long = { .p = NULL };
	switch (e->kind) {
	case EV_WRITE: return write_bytes(m, e->addr, e->size, e->new, e->old);
	case EV_ALLOC: return block_remove(m, e, e->size <= 8 ? zero : zero_long);
	case EV_FREE: return block_appear(m, e, e->old);
	default: return true;
	}
}

/* ---- asking ---- */

/* What no block has: the program's own data never changes. */
static bool read_data(uint64_t addr, void *out, size_t n)
{
	const uint8_t *bytes = go_data_bytes(addr, n);
	if (bytes)
		memcpy(out, bytes, n);
	return bytes != NULL;
}

bool image_read(const struct image *m, uint64_t addr, void *out, size_t n)
{
	uint8_t *to = out;
	if (n > MAX_LIVE || addr >= MAX_ADDR)
		return false;
	for (struct piece x = piece_first(addr, n); x.n > 0;) {
		const struct page *p = page_find(m, x.addr >> PAGE_SHIFT);
		uint32_t end = p ? live_end(p, x.off) : x.off;
		if (end == x.off)
			return read_data(addr, out, n);
		uint32_t got = end - x.off < x.n ? end - x.off : x.n;
		if (p->bytes)
			memcpy(to, p->bytes + x.off, got);
		else
			memset(to, 0, got);
		to += got;
		x = piece_first(x.addr + got, x.left - got);
	}
	return true;
}

static void block_describe(const struct page *p, const struct place *b, struct block *ret)
{
	*ret = (struct block){ .addr = (p->number << PAGE_SHIFT) + b->offset,
		.size = b->size,
		.rounded = b->rounded,
		.role = (enum block_role)b->role,
		.map = b->map };
}

bool image_next(const struct image *m, uint64_t *cursor, struct block *ret)
{
	struct address_value page;
	for (size_t before = *cursor >> 16, at = before; addresses_each(&m->pages, &at, &page); before = at) {
		const struct page *p = (const struct page *)(uintptr_t)page.value;
		uint64_t place = before == *cursor >> 16 ? *cursor & 0xffff : 0;
		if (place < p->places) {
			block_describe(p, &p->place[place], ret);
			*cursor = (uint64_t)before << 16 | (place + 1);
			return true;
		}
	}
	return false;
}

static bool block_at(const struct image *m, uint64_t addr, struct block *ret)
{
	const struct place *b = place_at(m, addr);
	if (!b)
		return false;
	block_describe(page_find(m, addr >> PAGE_SHIFT), b, ret);
	return true;
}

bool image_find(const struct image *m, uint64_t addr, struct block *ret)
{
	const struct page *p = addr < MAX_ADDR ? page_find(m, addr >> PAGE_SHIFT) : NULL;
	uint32_t off = addr & (PAGE - 1);
	if (!p || live_end(p, off) == off)
		return false;
	if (off < p->covered)
		return block_at(m, p->cover, ret);
	block_describe(p, &p->place[place_after(p, off) - 1], ret);
	return true;
}

uint64_t image_live_bytes(const struct image *m)
{
	return m->live;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
	return h ^ h >> 32;
}

static uint64_t piece_sum(uint64_t addr, const uint8_t *p, uint32_t n)
{
	uint64_t h = mix(addr, n), v = 0;
	for (; n >= 8; n -= 8, p += 8) {
		memcpy(&v, p, 8);
		h = mix(h, v);
	}
	v = 0;
	memcpy(&v, p, n);
	return mix(h, v);
}

uint64_t image_sum(const struct image *m)
{
	struct block b;
	uint64_t sum = 0;
	for (uint64_t cursor = 0; image_next(m, &cursor, &b);) {
		sum += mix(mix(mix(b.addr, b.size), b.rounded), b.role);
		for (struct piece x = piece_first(b.addr, b.size); x.n > 0; piece_next(&x)) {
			const struct page *p = page_find(m, x.addr >> PAGE_SHIFT);
			sum += piece_sum(x.addr, p->bytes ? p->bytes + x.off : zeros, x.n);
		}
	}
	return sum;
}

static bool reader_read(const struct reader *r, uint64_t addr, void *out, size_t n)
{
	return image_read((const struct image *)(const void *)r, addr, out, n);
}

static bool reader_block(const struct reader *r, uint64_t addr, struct block *ret)
{
	return block_at((const struct image *)(const void *)r, addr, ret);
}

const struct reader *image_reader(const struct image *m)
{
	return &m->reader;
}

const char *image_error(const struct image *m)
{
	return m->error;
}

/* ---- life ---- */

struct image *image_new(void)
{
	struct image *m = memory_get(sizeof *m);
	m->reader = (struct reader){ reader_read, reader_block };
	return m;
}

void image_clear(struct image *m)
{
	struct address_value page;
	for (size_t at = 0; addresses_each(&m->pages, &at, &page);)
		page_recycle(m, (struct page *)(uintptr_t)page.value);
	addresses_clear(&m->pages);
	m->last = NULL;
	m->live = 0;
}

void image_free(struct image *m)
{
	if (!m)
		return;
	image_clear(m);
	for (struct page *p = m->spare_page, *next; p; p = next) {
		next = p->next;
		free(p->place);
		free(p);
	}
	for (struct buffer *b = m->spare, *next; b; b = next) {
		next = b->next;
		free(b);
	}
	addresses_release(&m->pages);
	free(m);
}
