/* sync.Map as a kind of map; see trace/map/kind.h. */
#include "trace/map/kind.h"
#include "trace/map/sync/sync.h"

static uint64_t part(const struct map_info *whole, const struct reader *r, unsigned k)
{
	struct sync_view v;
	if (!sync_read(r, whole->go, whole->hmap, &v))
		return 0;
	return k == 0 ? v.read : v.dirty;
}

const struct map_kind_ops map_kind_sync = { .name = "sync", .parts = 2, .part = part };
