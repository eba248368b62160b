/* Bytes that stay where they are and are freed together: those of a workload, the texts of a recording. */
#ifndef TRACE_POOL_H
#define TRACE_POOL_H

#include <stddef.h>

/* All zero: empty. */
struct pool {
	struct pool_block *blocks;
};
/* n bytes, not set, aligned to 16; owned by the pool.  Without memory the program ends (see memory.h). */
void *pool_alloc(struct pool *p, size_t n);
void pool_release(struct pool *p);

#endif
