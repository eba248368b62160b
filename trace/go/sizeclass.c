/* Go's size classes; see sizeclass.h. */
#include "trace/go/sizeclass.h"

const uint16_t class_size[SIZE_CLASSES] = {
	0,
	8,
	16,
	24,
	32,
	48,
	64,
	80,
	96,
	112,
	128,
	144,
	160,
	176,
	192,
	208,
	224,
	240,
	256,
	288,
	320,
	352,
	384,
	416,
	448,
	480,
	512,
	576,
	640,
	704,
	768,
	896,
	1024,
	1152,
	1280,
	1408,
	1536,
	1792,
	2048,
	2304,
	2688,
	3072,
	3200,
	3456,
	4096,
	4864,
	5376,
	6144,
	6528,
	6784,
	6912,
	8192,
	9472,
	9728,
	10240,
	10880,
	12288,
	13568,
	14336,
	16384,
	18432,
	19072,
	20480,
	21760,
	24576,
	27264,
	28672,
	32768,
};

const uint8_t class_pages[SIZE_CLASSES] = {
	0,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	1,
	2,
	1,
	2,
	1,
	2,
	1,
	3,
	2,
	3,
	1,
	3,
	2,
	3,
	4,
	5,
	6,
	1,
	7,
	6,
	5,
	4,
	3,
	5,
	7,
	2,
	9,
	7,
	5,
	8,
	3,
	10,
	7,
	4,
};

unsigned class_of(uint64_t size)
{
	unsigned lo = 1, hi = SIZE_CLASSES - 1;
	if (size > MAX_SMALL)
		return 0;
	while (lo < hi) {
		unsigned mid = (lo + hi) / 2;
		if (class_size[mid] >= size)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

bool has_malloc_header(uint64_t size, bool pointers, bool headers)
{
	return headers && pointers && size > HEADER_OVER && size <= MAX_SMALL - MALLOC_HEADER;
}

uint64_t round_up_size(uint64_t size, bool pointers, bool headers)
{
	uint64_t small = headers ? MAX_SMALL - MALLOC_HEADER : MAX_SMALL;
	if (size > small)
		return (size + PAGE_SIZE - 1) & ~(uint64_t)(PAGE_SIZE - 1);
	uint64_t header = has_malloc_header(size, pointers, headers) ? MALLOC_HEADER : 0;
	return class_size[class_of(size + header)] - header;
}
