/* A map's own stream of random numbers: splitmix64, which starts at the map's seed.  Everything that Go draws
 * at random for a map comes from it, so a workload gives the same memory every time. */
#ifndef SRC_RANDOM_H
#define SRC_RANDOM_H

#include <stdint.h>

static inline uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

#endif
