/* mapscope's allocator, asked what tests/engine/realmap/heap.go asks Go's: the same sizes in the same order,
 *the same words.
 *
 *	heap_driver RELEASE      1.19, 1.22, ...
 */
#include "src/memory/arena.h"
#include "trace/go/release.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MOST_SIZE = 70000, TINY_OBJECTS = 4000, REUSED = 100, MOST_SPANS = 256 };

static bool headers; /* the release has malloc headers */

static uint32_t draw(uint32_t *state, uint32_t below)
{
	*state = *state * 1664525 + 1013904223;
	return (*state >> 8) % below;
}

static uint64_t noscan(struct arena *a, uint64_t size)
{
	return arena_alloc(a, size, false, headers, ROLE_ELEM);
}

static void print_place(const struct arena *a, uint64_t size, bool pointers, uint64_t addr)
{
	const struct mspan *s = heap_span(&a->heap, addr);
	uint64_t align = 1, index = (addr - s->start) / s->stride;
	while (align < 64 && s->stride % (align * 2) == 0)
		align *= 2;
	printf("%" PRIu64 " %s class=%u given=%" PRIu64 " pages=%" PRIu64 " objects=%u header=%" PRIu64
	       " mod=%" PRIu64 "\n",
		size, pointers ? "scan" : "noscan", s->spanclass, s->stride, s->pages, s->objects,
		addr - s->start - index * s->stride, addr % align);
}

static void sizes(struct arena *a)
{
	for (uint64_t size = 1; size <= MOST_SIZE; size++) {
		if (size % 8 != 0 && size > 1100 && size % 97 != 0)
			continue;
		if (size >= TINY_SIZE)
			print_place(a, size, false, noscan(a, size));
		if (size % 8 == 0)
			print_place(a, size, true, arena_alloc(a, size, true, headers, ROLE_ELEM));
	}
}

/* The number of base among those seen so far, in the order in which they came. */
static unsigned number_of(uint64_t *seen, unsigned *n, uint64_t base)
{
	unsigned i = 0;
	while (i < *n && seen[i] != base)
		i++;
	if (i == *n)
		seen[(*n)++] = base;
	return i;
}

static void tiny(struct arena *a)
{
	static uint64_t seen[TINY_OBJECTS];
	unsigned count = 0;
	uint32_t state = 0;
	for (unsigned i = 0; i < TINY_OBJECTS; i++) {
		uint64_t size = draw(&state, 16) + 1, at = noscan(a, size);
		printf("tiny %" PRIu64 ": block %u offset %u\n", size, number_of(seen, &count, at / 16),
			(unsigned)(at % 16));
	}
}

/* Prints and returns which object of its span addr is. */
static unsigned print_object(
	const struct arena *a, uint64_t size, uint64_t addr, uint64_t *seen, unsigned *spans)
{
	const struct mspan *s = heap_span(&a->heap, addr);
	unsigned object = (unsigned)((addr - s->start) / s->stride);
	printf("reuse %" PRIu64 ": span %u object %u\n", size, number_of(seen, spans, s->start), object);
	return object;
}

static void reuse(struct arena *a, uint64_t size)
{
	uint64_t at[REUSED], seen[MOST_SPANS], blocks, bytes;
	unsigned spans = 0, dropped = 0;
	uint32_t state = 0;
	for (int i = 0; i < REUSED; i++)
		at[i] = noscan(a, size);
	arena_mark_begin(a);
	for (int i = 0; i < REUSED; i++) {
		unsigned object = print_object(a, size, at[i], seen, &spans);
		if (draw(&state, 2) == 0 && object > 0)
			dropped++;
		else
			arena_mark(a, at[i], NULL);
	}
	arena_sweep(a, &blocks, &bytes);
	printf("reuse %" PRIu64 ": the collector has run\n", size);
	while (dropped-- > 0)
		print_object(a, size, noscan(a, size), seen, &spans);
}

int main(int argc, char **argv)
{
	static const uint64_t reused[] = { 2688, 5376, 6528, 9472, 13568, 19072, 27264 };
	const struct release *r = argc == 2 ? release_find(argv[1]) : NULL;
	struct arena a;
	if (!r) {
		fprintf(stderr, "heap_driver: want a release\n");
		return 2;
	}
	headers = r->malloc_headers;
	if (!arena_init(&a, NULL))
		return 99;
	tiny(&a);
	for (unsigned i = 0; i < sizeof reused / sizeof *reused; i++)
		reuse(&a, reused[i]);
	sizes(&a);
	arena_release(&a);
	return 0;
}
