/* A thing in memory that is watched: a field, a slot, a bucket, a range of bytes.  Watched is memory, so a
 * bucket that is dropped by a growth stays the bucket it was.
 */
#ifndef UI_WATCH_H
#define UI_WATCH_H

#include "ui/find/scan.h"

enum { WATCH_PARTS = 3, WATCH_NAME = 64 };

struct watch {
	int parts; /* 0: nothing is watched */
	struct {
		uint64_t addr, size;
	} part[WATCH_PARTS];
	char name[WATCH_NAME]; /* as people write it: "count", "3.0:2", "c0000040d2+8" */
};

/* size bytes at addr; name NULL: made from them. */
void watch_range(struct watch *w, uint64_t addr, uint64_t size, const char *name);
/* Does an event change it? */
bool watch_changed(const struct watch *w, const struct event *e);
/* Is one of size bytes at addr watched? */
bool watch_has(const struct watch *w, uint64_t addr, uint64_t size);
/* What to scan for; w is borrowed. */
struct scan_query watch_query(const struct watch *w);

#endif
