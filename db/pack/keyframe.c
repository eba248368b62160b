/* The packed form of all live memory: what the blobs in keyframe.data hold.
 *
 *   byte  version       2
 *   vint  blocks        number of blocks
 *   vint  raw           bytes of the directory
 *   vint  packed        bytes of its zstd frame, which follows
 *   then, until the end, the bytes of all blocks one after the other, cut every 256 KiB into frames:
 *   vint  packed        bytes of the frame that follows; always 3 bytes long
 *
 * The directory has for each block, in the order of addresses:
 *   vint  distance from the end of the one before (0 at first)
 *   vint  size,  zint rounded-size,  vint role,  vint map
 *
 * Frames are small so that one is still in the cache when its bytes are copied into the pages of an image: a
 * keyframe of 33 MB loads at the speed of decompression.
 */
#include "db/pack/codec.h"

#include "trace/base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

/* Level: buckets are short repeats and random bytes.  Of 1, -1, -3, -5, -8, -20 the fifth packs in half the
 * time of level 1, loads 41 MB in 20 ms instead of 24, and is not larger. */
enum { FRAME = 256 << 10, ENTRY_MAX = 50, ZSTD_LEVEL = -5 };
#define BLOCKS_MAX (UINT64_C(1) << 28)

/* dense: there is so much memory that frames which pack too well (see unpack_most) are filled up. */
static int frame_put(void *zstd, const uint8_t *from, size_t n, bool dense, struct buffer *out)
{
	/* The length goes first and is known last: three bytes are enough for what a frame can take. */
	size_t at = out->n, bound = ZSTD_compressBound(n);
	if (!buffer_reserve(out, bound + 10))
		return -1;
	size_t got = ZSTD_compressCCtx(zstd, out->p + out->n + 3, bound, from, n, ZSTD_LEVEL);
	if (ZSTD_isError(got))
		return -1;
	out->n += got + 3;
	if (dense && !bytes_zero(from, n) && pack_fill(out, got, n + UNPACK_FREE) != 0)
		return -1;
	got = out->n - at - 3;
	out->p[at] = (uint8_t)(got | 0x80);
	out->p[at + 1] = (uint8_t)(got >> 7 | 0x80);
	out->p[at + 2] = (uint8_t)(got >> 14);
	return 0;
}

static int directory_make(
	const struct memory *m, struct buffer *out, uint64_t *ret_blocks, uint64_t *ret_bytes)
{
	struct block b;
	uint64_t cursor = 0, end = 0;
	*ret_blocks = *ret_bytes = 0;
	while (m->next(m, &cursor, &b)) {
		if (!buffer_reserve(out, ENTRY_MAX))
			return -1;
		uint8_t *p = out->p + out->n;
		p = varint_put(p, b.addr - end);
		p = varint_put(p, b.size);
		p = varint_put(p, zigzag(b.rounded - b.size));
		p = varint_put(p, b.role);
		p = varint_put(p, b.map);
		end = b.addr + b.size;
		out->n = (size_t)(p - out->p);
		++*ret_blocks;
		*ret_bytes += b.size;
	}
	return 0;
}

static int contents_put(void *zstd, const struct memory *m, uint8_t *frame, bool dense, struct buffer *out)
{
	struct block b;
	uint64_t cursor = 0;
	size_t n = 0;
	while (m->next(m, &cursor, &b))
		for (uint64_t done = 0; done < b.size;) {
			size_t part = b.size - done < FRAME - n ? (size_t)(b.size - done) : FRAME - n;
			if (part == FRAME) { /* a whole frame out of one block needs no copy */
				if (frame_put(zstd, b.bytes + done, FRAME, dense, out) != 0)
					return -1;
			} else {
				memcpy(frame + n, b.bytes + done, part);
				n += part;
			}
			done += part;
			if (n == FRAME) {
				if (frame_put(zstd, frame, n, dense, out) != 0)
					return -1;
				n = 0;
			}
		}
	return n > 0 ? frame_put(zstd, frame, n, dense, out) : 0;
}

int keyframe_pack(void *zstd, const struct memory *m, struct buffer *out, uint64_t *ret_raw)
{
	struct buffer directory = { 0 }, packed = { 0 };
	uint64_t blocks;
	int status = -1;
	uint8_t *frame = malloc(FRAME);
	if (!frame || directory_make(m, &directory, &blocks, ret_raw) != 0)
		goto out;
	if (directory.n > 0) {
		size_t bound = ZSTD_compressBound(directory.n);
		if (!buffer_reserve(&packed, bound))
			goto out;
		packed.n = ZSTD_compressCCtx(zstd, packed.p, bound, directory.p, directory.n, ZSTD_LEVEL);
		if (ZSTD_isError(packed.n) || pack_fill(&packed, packed.n, directory.n) != 0)
			goto out;
	}
	if (!buffer_reserve(out, packed.n + ENTRY_MAX))
		goto out;
	uint8_t *p = out->p + out->n;
	*p++ = CODEC_VERSION;
	p = varint_put(p, blocks);
	p = varint_put(p, directory.n);
	p = varint_put(p, packed.n);
	if (packed.n)
		memcpy(p, packed.p, packed.n);
	out->n = (size_t)(p - out->p) + packed.n;
	status = contents_put(zstd, m, frame, *ret_raw > UNPACK_FREE, out);
out:
	free(frame);
	buffer_release(&directory);
	buffer_release(&packed);
	return status;
}

/* The bytes of blocks, decompressed a frame at a time. */
struct contents {
	void *zstd;
	const uint8_t *p, *end; /* packed ones that are left */
	uint8_t *frame;
	size_t at, n;   /* in the frame */
	uint64_t solid; /* of frames that are not zero: so many more may come */
};

static bool frame_get(struct contents *c)
{
	if (c->end - c->p < 3)
		return false;
	uint64_t packed = (c->p[0] & 0x7f) | (uint64_t)(c->p[1] & 0x7f) << 7 |
		(uint64_t)(c->p[2] & 0x7f) << 14;
	const uint8_t *p = c->p + 3;
	if (packed > (uint64_t)(c->end - p))
		return false;
	size_t n = ZSTD_decompressDCtx(c->zstd, c->frame, FRAME, p, packed);
	if (ZSTD_isError(n) || n == 0)
		return false;
	if (!bytes_zero(c->frame, n)) {
		if (n > c->solid)
			return false;
		c->solid -= n;
	}
	c->p = p + packed;
	c->at = 0;
	c->n = n;
	return true;
}

static bool contents_fill(void *context, uint8_t *out, size_t n)
{
	struct contents *c = context;
	while (n > 0) {
		if (c->at == c->n && !frame_get(c))
			return false;
		size_t part = n < c->n - c->at ? n : c->n - c->at;
		memcpy(out, c->frame + c->at, part);
		c->at += part;
		out += part;
		n -= part;
	}
	return true;
}

static const char *blocks_add(const uint8_t *p, const uint8_t *end, uint64_t blocks, unsigned max_map,
	struct contents *c, struct image *image)
{
	uint64_t addr = 0, v;
	for (uint64_t i = 0; i < blocks; i++) {
		struct block b = { 0 };
		uint64_t role, map;
		p = varint_get(p, &v);
		b.addr = addr + v;
		p = varint_get(p, &b.size);
		p = varint_get(p, &v);
		b.rounded = b.size + unzigzag(v);
		p = varint_get(p, &role);
		p = varint_get(p, &map);
		addr = b.addr + b.size;
		if (p > end)
			return "its directory ends too early";
		if (role >= ROLES || map > max_map)
			return "it has a block of an unknown role or map";
		b.role = (enum block_role)role;
		b.map = (uint32_t)map;
		if (!image_add_from(image, &b, contents_fill, c))
			return image_error(image);
	}
	return p == end && c->p == c->end && c->at == c->n ? NULL : "there are bytes too many in it";
}

const char *keyframe_unpack(
	struct unpacker *u, const uint8_t *data, size_t n, unsigned max_map, struct image *image)
{
	enum { HEAD = 31 };
	uint8_t head[HEAD + 10] = { 0 };
	memcpy(head, data, n < HEAD ? n : HEAD);
	const uint8_t *p = head + 1;
	uint64_t blocks, raw, packed;
	p = varint_get(p, &blocks);
	p = varint_get(p, &raw);
	p = varint_get(p, &packed);
	size_t at = (size_t)(p - head);
	if (head[0] != CODEC_VERSION)
		return "it is packed in an unknown way";
	if (at > n || packed > n - at || blocks > BLOCKS_MAX || raw > blocks * ENTRY_MAX)
		return "its head makes no sense";
	if (raw > unpack_most(packed))
		return "it says that more is packed in it than can be";
	u->scratch.n = 0;
	if (!buffer_reserve(&u->scratch, FRAME + raw + ENTRY_MAX))
		memory_out();
	uint8_t *directory = u->scratch.p + FRAME;
	if (raw > 0) {
		size_t got = ZSTD_decompressDCtx(u->zstd, directory, raw, data + at, packed);
		if (ZSTD_isError(got) || got != raw)
			return "its compressed data is damaged";
	}
	memset(directory + raw, 0, ENTRY_MAX);
	struct contents c = {
		.zstd = u->zstd, .p = data + at + packed, .end = data + n, .frame = u->scratch.p,
		.solid = unpack_most(n)
	};
	return blocks_add(directory, directory + raw, blocks, max_map, &c, image);
}
