/* The memory of a recording at one step: bytes at Go addresses, rebuilt from facts.
 *
 * A trace may come from anybody, so nothing in it is trusted: a fact that does not fit what is there (a write
 * outside a block, a block over another, other old bytes than those that stand there) is refused and leaves
 * the image as it was.  Dead memory reads as zero and takes no host memory.
 */
#ifndef TRACE_IMAGE_H
#define TRACE_IMAGE_H

#include "trace/record/event.h"
#include "trace/record/sink.h"

struct image;

/* What can be asked of memory, whether it is an engine's arena, an image, or later a live process. */
struct reader {
	/* Copies n bytes at addr to out.  false: not all of them are live. */
	bool (*read)(const struct reader *r, uint64_t addr, void *out, size_t n);
	/* The live block that starts at addr.  false: none.  ret->bytes is not set. */
	bool (*block)(const struct reader *r, uint64_t addr, struct block *ret);
};

/* Without memory the program ends (see trace/base/memory.h). */
struct image *image_new(void);
void image_free(struct image *m);
/* Forgets all memory. */
void image_clear(struct image *m);
/* Carries out a fact, or takes it back; other kinds do nothing.  false: it does not fit, and image_error says
 * why. */
bool image_apply(struct image *m, const struct event *e);
bool image_undo(struct image *m, const struct event *e);
/* Adds a block with its bytes (b->bytes NULL: zeros), as a keyframe does. */
bool image_add(struct image *m, const struct block *b);
/* The same with bytes that fill gives piece by piece, in order, n at a time, straight into the page; false
 * from it means that there are none left, and the block is not added. */
typedef bool (*image_fill)(void *context, uint8_t *out, size_t n);
bool image_add_from(struct image *m, const struct block *b, image_fill fill, void *context);
const char *image_error(const struct image *m);
/* Reads; see struct reader. */
bool image_read(const struct image *m, uint64_t addr, void *out, size_t n);
/* The image as a reader; owned by the image. */
const struct reader *image_reader(const struct image *m);
/* Blocks in no particular order: cursor starts at 0; ret->bytes is not set.  false: no more. */
bool image_next(const struct image *m, uint64_t *cursor, struct block *ret);
/* The live block that contains addr, by walking all of them.  false: none. */
bool image_find(const struct image *m, uint64_t addr, struct block *ret);
uint64_t image_live_bytes(const struct image *m);
/* A number that depends on every live block and byte: equal images have equal sums. */
uint64_t image_sum(const struct image *m);

#endif
