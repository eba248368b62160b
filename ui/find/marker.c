/* Which events are markers; see marker.h. */
#include "ui/find/marker.h"
#include "ui/grid/text.h"

#define MARKER(NAME, name, kind, kind2, at, at2, is, help) marker_is is;
#include "ui/find/markers.def"
#undef MARKER

const struct marker_info marker_info[MARKERS] = {
#define MARKER(NAME, name, kind, kind2, at, at2, is, help) \
	{ name, { EV_##kind, EV_##kind2 }, { EV_##at, EV_##at2 }, is, help },
#include "ui/find/markers.def"
#undef MARKER
};

bool marker_always(struct scan *s __attribute__((unused)), uint32_t i __attribute__((unused)))
{
	return true;
}

/* The markers that an event of a kind may be, 1 << marker. */
static unsigned may_be(unsigned kind)
{
	static unsigned set[EV_COUNT + 1];
	if (!set[EV_COUNT]) {
		for (int m = 0; m < MARKERS; m++)
			for (int i = 0; i < 2; i++)
				set[marker_info[m].at[i]] |= 1u << m;
		set[EV_COUNT] = 1; /* it is made */
	}
	return kind < EV_COUNT ? set[kind] : 0;
}

int marker_of(struct scan *s, uint32_t i, unsigned set)
{
	unsigned left = may_be(s->walk.chunk.events[i].kind) & set;
	for (int m = 0; left; m++, left >>= 1)
		if (left & 1 && marker_info[m].is(s, i))
			return m;
	return -1;
}

static bool match(const void *context, struct scan *s, uint32_t i)
{
	return marker_of(s, i, *(const unsigned *)context) >= 0;
}

struct kind_set marker_kinds(enum marker m)
{
	return kinds_of(marker_info[m].kind, 2);
}

struct scan_query marker_query(const unsigned *set)
{
	struct scan_query q = { .match = match, .context = set };
	for (int m = 0; m < MARKERS; m++)
		if (*set >> m & 1)
			q.kinds = kinds_union(q.kinds, marker_kinds((enum marker)m));
	return q;
}
