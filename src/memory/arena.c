/* The arena: blocks out of Go's allocator, emitted to the sink; see arena.h.
 *
 * Invariant: memory that belongs to no live object is zero, so an allocation needs no clearing and an image
 * rebuilt from a trace agrees with the arena everywhere.
 */
#include "src/memory/arena.h"

#include "trace/base/memory.h"
#include "trace/base/translate.h"
#include "trace/go/data.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static bool arena_read(const struct reader *r, uint64_t addr, void *out, size_t n);
static bool arena_block(const struct reader *r, uint64_t addr, struct block *ret);
static bool arena_next(const struct memory *m, uint64_t *cursor, struct block *ret);

bool arena_init(struct arena *a, struct sink *sink)
{
	*a = (struct arena){ .sink = sink, .memory = { arena_next }, .reader = { arena_read, arena_block } };
	/* As much address space as there is to be had: sanitizers, valgrind and ulimit leave less. */
	for (a->reserved = (uint64_t)64 << 30; a->reserved >= (uint64_t)64 << 20; a->reserved /= 2) {
		void *p = mmap(NULL, a->reserved, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (p != MAP_FAILED) {
			a->base = p;
			heap_init(&a->heap, a->reserved - (1 << 20));
			if (sink)
				sink->memory = &a->memory;
			return true;
		}
	}
	return false;
}

void arena_release(struct arena *a)
{
	heap_release(&a->heap);
	free(a->grey);
	if (a->base)
		munmap(a->base, a->reserved);
	*a = (struct arena){ 0 };
}

bool arena_fits(const struct arena *a, uint64_t size)
{
	return size < a->reserved && a->heap.used * PAGE_SIZE + size + (1 << 20) < a->reserved;
}

bool arena_try(struct arena *a, void (*work)(void *arg), void *arg)
{
	jmp_buf full;
	a->full = &full;
	bool whole = setjmp(full) == 0;
	if (whole)
		work(arg);
	a->full = NULL;
	return whole;
}

__attribute__((noreturn, cold)) static void region_full(struct arena *a)
{
	if (a->full)
		longjmp(*a->full, 1);
	memory_end(_("the heap is full"));
}

static void emit(struct arena *a, const struct event *e)
{
	if (!a->sink)
		return;
	a->sink->steps++;
	a->sink->event(a->sink, e);
}

/* ---- spans ---- */

static void emit_span(struct arena *a, const struct mspan *s, enum span_source source)
{
	emit(a,
		&(struct event){ .kind = EV_SPAN,
			.map = a->map,
			.addr = s->start,
			.a = s->spanclass,
			.b = s->pages,
			.c = source,
			.d = s->objects });
}

/* The span that the next object of this class comes from. */
static struct mspan *span_for(struct arena *a, uint8_t spanclass, bool headers)
{
	enum span_source source;
	struct mspan *s = heap_cached(&a->heap, spanclass, headers);
	if (s)
		return s;
	s = heap_refill(&a->heap, spanclass, headers, &source);
	if (!s)
		region_full(a);
	emit_span(a, s, source);
	return s;
}

static struct mspan *span_new(struct arena *a, uint64_t pages, uint8_t spanclass, bool headers)
{
	struct mspan *s = heap_span_new(&a->heap, pages, spanclass, headers);
	if (!s)
		region_full(a);
	emit_span(a, s, spanclass == SPAN_STACK ? SPAN_STACKALLOC : SPAN_MHEAP);
	if (pages * PAGE_SIZE >= 4 << 20) /* fewer page faults: a large array is about to be filled */
		madvise(arena_host(a, s->start), pages * PAGE_SIZE, MADV_HUGEPAGE);
	return s;
}

/* ---- blocks ---- */

static void emit_alloc(struct arena *a, const struct mspan *s, uint32_t i, uint64_t addr, uint64_t size,
	uint64_t rounded, enum block_role role)
{
	emit(a,
		&(struct event){ .kind = EV_ALLOC,
			.map = a->map,
			.addr = addr,
			.size = size,
			.a = rounded,
			.b = role,
			.c = s->spanclass,
			.d = i });
}

/* Takes object i of s.  What is allocated while the collector marks is born marked. */
static void object_take(struct arena *a, struct mspan *s, uint32_t i, uint64_t size, enum block_role role)
{
	s->object[i] = (struct object){
		.size = size, .map = a->map, .role = (uint8_t)role, .marked = a->marking
	};
	s->live++;
}

static bool is_large(uint64_t size, bool headers)
{
	return size > (headers ? MAX_SMALL - MALLOC_HEADER : MAX_SMALL);
}

/* A piece of a block of the tiny allocator; objects of 16 bytes have the same span class and are one piece.
 */
static void piece_take(
	struct arena *a, struct mspan *s, uint32_t i, unsigned piece, uint64_t size, enum block_role role)
{
	s->tiny[i].size[piece] = (uint8_t)size;
	s->tiny[i].role[piece] = (uint8_t)role;
	s->tiny[i].map[piece] = a->map;
}

/* mallocgc's tiny allocator: noscan objects of less than 16 bytes share a block. */
static uint64_t alloc_tiny(struct arena *a, uint64_t size, bool headers, enum block_role role)
{
	struct heap *h = &a->heap;
	uint64_t align = size % 8 == 0 ? 8 : size % 4 == 0 ? 4 : size % 2 == 0 ? 2 : 1;
	uint64_t at = (h->tiny_used + align - 1) & ~(align - 1), addr = h->tiny + at, rounded = 0;
	if (!h->tiny || at + size > TINY_SIZE) {
		struct mspan *s = span_for(a, TINY_CLASS, headers);
		uint32_t i = mspan_next(s);
		object_take(a, s, i, TINY_SIZE, role);
		addr = mspan_address(s, i);
		rounded = TINY_SIZE;
		if (size < h->tiny_used || !h->tiny) { /* the new block has more room left than the old one */
			h->tiny = addr;
			h->tiny_used = size;
		}
	} else {
		h->tiny_used = at + size;
	}
	struct mspan *s = heap_span(h, addr);
	uint32_t i = (uint32_t)((addr - s->start) / TINY_SIZE);
	piece_take(a, s, i, addr % TINY_SIZE, size, role);
	emit_alloc(a, s, i, addr, size, rounded, role);
	return addr;
}

static uint64_t header_of(uint64_t size, bool pointers, bool headers)
{
	return has_malloc_header(size, pointers, headers) ? MALLOC_HEADER : 0;
}

static uint8_t spanclass_of(uint64_t size, bool pointers, bool headers)
{
	return (uint8_t)(class_of(size + header_of(size, pointers, headers)) * 2 + !pointers);
}

uint64_t arena_peek(struct arena *a, uint64_t size, bool pointers, bool headers)
{
	return heap_peek(&a->heap, spanclass_of(size, pointers, headers), headers) +
		header_of(size, pointers, headers);
}

uint64_t arena_alloc(struct arena *a, uint64_t size, bool pointers, bool headers, enum block_role role)
{
	if (size == 0)
		return GO_ZEROBASE;
	if (!pointers && size < TINY_SIZE)
		return alloc_tiny(a, size, headers, role);
	bool large = is_large(size, headers);
	struct mspan *s = large ? span_new(a, (size + PAGE_SIZE - 1) / PAGE_SIZE, !pointers, headers)
				: span_for(a, spanclass_of(size, pointers, headers), headers);
	uint32_t i = large ? 0 : mspan_next(s);
	object_take(a, s, i, size, role);
	if (s->tiny)
		piece_take(a, s, i, 0, size, role);
	uint64_t addr = mspan_address(s, i);
	emit_alloc(a, s, i, addr, size, s->stride, role);
	return addr;
}

static void object_block(
	const struct arena *a, const struct mspan *s, uint32_t i, unsigned piece, struct block *ret)
{
	const struct object *o = &s->object[i];
	*ret = (struct block){ .addr = mspan_address(s, i),
		.size = o->size,
		.rounded = s->stride,
		.role = (enum block_role)o->role,
		.map = o->map };
	if (s->tiny) {
		const struct tiny_block *t = &s->tiny[i];
		ret->addr += piece;
		ret->size = t->size[piece];
		ret->rounded = piece == 0 ? TINY_SIZE : 0;
		ret->role = (enum block_role)t->role[piece];
		ret->map = t->map[piece];
	} else if (mspan_is_stack(s)) {
		ret->rounded = (o->size + STACK_WORD - 1) & ~(uint64_t)(STACK_WORD - 1);
	}
	ret->bytes = arena_host(a, ret->addr);
}

/* The block's bytes become zero, and the sink hears of it. */
static void block_free(struct arena *a, const struct mspan *s, uint32_t i, const struct block *b)
{
	struct event e = { .kind = EV_FREE,
		.map = b->map,
		.addr = b->addr,
		.size = b->size,
		.a = b->rounded,
		.b = b->role,
		.c = s->spanclass,
		.d = i };
	uint8_t *copy = NULL;
	if (a->sink && b->size <= 8) {
		memcpy(&e.old.v, b->bytes, b->size);
	} else if (a->sink) { /* the event is emitted after the change */
		e.old.p = copy = memory_copy(b->bytes, b->size);
	}
	memset(arena_host(a, b->addr), 0, b->size);
	emit(a, &e);
	free(copy);
}

/* Frees object i of s with all its pieces. */
static void object_free(struct arena *a, struct mspan *s, uint32_t i)
{
	for (unsigned piece = 0; piece < (s->tiny ? TINY_SIZE : 1); piece++) {
		struct block b;
		object_block(a, s, i, piece, &b);
		if (b.size == 0)
			continue;
		if (s->tiny)
			s->tiny[i].size[piece] = 0;
		else
			s->object[i].size = 0;
		block_free(a, s, i, &b);
	}
	s->object[i] = (struct object){ 0 };
	s->live--;
}

/* ---- the stack ---- */

static uint64_t stack_words(uint64_t size)
{
	return (size + STACK_WORD - 1) / STACK_WORD;
}

/* The highest run of free words that holds the size: frames grow downwards. */
static bool stack_gap(const struct mspan *s, uint64_t words, uint32_t *ret)
{
	uint64_t end = 0;
	bool found = false;
	for (uint32_t i = 0; i <= s->objects; i++) {
		if (i < s->objects && !s->object[i].size)
			continue;
		if (i >= end + words) {
			*ret = (uint32_t)(i - words);
			found = true;
		}
		if (i < s->objects)
			end = i + stack_words(s->object[i].size);
	}
	return found;
}

/* The stack with room for it, and where there.  NULL: a new one is due. */
static struct mspan *stack_for(const struct arena *a, uint64_t words, uint32_t *ret)
{
	for (size_t n = 0; n < a->heap.stacks.count; n++) {
		struct mspan *s = a->heap.stacks.item[n];
		if (s->next && words >= s->next)
			continue;
		if (stack_gap(s, words, ret))
			return s;
		s->next = (uint32_t)words;
	}
	return NULL;
}

uint64_t arena_push_peek(const struct arena *a, uint64_t size)
{
	uint32_t i;
	const struct mspan *s = stack_for(a, stack_words(size), &i);
	if (s)
		return mspan_address(s, i);
	return heap_peek_pages(&a->heap, STACK_PAGES) + STACK_PAGES * PAGE_SIZE -
		stack_words(size) * STACK_WORD;
}

uint64_t arena_push(struct arena *a, uint64_t size, enum block_role role)
{
	uint64_t words = stack_words(size);
	uint32_t i = 0;
	struct mspan *s = stack_for(a, words, &i);
	if (!s) {
		s = span_new(a, STACK_PAGES, SPAN_STACK, false);
		stack_gap(s, words, &i);
	}
	object_take(a, s, i, size, role);
	uint64_t addr = mspan_address(s, i);
	emit_alloc(a, s, i, addr, size, words * STACK_WORD, role);
	return addr;
}

void arena_pop(struct arena *a, uint64_t addr)
{
	struct mspan *s = heap_span(&a->heap, addr);
	uint32_t i;
	unsigned piece;
	if (s && mspan_is_stack(s) && mspan_object(s, addr, &i, &piece)) {
		object_free(a, s, i);
		s->next = 0;
	}
}

bool arena_on_stack(const struct arena *a, uint64_t addr)
{
	const struct mspan *s = heap_span(&a->heap, addr);
	return s && mspan_is_stack(s);
}

/* ---- the collector ---- */

void arena_mark_begin(struct arena *a)
{
	for (uint64_t p = 0; p < a->heap.used;) {
		struct mspan *s = a->heap.page[p];
		for (uint32_t i = 0; s && i < s->objects; i++)
			s->object[i].marked = false;
		p += s ? s->pages : 1;
	}
	a->marking = true;
}

bool arena_mark(struct arena *a, uint64_t addr, struct block *ret)
{
	struct mspan *s = heap_span(&a->heap, addr);
	uint32_t i;
	unsigned piece;
	if (!s || !mspan_object(s, addr, &i, &piece) || s->object[i].marked)
		return false;
	s->object[i].marked = true;
	if (ret)
		object_block(a, s, i, piece, ret);
	return true;
}

bool arena_is_white(const struct arena *a, uint64_t addr)
{
	const struct mspan *s = heap_span(&a->heap, addr);
	uint32_t i;
	unsigned piece;
	return s && !mspan_is_stack(s) && mspan_object(s, addr, &i, &piece) && !s->object[i].marked;
}

/* Frees what is not marked; the span goes to mcentral, or its pages back. */
static void span_sweep(struct arena *a, struct mspan *s, uint64_t *blocks, uint64_t *bytes)
{
	uint64_t freed = 0;
	for (uint32_t i = 0; i < s->objects; i++)
		if (s->object[i].size && !s->object[i].marked) {
			*bytes += s->object[i].size;
			freed++;
			object_free(a, s, i);
		}
	*blocks += freed;
	struct event e = { .addr = s->start, .a = s->spanclass, .b = s->pages };
	if (s->live == 0) {
		e.kind = EV_UNSPAN;
		heap_span_free(&a->heap, s);
	} else {
		e = (struct event){
			.kind = EV_SWEPT, .addr = s->start, .a = s->spanclass, .b = freed, .c = s->live
		};
		e.d = heap_swept(&a->heap, s) ? LIST_PARTIAL : LIST_FULL;
	}
	emit(a, &e);
}

void arena_sweep(struct arena *a, uint64_t *ret_blocks, uint64_t *ret_bytes)
{
	struct span_list all = heap_sweep_begin(&a->heap);
	*ret_blocks = *ret_bytes = 0;
	a->marking = false;
	for (size_t n = 0; n < all.count; n++)
		span_sweep(a, all.item[n], ret_blocks, ret_bytes);
	free(all.item);
}

/* ---- looking at it ---- */

/* The block that contains addr.  false: no live one does. */
static bool block_find(const struct arena *a, uint64_t addr, struct block *ret)
{
	const struct mspan *s = heap_span(&a->heap, addr);
	uint32_t i;
	unsigned piece;
	if (!s || !mspan_object(s, addr, &i, &piece))
		return false;
	object_block(a, s, i, piece, ret);
	return true;
}

static bool arena_read(const struct reader *r, uint64_t addr, void *out, size_t n)
{
	const struct arena *a = (const struct arena *)((const char *)r - offsetof(struct arena, reader));
	struct block b;
	if (n == 0)
		return true;
	bool found = block_find(a, addr, &b) && addr + n <= b.addr + b.size;
	const uint8_t *bytes = found ? arena_host(a, addr) : go_data_bytes(addr, n);
	if (bytes)
		memcpy(out, bytes, n);
	return bytes != NULL;
}

static bool arena_block(const struct reader *r, uint64_t addr, struct block *ret)
{
	const struct arena *a = (const struct arena *)((const char *)r - offsetof(struct arena, reader));
	return block_find(a, addr, ret) && ret->addr == addr;
}

/* The first block of s that starts at or after addr. */
static bool span_next(const struct arena *a, const struct mspan *s, uint64_t addr, struct block *ret)
{
	uint64_t i = addr > s->start ? (addr - s->start) / s->stride : 0;
	for (; s->live > 0 && i < s->objects; i++) {
		if (!s->object[i].size)
			continue;
		for (unsigned piece = 0; piece < (s->tiny ? TINY_SIZE : 1); piece++) {
			if (s->tiny && !s->tiny[i].size[piece])
				continue;
			object_block(a, s, (uint32_t)i, piece, ret);
			if (ret->addr >= addr)
				return true;
		}
	}
	return false;
}

/* cursor: the address from which on the next block is looked for. */
static bool arena_next(const struct memory *m, uint64_t *cursor, struct block *ret)
{
	const struct arena *a = (const struct arena *)((const char *)m - offsetof(struct arena, memory));
	uint64_t at = *cursor < HEAP_BASE ? HEAP_BASE : *cursor;
	for (uint64_t p = (at - HEAP_BASE) / PAGE_SIZE; p < a->heap.used;) {
		const struct mspan *s = a->heap.page[p];
		if (s && span_next(a, s, at, ret)) {
			*cursor = ret->addr + ret->size;
			return true;
		}
		p = s ? (s->start - HEAP_BASE) / PAGE_SIZE + s->pages : p + 1;
	}
	return false;
}
