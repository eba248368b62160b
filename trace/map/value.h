/* Values of Go's types as text. */
#ifndef TRACE_MAP_VALUE_H
#define TRACE_MAP_VALUE_H

#include "trace/map/kind.h"

/* How a value is written.  EXACT: as `mapscope layout` (raw hex, LEN:"TEXT", TYPE:VALUE).  HUMAN: as Go would
 * print it (15, kiwi, 2.5, [7 0 0]); control bytes, invalid UTF-8 and bidi marks escaped; strings without
 * quotes. */
enum value_style { VALUE_EXACT, VALUE_HUMAN, VALUE_GOT /* EXACT, but over 128 bytes without `*` */ };

/* The key or elem of a slot.  raw is what stands in the slot (8 bytes when indirect, else the type's size).
 * Writes at most cap bytes to out, terminated; returns the length that was needed. */
size_t slot_value_print(const struct reader *r, const struct go_type *type, bool indirect, const uint8_t *raw,
	enum value_style style, char *out, size_t cap);
/* The same where it stands; 0: it cannot be read. */
size_t map_value_print(
	const struct reader *r, const struct map_value *v, enum value_style style, char *out, size_t cap);
/* A value of a type that stands at addr (0: the zero value). */
size_t value_print(const struct reader *r, const struct go_type *type, uint64_t addr, enum value_style style,
	char *out, size_t cap);

#endif
