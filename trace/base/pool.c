/* Bytes that are freed together; see pool.h. */
#include "trace/base/pool.h"

#include "trace/base/memory.h"

#include <stdint.h>
#include <stdlib.h>

struct pool_block {
	struct pool_block *next;
	size_t used, size;
	_Alignas(16) uint8_t bytes[];
};

void *pool_alloc(struct pool *p, size_t n)
{
	n = (n + 15) & ~(size_t)15;
	if (!p->blocks || p->blocks->size - p->blocks->used < n) {
		size_t size = n > 65536 ? n : 65536;
		struct pool_block *b = memory_need(malloc(sizeof *b + size));
		*b = (struct pool_block){ .next = p->blocks, .size = size };
		p->blocks = b;
	}
	void *at = p->blocks->bytes + p->blocks->used;
	p->blocks->used += n;
	return at;
}

void pool_release(struct pool *p)
{
	while (p->blocks) {
		struct pool_block *b = p->blocks;
		p->blocks = b->next;
		free(b);
	}
}
