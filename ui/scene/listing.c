/* Which line of a listing an event stands at; see listing.h. */
#include "ui/scene/listing.h"

#include <string.h>

enum rank { RANK_FIELD, RANK_CONDITION, RANK_ALWAYS, RANKS };

static enum rank rank_of(const struct listing_stand *at)
{
	return at->field ? RANK_FIELD : at->when ? RANK_CONDITION : RANK_ALWAYS;
}

static bool stands(const struct listing_stand *at, enum rank rank, const struct scene *s)
{
	const struct field *f = s->place.field;
	return at->used && at->event == s->event.kind && rank_of(at) == rank &&
		(!at->field || (f && strcmp(f->name, at->field) == 0)) &&
		(!at->when || at->when(s, &s->event));
}

int listing_line_of(const struct listing *l, const struct scene *s)
{
	for (int rank = 0; rank < RANKS; rank++)
		for (int i = 0; i < LISTING_LINES; i++)
			for (int k = 0; k < LISTING_STANDS; k++)
				if (stands(&l->line[i].at[k], (enum rank)rank, s))
					return i + 1;
	return 0;
}

bool listing_names(const struct listing *l, int event)
{
	for (int i = 0; i < LISTING_LINES; i++)
		for (int k = 0; k < LISTING_STANDS; k++)
			if (l->line[i].at[k].used && l->line[i].at[k].event == event)
				return true;
	return false;
}
