/* Packs steps into the blobs of the tables chunk and keyframe, and back.  The format is drawn in codec.c. */
#ifndef DB_CODEC_H
#define DB_CODEC_H

#include "db/pack/kinds.h"
#include "trace/record/source.h"

enum {
	CODEC_VERSION = 3,
	CHUNK_STEPS = 16384,       /* a writer ends a chunk at so many events */
	CHUNK_BYTES = 256 << 10,   /* ... or at so many bytes before compression */
	CHUNK_STEPS_MAX = 1 << 16, /* what a reader takes */
};

/* Bytes that grow. */
struct buffer {
	uint8_t *p;
	size_t n, cap;
};
void buffer_release(struct buffer *b);
/* Makes room for so many more bytes.  false: no memory. */
bool buffer_reserve(struct buffer *b, size_t more);

enum { ANCHORS = 4 };

/* A chunk that is being filled. */
struct packer {
	struct buffer facts, notes;
	uint64_t fact_anchor[ANCHORS], note_anchor[ANCHORS];
	uint32_t count, fact_count;
	uint32_t first_map, map;  /* of the first event; of the event added last */
	uint32_t kinds[EV_COUNT]; /* histogram */
	uint8_t head[EV_COUNT];   /* of a note, without its anchor; 0: none yet, or it takes two bytes */
	struct kind_table *table; /* of the whole trace; grows with each kind that is new */
	void *zstd;
	struct context *context; /* what the next event is predicted from */
	struct written *written;
};
int packer_init(struct packer *p);
void packer_release(struct packer *p);
/* Begins an empty chunk; the map stays what it was. */
void packer_start(struct packer *p);
/* Adds an event.  -1: no memory. */
int packer_add(struct packer *p, const struct event *e);
static inline size_t packer_bytes(const struct packer *p)
{
	return p->facts.n + p->notes.n;
}
/* Appends the packed chunk to out.  -1: no memory. */
int packer_finish(struct packer *p, struct buffer *out);

/* The streams of a chunk as they are before compression: for what stays in memory, where speed is worth more
 * than room. */
struct streams {
	const uint8_t *facts, *notes; /* borrowed */
	size_t facts_n, notes_n;      /* bytes */
	uint32_t fact_count, first_map;
};
/* Those of the events added so far; they stay until the next one is added. */
struct streams packer_streams(const struct packer *p);

/* The histogram of a chunk, how many events of each kind: for each code a varint, without the zeros at the
 * end. */
int kinds_pack(const struct kind_table *t, const uint32_t kinds[EV_COUNT], struct buffer *out);
/* Reads which kinds it has; codes that are not in the table are an error (-1). */
int kinds_unpack(const struct kind_table *t, const uint8_t *p, size_t n, struct kind_set *ret);

struct unpacker {
	void *zstd;
	struct buffer scratch;
};
int unpacker_init(struct unpacker *u);
void unpacker_release(struct unpacker *u);
/* No more is unpacked than this from so many packed bytes: a small file cannot take much memory.  Where a
 * recording packs better, pack_fill has made it longer by bytes that mean nothing. */
enum { UNPACK_FREE = 64 << 20, UNPACK_RATIO = 1024 };
static inline uint64_t unpack_most(uint64_t packed)
{
	return UNPACK_FREE + packed * UNPACK_RATIO;
}
/* Are they all zero (or none)? */
bool bytes_zero(const uint8_t *p, uint64_t n);
/* Follows a frame of `packed` bytes at the end of out, which unpacks to raw, by as many as it needs.  -1: no
 * memory. */
int pack_fill(struct buffer *out, uint64_t packed, uint64_t raw);

/* Decodes a chunk of ret->count steps (set by the caller with ret->first); with facts_only just its facts, of
 * which ret->facts tells the number.  Events' maps are at most max_map.  NULL, or what is wrong with it. */
const char *chunk_unpack(struct unpacker *u, const struct kind_table *table, const uint8_t *data, size_t n,
	unsigned max_map, bool facts_only, struct chunk *ret);

/* The same of streams, which it copies: events' bytes do not point into them. */
const char *streams_unpack(const struct streams *s, const struct kind_table *table, unsigned max_map,
	bool facts_only, struct chunk *ret);

/* Appends all live memory to out, packed; *ret_raw is its size.  -1: no memory. */
int keyframe_pack(void *zstd, const struct memory *m, struct buffer *out, uint64_t *ret_raw);
/* Fills an empty image.  NULL, or what is wrong. */
const char *keyframe_unpack(
	struct unpacker *u, const uint8_t *data, size_t n, unsigned max_map, struct image *image);

/* XXH3 of n bytes and two numbers, 64 bits, against damage, not against malice: of the bytes, with the seed
 * that XXH3 of a and b, 8 little-endian bytes each, is. */
uint64_t codec_checksum(const void *data, size_t n, uint64_t a, uint64_t b);

/* ---- numbers: 7 bits a byte, low ones first, the top bit says that more follow ---- */

static inline uint8_t *varint_put(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

/* Reads at most 10 bytes; the caller sees to it that they are readable. */
static inline const uint8_t *varint_get(const uint8_t *p, uint64_t *ret)
{
	uint64_t v = *p & 0x7f;
	for (unsigned shift = 7; *p++ & 0x80; shift += 7) {
		if (shift > 63)
			break;
		v |= (uint64_t)(*p & 0x7f) << shift;
	}
	*ret = v;
	return p;
}

static inline uint64_t zigzag(uint64_t delta)
{
	return delta << 1 ^ (uint64_t)((int64_t)delta >> 63);
}
static inline uint64_t unzigzag(uint64_t v)
{
	return v >> 1 ^ -(v & 1);
}

#endif
