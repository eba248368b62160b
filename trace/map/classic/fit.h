/* How a bucket lies on cache lines: pure arithmetic on its type, its address and the size of a line.
 *
 * A bucket is 8 tophash bytes, 8 keys, 8 elems and a pointer, so the key and the elem of a slot are hardly
 * ever in one line.  A slot straddles when its key, or its elem, itself lies in two lines: then reading that
 * one value can miss twice.
 */
#ifndef TRACE_FIT_H
#define TRACE_FIT_H

#include "trace/go/line.h"
#include "trace/map/classic/type.h"

struct bucket_fit {
	unsigned lines;      /* that the bucket has bytes in */
	uint8_t keys, elems; /* bit i: the key, the elem of slot i straddles */
};
struct bucket_fit bucket_fit(const struct map_type *t, uint64_t addr, uint32_t line);

#endif
