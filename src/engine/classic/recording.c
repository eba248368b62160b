/* The engine that emits every step; see engine.inc. */
#include "src/engine/classic/private.h"
#include "src/engine/random.h"

#include <stdlib.h>

#define RECORD 1
#define ENGINE classic_recording
#include "src/engine/classic/engine.inc"
