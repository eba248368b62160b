/* The releases of Go whose maps are known: the only place where they differ.
 *
 * 1.19, 1.22 and 1.23 are compared with real toolchains: byte for byte (tests/engine/compare.sh), and in what
 * they allocate (allocations.sh).  1.18, 1.20 and 1.21 follow from reading what the sources of the map and of
 * sync.Map have changed; none of them was run.
 */
#ifndef TRACE_RELEASE_H
#define TRACE_RELEASE_H

#include <stdbool.h>
#include <stdint.h>

struct release {
	const char *name;       /* "1.23" */
	bool proved;            /* compared with a real toolchain */
	uint8_t load_numerator; /* a growth starts when count > load_numerator * (2^B / 2) */
	bool hash_constants;  /* the portable hash mixes constants with hashkey[0]; else hashkey[0..3] only */
	bool clear_marks;     /* clear first writes emptyRest into every tophash, old array and chains too */
	bool barrier_batches; /* stores next to each other share a write barrier: its calls come before all of
				 them */
	bool malloc_headers;  /* 8 bytes before pointerful objects of over 512 bytes */
	bool nan_32_bits;     /* a NaN's random hash has 32 bits */
	bool sync_value;      /* sync.Map.read is an atomic.Value, two words; later an atomic.Pointer */
	bool range_allocates; /* sync.Map.Range has its readOnly on the heap, whether it promotes or not
				 (golang/go#62404) */
	bool empty_lookup_hashes; /* a lookup in an empty map of `any` keys hashes the key, to panic if it
				     must; later releases check the type only */
};

enum { RELEASES = 6 };
extern const struct release releases[RELEASES]; /* oldest first */
/* The release named "1.23", or NULL. */
const struct release *release_find(const char *name);
const struct release *release_default(void);
/* Is r the release named, or a later one? */
bool release_since(const struct release *r, const char *name);

#endif
