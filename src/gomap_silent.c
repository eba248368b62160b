/* The engine that tells nothing and looks at eight tophash bytes at once; see gomap_engine.inc. */
#include "gomap_private.h"
#include "random.h"

#include <stdlib.h>

#define RECORD 0
#define ENGINE gomap_silent
#include "gomap_engine.inc"
