/* An object in memory whose bytes are looked at one by one: the group in focus, or a struct that the map
 * consists of.  What each byte is the map's kind says (trace/map/kind.h).
 */
#ifndef UI_OBJECT_H
#define UI_OBJECT_H

#include "ui/scene/scene.h"
#include "ui/grid/grid.h"

/* The number of an object: the group in focus, the map's header, from OBJECT_HEADER + 1 on what else its kind
 * has. */
enum { OBJECT_GROUP, OBJECT_HEADER };

struct object_view {
	bool ok;
	unsigned number;
	const char *name; /* of a struct, "hmap" */
	uint64_t addr;
	uint32_t size;
	uint64_t lo, hi; /* the block it is part of */
	uint32_t line;   /* bytes of a cache line: 64, until somebody sets it */
	uint8_t bytes[GROUP_MAX], was[GROUP_MAX];
	bool compare;
	const struct scene_group *group; /* OBJECT_GROUP */
	const struct field *fields;      /* the others */
};

/* The smallest part with a name of its own that a byte belongs to, and the field whose part it is. */
struct item {
	uint32_t start, size;       /* of the part: a tophash, a word of a string */
	uint32_t field, field_size; /* of the whole: a key */
	style style;
	int slot;      /* -1: none */
	char name[40]; /* "key 2 len" */
};

void object_make(struct object_view *o, const struct scene *s, unsigned number);
/* The i-th struct that the map consists of, without a map of one of the first kind that is not there.  false:
 * there are no more. */
bool object_nth(const struct scene *s, unsigned i, struct map_object *ret);
struct item object_item(const struct object_view *o, const struct scene *s, uint32_t offset);
/* "old 3.1, overflow bucket" */
void object_title(const struct object_view *o, const struct scene *s, char *out, size_t cap);
/* Where it lies: class, cache lines, what straddles. */
void object_words(const struct object_view *o, const struct scene *s, char *out, size_t cap);
/* What the byte at offset says. */
void object_byte_words(
	const struct object_view *o, const struct scene *s, uint32_t offset, char *out, size_t cap);
#endif
