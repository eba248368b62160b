/* The data of a Go program beside its heap, as far as the values of an `any` lie there.
 *
 * Go's compiler and runtime make no box for a value that they have in memory already: one of a single byte,
 * a number whose bits are below 256 (runtime.staticuint64s), an empty text (runtime.zeroVal), a value of no
 * bytes (runtime.zerobase).  No trace has these bytes, since they never change: whoever reads memory reads
 * them here.
 *
 * Facts: runtime/iface.go, cmd/compile/internal/walk/convert.go of Go 1.19.8, 1.22.12 and 1.23.5.
 */
#ifndef TRACE_DATA_H
#define TRACE_DATA_H

#include "trace/go/type.h"

/* Where they are in a real program depends on what else is in it; these are in no heap. */
#define GO_STATIC_WORDS UINT64_C(0x559800) /* runtime.staticuint64s: 0 to 255 */
#define GO_ZEROBASE UINT64_C(0x55a0c0)     /* where everything of no bytes is */
#define GO_ZERO_VALUE UINT64_C(0x55a400)   /* runtime.zeroVal: 1024 bytes */

/* Where a value of len bytes lies without a box; a string's are its text.  0: it needs a box. */
uint64_t go_data_value(enum go_kind kind, const uint8_t *value, uint64_t len);
/* The n bytes at an address.  NULL: they are not all in this data. */
const uint8_t *go_data_bytes(uint64_t address, uint64_t n);

#endif
