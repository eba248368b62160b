/* Go's size classes: which sizes the allocator gives.
 *
 * Facts: runtime/sizeclasses.go and msize.go of Go 1.19, 1.22 and 1.23 (the table is the same in 1.18
 * to 1.23).
 */
#ifndef TRACE_SIZECLASS_H
#define TRACE_SIZECLASS_H

#include <stdbool.h>
#include <stdint.h>

enum { SIZE_CLASSES = 68, PAGE_SIZE = 8192, MAX_SMALL = 32768, MALLOC_HEADER = 8, HEADER_OVER = 512 };

extern const uint16_t class_size[SIZE_CLASSES]; /* bytes an object of the class takes; [0] is unused */
extern const uint8_t class_pages[SIZE_CLASSES]; /* pages of its spans */

/* The smallest class with objects of at least size bytes; 0 when size is over MAX_SMALL. */
unsigned class_of(uint64_t size);
/* Go puts a header of 8 bytes before the object (1.22 on: pointers, and over 512 bytes but not a large
 * object). */
bool has_malloc_header(uint64_t size, bool pointers, bool headers);
/* runtime.roundupsize: how many bytes may be used when size are asked for; headers: the release has malloc
 * headers. */
uint64_t round_up_size(uint64_t size, bool pointers, bool headers);

#endif
