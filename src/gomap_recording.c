/* The engine that tells every step; see gomap_engine.inc. */
#include "gomap_private.h"
#include "random.h"

#include <stdlib.h>

#define RECORD 1
#define ENGINE gomap_recording
#include "gomap_engine.inc"
