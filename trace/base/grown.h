/* Arrays that grow. */
#ifndef SRC_GROWN_H
#define SRC_GROWN_H

#include <stdlib.h>
#include <string.h>

/* Room for item number count (from 0) of an array of *cap items of item bytes: p, or where it has moved; what is new is
 * zero.  Without memory the program ends. */
static inline void *grown(void *p, size_t *cap, size_t count, size_t item)
{
	if (count < *cap)
		return p;
	size_t now = *cap ? *cap * 2 : 16;
	while (now <= count)
		now *= 2;
	p = realloc(p, now * item);
	if (!p)
		abort();
	memset((char *)p + *cap * item, 0, (now - *cap) * item);
	*cap = now;
	return p;
}

#endif
