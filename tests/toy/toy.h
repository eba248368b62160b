/* toy: a kind of map small enough to be read in an hour.  It proves that a kind is a plug-in, and shows how
 * one is added.
 *
 *     toymap: count len heads old hash0
 *               heads ─▶ [head 0][head 1]... len of them      old: the same of len/2, while the map grows
 *                           └▶ next key elem ─▶ next key elem     an entry a node, the newest first
 *
 * Separate chaining, another shape than Go's maps have: no slots side by side, no control bytes.  As groups
 * of trace/map/kind.h a head has no slot (depth 0 of its chain), a node has one.  When there are as many
 * entries as chains, a put first moves all nodes to an array of twice the length; nodes keep their addresses.
 *
 *     kind.c     how its memory is read, and its rows: map_kind_toy
 *     engine.c   how it is changed, and checked: engine_toy
 *     explain.c  what its events mean: explain_toy
 *     more/      its rows of the tables
 */
#ifndef TESTS_TOY_H
#define TESTS_TOY_H

#include "trace/map/kind.h"

/* Offsets in the header (bytes). */
enum { TOY_COUNT = 0, TOY_LEN = 8, TOY_HEADS = 16, TOY_OLD = 24, TOY_HASH0 = 32, TOY_SIZE = 40 };
enum { TOY_FIRST_LEN = 4, TOY_KEY_MOST = 16 };
enum { TOY_NEW, TOY_OLD_ARRAY };

/* A node: next is at 0. */
struct toy_layout {
	uint32_t key, elem, size;
};

struct toy_state {
	struct toy_layout node;
	uint64_t count, len, heads, old, hash0;
};

static inline const struct toy_state *toy_state(const struct map_view *v)
{
	return (const struct toy_state *)(const void *)v->state;
}

struct toy_layout toy_layout(const struct go_type *key, const struct go_type *elem);

#endif
