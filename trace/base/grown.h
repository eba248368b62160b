/* Arrays that grow. */
#ifndef TRACE_GROWN_H
#define TRACE_GROWN_H

#include "trace/base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Room for item number count (from 0) of an array of *cap items of item bytes: p, or where it has moved; what
 * is new is zero.  Without memory the program ends (see memory.h). */
static inline void *grown(void *p, size_t *cap, size_t count, size_t item)
{
	if (count < *cap)
		return p;
	size_t now = *cap ? *cap : 8;
	do {
		if (now > SIZE_MAX / 2 / item)
			memory_out();
		now *= 2;
	} while (now <= count);
	p = memory_resize(p, now * item);
	memset((char *)p + *cap * item, 0, (now - *cap) * item);
	*cap = now;
	return p;
}

#endif
