/* A stream of events made up for tests of the trace file: consistent (every write fits the memory, every free
 * gives the bytes), but of all kinds and with extreme numbers, which no engine would make.
 */
#ifndef TESTS_SYNTH_H
#define TESTS_SYNTH_H

#include "trace/record/image.h"
#include "trace/record/sink.h"

enum { SYNTH_SLOTS = 64 };

struct synth_slot {
	uint64_t addr, room; /* where a block may lie, and how large it may be */
	struct block block;  /* size 0: none */
	uint8_t *bytes;
};

struct synth {
	struct memory memory; /* first */
	struct sink *sink;
	uint64_t random, ops;
	unsigned maps;
	struct synth_slot slot[SYNTH_SLOTS];
	uint64_t growing; /* growths begun and not ended */
};

void synth_init(struct synth *y, struct sink *sink, uint64_t seed);
void synth_release(struct synth *y);
uint64_t synth_random(struct synth *y);
/* Makes operations until the sink has so many steps, or failed. */
void synth_run(struct synth *y, uint64_t steps);
/* Is the image the generator's memory? */
bool synth_equals(const struct synth *y, const struct image *m);

#endif
