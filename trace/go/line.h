/* Cache lines: arithmetic on addresses, nothing else.
 *
 * A line is a power of two of bytes, LINE_LEAST to LINE_MOST; its number is the address divided by that.  64
 * is what amd64 and most arm64 machines have; 128 is Apple's and POWER's; 256 is s390x's; 32 was arm's.
 * Nothing here checks its arguments.
 */
#ifndef TRACE_LINE_H
#define TRACE_LINE_H

#include <stdbool.h>
#include <stdint.h>

enum { LINE_LEAST = 32, LINE_USUAL = 64, LINE_MOST = 256 };

static inline bool line_size_known(uint64_t line)
{
	return line >= LINE_LEAST && line <= LINE_MOST && (line & (line - 1)) == 0;
}
/* The first byte of the line that holds addr. */
static inline uint64_t line_start(uint64_t addr, uint32_t line)
{
	return addr & ~(uint64_t)(line - 1);
}
/* How many lines size bytes at addr lie in; 0 for no bytes. */
static inline uint64_t line_count(uint64_t addr, uint64_t size, uint32_t line)
{
	return size ? (addr + size - 1) / line - addr / line + 1 : 0;
}
/* Do they lie in more than one? */
static inline bool line_straddles(uint64_t addr, uint64_t size, uint32_t line)
{
	return line_count(addr, size, line) > 1;
}

#endif
