/* The classic map as a kind of map; see trace/map/kind.h. */
#include "trace/map/kind.h"

const struct map_kind_ops map_kind_classic = { .name = "classic" };
