/* The kind of a map: how its memory is read.  A kind is a row of kinds.def and a folder trace/map/NAME.
 *
 * Nothing that is shared includes the header of a kind or asks which one a map has: it asks map_kinds[info->kind].
 * Nothing here trusts what it reads.
 */
#ifndef TRACE_MAP_KIND_H
#define TRACE_MAP_KIND_H

#include "trace/record/image.h"

enum map_kind {
#define MAP_KIND(NAME, name) MAP_##NAME,
#include "trace/map/kinds.def"
#undef MAP_KIND
	MAP_KINDS
};

struct map_kind_ops {
	const char *name;
	/* How many maps such a map is made of, which follow it in the recording: their number is 1, 2, ... more than its
	 * own.  part gives the header address that the k-th of them (from 0) has now, 0: nil or not readable. */
	unsigned parts;
	uint64_t (*part)(const struct map_info *whole, const struct reader *r, unsigned k);
};
extern const struct map_kind_ops *const map_kinds[MAP_KINDS];

/* The kind with a name.  false: none, *ret is untouched. */
bool map_kind_find(const char *name, enum map_kind *ret);
/* Which part of another map m is: 1, 2, ..., 0: none. */
static inline unsigned map_part(const struct map_info *m)
{
	return m->part_of ? m->map - m->part_of : 0;
}
/* Where the header of a map is now; 0: nil.  maps[i].map == i + 1, and number is one of them. */
uint64_t map_header(const struct map_info *maps, unsigned number, const struct reader *r);

#endif
