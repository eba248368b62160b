/* What the files of the classic map as a kind of map share; a sync.Map's account is that of the classic maps
 * in it. */
#ifndef TRACE_MAP_CLASSIC_PRIVATE_H
#define TRACE_MAP_CLASSIC_PRIVATE_H

#include "trace/map/kind.h"
#include "trace/map/classic/model.h"

struct classic_state {
	struct map_type t;
	struct hmap_view h;
};

static inline const struct classic_state *classic_state(const struct map_view *v)
{
	return (const struct classic_state *)(const void *)v->state;
}

/* The word of a value at offset at that is a pointer.  false: none is. */
bool classic_pointer(const struct go_type *t, bool indirect, uint32_t at, uint32_t *ret);

/* See struct map_kind_ops. */
extern const struct account_table classic_account;
extern const struct map_report classic_report;
extern const struct map_rows classic_rows;
bool classic_key(const struct map_view *v, const struct event *e, struct event_key *ret);
bool classic_compare(
	const struct map_view *v, const struct map_info *const *m, struct builder *text, struct json *j);
uint64_t classic_countable(const struct map_view *v, struct books *k, unsigned array);
uint64_t classic_count(const struct map_view *v, struct books *k, unsigned array, uint64_t index);
uint64_t classic_moving(const struct event *e, uint64_t so_far);
unsigned classic_array_line(const struct map_view *v, unsigned array);
unsigned classic_block_line(enum block_role role, bool used);
bool classic_on_stack(const struct map_view *v, const struct map_info *m, const struct block *b);

#endif
