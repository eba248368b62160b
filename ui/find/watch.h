/* A thing in memory that is watched: a field, a slot, a bucket, a range of bytes.  Watched is memory, so a bucket that is
 * dropped by a growth stays the bucket it was.
 */
#ifndef UI_WATCH_H
#define UI_WATCH_H

#include "ui/find/scan.h"
#include "ui/scene/scene.h"

enum { WATCH_PARTS = 3, WATCH_NAME = 64 };

struct watch {
	int parts;                   /* 0: nothing is watched */
	struct { uint64_t addr, size; } part[WATCH_PARTS];
	char name[WATCH_NAME];       /* as people write it: "count", "3.0:2", "c0000040d2+8" */
};

/* size bytes at addr; name NULL: made from them. */
void watch_range(struct watch *w, uint64_t addr, uint64_t size, const char *name);
/* A slot of a bucket (its tophash, key and elem), or with slot -1 all of it. */
void watch_bucket(struct watch *w, const struct scene *s, const struct bucket_view *b, int slot);
/* Field of the scene's hmap.  false: there is none of that name, or no map. */
bool watch_field(struct watch *w, const struct scene *s, const char *name);
/* What people type: a field, [old ]BUCKET[.DEPTH][:SLOT], ADDR[+SIZE].  false: error says why. */
bool watch_parse(struct watch *w, const struct scene *s, const char *text, char *error, size_t cap);
/* Does an event change it? */
bool watch_changed(const struct watch *w, const struct event *e);
/* Is one of size bytes at addr watched? */
bool watch_has(const struct watch *w, uint64_t addr, uint64_t size);
/* What to scan for; w is borrowed. */
struct scan_query watch_query(const struct watch *w);

#endif
