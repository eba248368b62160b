/* The write barrier of whole buckets that are cleared; see src/engine/engine.h for that of one pointer. */
#include "src/engine/classic/private.h"

void classic_barrier_buckets(struct classic_map *m, uint64_t array, uint64_t size)
{
	const struct map_type *t = &m->type;
	unsigned at;
	for (uint64_t b = array; b + t->bucketsize <= array + size; b += t->bucketsize) {
		for (unsigned i = 0; i < SLOTS; i++)
			if (value_pointer(&t->key, t->indirect_key, &at))
				map_barrier(&m->map, b + t->keys + i * t->keysize + at, 0, true);
		for (unsigned i = 0; i < SLOTS; i++)
			if (value_pointer(&t->elem, t->indirect_elem, &at))
				map_barrier(&m->map, b + t->elems + i * t->elemsize + at, 0, true);
		map_barrier(&m->map, b + t->overflow, 0, true);
	}
}
