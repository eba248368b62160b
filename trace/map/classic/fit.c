/* Buckets on cache lines; see fit.h. */
#include "trace/map/classic/fit.h"

struct bucket_fit bucket_fit(const struct map_type *t, uint64_t addr, uint32_t line)
{
	struct bucket_fit f = { .lines = (unsigned)line_count(addr, t->bucketsize, line) };
	for (unsigned i = 0; i < SLOTS; i++) {
		f.keys |=
			(uint8_t)(line_straddles(addr + t->keys + (uint64_t)i * t->keysize, t->keysize, line)
				<< i);
		f.elems |= (uint8_t)(line_straddles(
					     addr + t->elems + (uint64_t)i * t->elemsize, t->elemsize, line)
			<< i);
	}
	return f;
}
