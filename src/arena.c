/* The arena: spans, objects, sweeping; see arena.h.
 *
 * Invariant: memory that belongs to no live object is zero, so an allocation needs no clearing and an image rebuilt
 * from a trace agrees with the arena everywhere.
 */
#include "arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* runtime.zerobase: where objects of no bytes live; in the program's data, not in the heap. */
#define ZEROBASE UINT64_C(0x55a0c0)

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
			if (sink)
				sink->memory = &a->memory;
			return true;
		}
	}
	return false;
}

void arena_release(struct arena *a)
{
	for (size_t i = 0; i < a->spans; i++) {
		free(a->span[i]->object);
		free(a->span[i]);
	}
	free(a->span);
	free(a->page);
	if (a->base)
		munmap(a->base, a->reserved);
	*a = (struct arena){ 0 };
}

bool arena_fits(const struct arena *a, uint64_t size)
{
	return size < a->reserved && a->used + size + (1 << 20) < a->reserved;
}

static void *grow(void *p, size_t *cap, size_t need, size_t item)
{
	if (need <= *cap)
		return p;
	*cap = need * 2;
	p = realloc(p, *cap * item);
	if (!p)
		abort();
	return p;
}

/* Objects in a span: since 1.22 a span of small pointerful objects ends with its own heap bitmap, a bit a word. */
static uint32_t span_objects(uint64_t pages, unsigned class, bool pointers, bool headers)
{
	uint64_t bytes = pages * PAGE_SIZE;
	if (headers && pointers && class_size[class] <= HEADER_OVER)
		bytes -= bytes / 64;
	return (uint32_t)(bytes / class_size[class]);
}

static struct span *span_new(struct arena *a, uint64_t pages, unsigned class, bool pointers, bool headers)
{
	uint64_t bytes = pages * PAGE_SIZE;
	if (!arena_fits(a, bytes)) {
		a->exhausted = true;
		return NULL;
	}
	struct span *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	*s = (struct span){ .start = HEAP_BASE + a->used, .pages = pages, .class = class, .pointers = pointers,
		.headers = headers };
	s->stride = class ? class_size[class] : bytes;
	s->objects = class ? span_objects(pages, class, pointers, headers) : 1;
	s->object = calloc(s->objects, sizeof *s->object);
	if (!s->object)
		abort();
	a->span = grow(a->span, &a->spans_cap, a->spans + 1, sizeof *a->span);
	a->span[a->spans++] = s;
	uint64_t first = a->used / PAGE_SIZE;
	a->page = grow(a->page, &a->pages_cap, first + pages, sizeof *a->page);
	for (uint64_t i = 0; i < pages; i++)
		a->page[first + i] = s;
	if (bytes >= 4 << 20) /* fewer page faults: a large array is about to be filled */
		madvise(arena_host(a, s->start), bytes, MADV_HUGEPAGE);
	a->used += bytes;
	return s;
}

static uint32_t span_take(struct span *s)
{
	while (s->next < s->objects && s->object[s->next].size)
		s->next++;
	return s->next;
}

/* The span that the next object of this kind comes from: the current one, an older one with room, or a new one. */
static struct span *span_for(struct arena *a, unsigned class, bool pointers, bool headers)
{
	struct span **current = &a->current[class * 4 + (pointers ? 2 : 0) + (headers ? 1 : 0)];
	if (*current && span_take(*current) < (*current)->objects)
		return *current;
	*current = span_new(a, class_pages[class], class, pointers, headers);
	return *current;
}

/* A large object's span: a freed one of the same length, or a new one. */
static struct span *span_large(struct arena *a, uint64_t pages, bool pointers, bool headers)
{
	for (size_t n = 0; a->free_large > 0 && n < a->spans; n++) {
		struct span *s = a->span[n];
		if (s->class == 0 && s->live == 0 && s->pages == pages) {
			s->pointers = pointers;
			s->headers = headers;
			a->free_large--;
			return s;
		}
	}
	return span_new(a, pages, 0, pointers, headers);
}

static void report_alloc(struct arena *a, uint64_t addr, const struct object *o)
{
	if (!a->sink)
		return;
	struct event e = { .kind = EV_ALLOC, .map = a->map, .addr = addr, .size = o->size, .a = o->rounded, .b = o->role };
	a->sink->steps++;
	a->sink->event(a->sink, &e);
}

uint64_t arena_peek(struct arena *a, uint64_t size, bool pointers, bool headers)
{
	uint64_t header = has_malloc_header(size, pointers, headers) ? MALLOC_HEADER : 0;
	struct span *s = span_for(a, class_of(size + header), pointers, headers);
	return s ? s->start + span_take(s) * s->stride + header : 0;
}

uint64_t arena_alloc(struct arena *a, uint64_t size, bool pointers, bool headers, enum block_role role)
{
	if (size == 0)
		return ZEROBASE;
	uint64_t header = has_malloc_header(size, pointers, headers) ? MALLOC_HEADER : 0;
	bool large = size > (headers ? MAX_SMALL - MALLOC_HEADER : MAX_SMALL);
	struct span *s = large ? span_large(a, (size + PAGE_SIZE - 1) / PAGE_SIZE, pointers, headers)
			       : span_for(a, class_of(size + header), pointers, headers);
	if (!s)
		return 0;
	uint32_t i = large ? 0 : span_take(s);
	s->object[i] = (struct object){ .size = size, .rounded = s->stride, .map = a->map, .role = (uint8_t)role };
	s->live++;
	uint64_t addr = s->start + i * s->stride + header;
	report_alloc(a, addr, &s->object[i]);
	return addr;
}

static uint64_t object_address(const struct span *s, uint32_t i)
{
	return s->start + i * s->stride + (has_malloc_header(s->object[i].size, s->pointers, s->headers) ? MALLOC_HEADER : 0);
}

/* The span and object that contain addr.  false: no live object there. */
static bool object_find(const struct arena *a, uint64_t addr, struct span **ret_span, uint32_t *ret_i)
{
	if (addr < HEAP_BASE || addr - HEAP_BASE >= a->used)
		return false;
	struct span *s = a->page[(addr - HEAP_BASE) / PAGE_SIZE];
	uint64_t i = (addr - s->start) / s->stride;
	if (i >= s->objects || !s->object[i].size)
		return false;
	uint64_t at = object_address(s, (uint32_t)i);
	if (addr < at || addr >= at + s->object[i].size)
		return false;
	*ret_span = s;
	*ret_i = (uint32_t)i;
	return true;
}

static void object_block(const struct arena *a, const struct span *s, uint32_t i, struct block *ret)
{
	const struct object *o = &s->object[i];
	*ret = (struct block){ .addr = object_address(s, i), .size = o->size, .rounded = o->rounded,
		.role = (enum block_role)o->role, .map = o->map };
	ret->bytes = arena_host(a, ret->addr);
}

static void object_free(struct arena *a, struct span *s, uint32_t i)
{
	struct block b;
	object_block(a, s, i, &b);
	if (a->sink) {
		struct event e = { .kind = EV_FREE, .map = b.map, .addr = b.addr, .size = b.size, .a = b.rounded,
			.b = b.role };
		uint8_t *copy = NULL;
		if (b.size <= 8) {
			memcpy(&e.old.v, b.bytes, b.size);
		} else { /* the event is told after the deed */
			copy = malloc(b.size);
			if (!copy)
				abort();
			memcpy(copy, b.bytes, b.size);
			e.old.p = copy;
		}
		memset(arena_host(a, b.addr), 0, b.size);
		s->object[i] = (struct object){ 0 };
		a->sink->steps++;
		a->sink->event(a->sink, &e);
		free(copy);
	} else {
		memset(arena_host(a, b.addr), 0, b.size);
		s->object[i] = (struct object){ 0 };
	}
	s->live--;
	if (s->class == 0)
		a->free_large++;
	if (i < s->next)
		s->next = i;
}

void arena_free(struct arena *a, uint64_t addr)
{
	struct span *s;
	uint32_t i;
	if (object_find(a, addr, &s, &i))
		object_free(a, s, i);
}

/* ---- the collector ---- */

void arena_unmark_all(struct arena *a)
{
	for (size_t n = 0; n < a->spans; n++)
		for (uint32_t i = 0; i < a->span[n]->objects; i++)
			a->span[n]->object[i].marked = false;
}

bool arena_mark(struct arena *a, uint64_t addr, struct block *ret)
{
	struct span *s;
	uint32_t i;
	if (!object_find(a, addr, &s, &i) || s->object[i].marked)
		return false;
	s->object[i].marked = true;
	if (ret)
		object_block(a, s, i, ret);
	return true;
}

/* Spans with free objects are used again: the emptiest address first, as a swept mcentral list would give it. */
static void reuse_spans(struct arena *a)
{
	for (size_t n = a->spans; n-- > 0;) {
		struct span *s = a->span[n];
		if (s->class && s->live < s->objects)
			a->current[s->class * 4 + (s->pointers ? 2 : 0) + (s->headers ? 1 : 0)] = s;
	}
}

void arena_sweep(struct arena *a, uint64_t *ret_blocks, uint64_t *ret_bytes)
{
	uint64_t blocks = 0, bytes = 0;
	for (size_t n = 0; n < a->spans; n++) {
		struct span *s = a->span[n];
		for (uint32_t i = 0; i < s->objects; i++)
			if (s->object[i].size && !s->object[i].marked) {
				blocks++;
				bytes += s->object[i].size;
				object_free(a, s, i);
			}
	}
	reuse_spans(a);
	*ret_blocks = blocks;
	*ret_bytes = bytes;
}

/* ---- looking at it ---- */

static bool arena_read(const struct reader *r, uint64_t addr, void *out, size_t n)
{
	const struct arena *a = (const struct arena *)((const char *)r - offsetof(struct arena, reader));
	struct span *s;
	uint32_t i;
	if (n == 0)
		return true;
	if (!object_find(a, addr, &s, &i) || addr + n > object_address(s, i) + s->object[i].size)
		return false;
	memcpy(out, arena_host(a, addr), n);
	return true;
}

static bool arena_block(const struct reader *r, uint64_t addr, struct block *ret)
{
	const struct arena *a = (const struct arena *)((const char *)r - offsetof(struct arena, reader));
	struct span *s;
	uint32_t i;
	if (!object_find(a, addr, &s, &i) || object_address(s, i) != addr)
		return false;
	object_block(a, s, i, ret);
	return true;
}

/* cursor: the address from which on the next block is looked for. */
static bool arena_next(const struct memory *m, uint64_t *cursor, struct block *ret)
{
	const struct arena *a = (const struct arena *)((const char *)m - offsetof(struct arena, memory));
	uint64_t at = *cursor < HEAP_BASE ? HEAP_BASE : *cursor;
	while (at - HEAP_BASE < a->used) {
		struct span *s = a->page[(at - HEAP_BASE) / PAGE_SIZE];
		uint64_t i = (at - s->start + s->stride - 1) / s->stride;
		if (s->live)
			for (; i < s->objects; i++)
				if (s->object[i].size) {
					object_block(a, s, (uint32_t)i, ret);
					*cursor = s->start + (i + 1) * s->stride;
					return true;
				}
		at = s->start + s->pages * PAGE_SIZE;
	}
	return false;
}
