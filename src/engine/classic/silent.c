/* The engine that emits nothing and looks at eight tophash bytes at once; see engine.inc. */
#include "src/engine/classic/private.h"
#include "src/engine/random.h"

#include <stdlib.h>

#define RECORD 0
#define ENGINE classic_silent
#include "src/engine/classic/engine.inc"
