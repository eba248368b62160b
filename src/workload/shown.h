/* A value of a workload as the tables of a trace show it: slot.key, slot.elem, operation.key. */
#ifndef SRC_SHOWN_H
#define SRC_SHOWN_H

#include "src/engine/hash.h"
#include "trace/go/type.h"

enum { SHOWN_VALUE = 1100 }; /* more than any value takes */

/* Writes v, of type t, into out; boxed: it is stored in an `any`, as in a sync.Map.  false: that is word,
 * what the workload wrote, and out is untouched or the same. */
bool shown_value(const struct go_type *t, const struct go_value *v, bool boxed, const char *word,
	char out[SHOWN_VALUE]);

#endif
