/* A slot that people have asked to look at: which of the map's arrays, which group of it, how far along its
 * chain, which slot.  Numbers of arrays are those of the kind of map. */
#ifndef UI_HOLD_H
#define UI_HOLD_H

#include <stdbool.h>
#include <stdint.h>

struct hold {
	bool held;
	unsigned array;
	uint64_t index;
	unsigned depth;
	int slot;
};

#endif
