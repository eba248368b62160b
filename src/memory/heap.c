/* Pages, spans, mcentral and mcache; see heap.h. */
#include "src/memory/heap.h"

#include "src/memory/arena.h"
#include "trace/base/grown.h"

void heap_init(struct heap *h, uint64_t bytes)
{
	*h = (struct heap){ .limit = bytes / PAGE_SIZE };
}

static void span_dispose(struct mspan *s)
{
	free(s->object);
	free(s->tiny);
	free(s);
}

void heap_release(struct heap *h)
{
	for (uint64_t p = 0; p < h->used;) {
		struct mspan *s = h->page[p];
		p += s ? s->pages : 1;
		if (s)
			span_dispose(s);
	}
	free(h->page);
	for (int kind = 0; kind < 2; kind++)
		for (int c = 0; c < SPAN_CLASSES; c++) {
			free(h->mcentral[kind][c].partial.item);
			free(h->mcentral[kind][c].full.item);
		}
	free(h->stacks.item);
	*h = (struct heap){ 0 };
}

static void push(struct span_list *l, struct mspan *s)
{
	l->item = grown(l->item, &l->cap, l->count, sizeof *l->item);
	l->item[l->count++] = s;
}

/* ---- pages ---- */

/* The first run of free pages; it may end beyond those ever used. */
static uint64_t pages_find(const struct heap *h, uint64_t pages)
{
	uint64_t from = h->search;
	for (uint64_t p = from; p < h->used;) {
		struct mspan *s = h->page[p];
		if (s) {
			p = (s->start - HEAP_BASE) / PAGE_SIZE + s->pages;
			from = p;
		} else if (++p - from == pages) {
			break;
		}
	}
	return from;
}

/* Objects in a span: since 1.22 a span of small pointerful objects ends with its own heap bitmap, a bit a
 * word. */
static uint32_t span_objects(uint64_t pages, uint8_t spanclass, bool headers)
{
	uint64_t bytes = pages * PAGE_SIZE, size = class_size[spanclass / 2];
	if (headers && !(spanclass & 1) && size <= HEADER_OVER)
		bytes -= bytes / 64;
	return (uint32_t)(bytes / size);
}

struct mspan *heap_span_new(struct heap *h, uint64_t pages, uint8_t spanclass, bool headers)
{
	uint64_t first = pages_find(h, pages);
	if (first + pages > h->limit)
		return NULL;
	struct mspan *s = memory_get(sizeof *s);
	*s = (struct mspan){ .start = HEAP_BASE + first * PAGE_SIZE,
		.pages = pages,
		.spanclass = spanclass,
		.headers = headers };
	bool stack = spanclass == SPAN_STACK, large = spanclass < 2;
	s->stride = stack ? STACK_WORD : large ? pages * PAGE_SIZE : class_size[spanclass / 2];
	s->objects = stack ? (uint32_t)(pages * PAGE_SIZE / STACK_WORD)
		: large    ? 1
			   : span_objects(pages, spanclass, headers);
	s->object = memory_array(s->objects, sizeof *s->object);
	if (spanclass == TINY_CLASS)
		s->tiny = memory_array(s->objects, sizeof *s->tiny);
	h->page = grown(h->page, &h->pages_cap, first + pages, sizeof *h->page);
	for (uint64_t i = 0; i < pages; i++)
		h->page[first + i] = s;
	if (first + pages > h->used)
		h->used = first + pages;
	if (first == h->search)
		h->search = first + pages;
	if (stack)
		push(&h->stacks, s);
	else if (large)
		push(&h->mcentral[headers][spanclass].full, s);
	return s;
}

void heap_span_free(struct heap *h, struct mspan *s)
{
	uint64_t first = (s->start - HEAP_BASE) / PAGE_SIZE;
	for (uint64_t i = 0; i < s->pages; i++)
		h->page[first + i] = NULL;
	if (first < h->search)
		h->search = first;
	span_dispose(s);
}

struct mspan *heap_span(const struct heap *h, uint64_t addr)
{
	uint64_t page = (addr - HEAP_BASE) / PAGE_SIZE;
	return addr >= HEAP_BASE && page < h->used ? h->page[page] : NULL;
}

/* ---- objects ---- */

uint32_t mspan_next(struct mspan *s)
{
	while (s->next < s->objects && s->object[s->next].size)
		s->next++;
	return s->next;
}

bool mspan_is_stack(const struct mspan *s)
{
	return s->spanclass == SPAN_STACK;
}

uint64_t mspan_address(const struct mspan *s, uint32_t i)
{
	bool header = !mspan_is_stack(s) &&
		has_malloc_header(s->object[i].size, !(s->spanclass & 1), s->headers);
	return s->start + i * s->stride + (header ? MALLOC_HEADER : 0);
}

bool mspan_object(const struct mspan *s, uint64_t addr, uint32_t *ret_i, unsigned *ret_piece)
{
	uint64_t i = (addr - s->start) / s->stride;
	*ret_piece = 0;
	if (i >= s->objects)
		return false;
	if (mspan_is_stack(s)) /* a frame's variable takes several words */
		while (i > 0 && !s->object[i].size)
			i--;
	if (!s->object[i].size)
		return false;
	*ret_i = (uint32_t)i;
	if (s->tiny) {
		unsigned at = (unsigned)(addr - s->start - i * s->stride), from = at;
		while (from > 0 && !s->tiny[i].size[from])
			from--;
		*ret_piece = from;
		return s->tiny[i].size[from] && at < from + s->tiny[i].size[from];
	}
	uint64_t at = mspan_address(s, (uint32_t)i);
	return addr >= at && addr < at + s->object[i].size;
}

/* ---- mcache and mcentral ---- */

struct mspan *heap_cached(const struct heap *h, uint8_t spanclass, bool headers)
{
	struct mspan *s = h->mcache[headers][spanclass];
	return s && mspan_next(s) < s->objects ? s : NULL;
}

struct mspan *heap_refill(struct heap *h, uint8_t spanclass, bool headers, enum span_source *ret_source)
{
	struct mspan **cached = &h->mcache[headers][spanclass];
	struct span_list *partial = &h->mcentral[headers][spanclass].partial;
	if (*cached) {
		(*cached)->cached = false;
		push(&h->mcentral[headers][spanclass].full, *cached);
	}
	*ret_source = partial->count > 0 ? SPAN_MCENTRAL : SPAN_MHEAP;
	*cached = partial->count > 0 ? partial->item[--partial->count]
				     : heap_span_new(h, class_pages[spanclass / 2], spanclass, headers);
	if (*cached)
		(*cached)->cached = true;
	return *cached;
}

uint64_t heap_peek(const struct heap *h, uint8_t spanclass, bool headers)
{
	struct mspan *s = heap_cached(h, spanclass, headers);
	const struct span_list *partial = &h->mcentral[headers][spanclass].partial;
	if (!s && partial->count > 0)
		s = partial->item[partial->count - 1];
	if (s)
		return s->start + mspan_next(s) * s->stride;
	return heap_peek_pages(h, class_pages[spanclass / 2]);
}

uint64_t heap_peek_pages(const struct heap *h, uint64_t pages)
{
	return HEAP_BASE + pages_find(h, pages) * PAGE_SIZE;
}

/* ---- sweeping ---- */

static void take_all(struct span_list *from, struct span_list *to)
{
	while (from->count > 0)
		push(to, from->item[--from->count]);
}

struct span_list heap_sweep_begin(struct heap *h)
{
	struct span_list all = { 0 };
	h->tiny = h->tiny_used = 0;
	for (int c = 0; c < SPAN_CLASSES; c++)
		for (int kind = 0; kind < 2; kind++) {
			take_all(&h->mcentral[kind][c].full, &all);
			take_all(&h->mcentral[kind][c].partial, &all);
		}
	for (int c = 0; c < SPAN_CLASSES; c++)
		for (int kind = 0; kind < 2; kind++)
			if (h->mcache[kind][c]) {
				h->mcache[kind][c]->cached = false;
				push(&all, h->mcache[kind][c]);
				h->mcache[kind][c] = NULL;
			}
	return all;
}

bool heap_swept(struct heap *h, struct mspan *s)
{
	bool partial = s->live < s->objects;
	s->next = 0; /* freeindex: the sweeper gives the mark bits as the new allocation bits */
	push(partial ? &h->mcentral[s->headers][s->spanclass].partial
		     : &h->mcentral[s->headers][s->spanclass].full,
		s);
	return partial;
}
