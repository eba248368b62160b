/* Sentences of an operation as a whole: its beginning, phases, header and reads; see ui/scene/explain.h. */
#include "ui/scene/classic/classic.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>

void flags_phrase(unsigned flags, char *out, size_t cap)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = { { FLAG_WRITING, "writing" }, { FLAG_SAME_SIZE, "sameSize" },
		{ FLAG_ITERATOR, "iterator" }, { FLAG_OLD_ITERATOR, "oldIterator" } };
	int n = snprintf(out, cap, "%u", flags);
	bool first = true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (flags & names[i].bit && (size_t)n < cap) {
			n += snprintf(out + n, cap - (size_t)n, "%s%s", first ? "=" : "+", names[i].name);
			first = false;
		}
}

CLASSIC_SENTENCE(op)
{
	char text[SCENE_TEXT], elem[SCENE_TEXT];
	struct quoted key = wanted_key(s);
	const char *name = s->map->name;
	enum op_kind kind = s->op.kind;
	if (kind != OP_PUT && kind != OP_GET && kind != OP_DEL && kind != OP_CLEAR && kind != OP_RANGE)
		return;
	scene_clean(s, s->op.elem, text, sizeof text);
	text_fit(text, 24, elem, sizeof elem);
	sentence_add_operation(w, s);
	switch (kind) {
	case OP_PUT: builder_add(w, _(", in Go %s[%s] = %s."), name, key.text, elem); break;
	case OP_GET: builder_add(w, _(", in Go v, ok := %s[%s]."), name, key.text); break;
	case OP_DEL: builder_add(w, _(", in Go delete(%s, %s)."), name, key.text); break;
	case OP_CLEAR: builder_add(w, _(", in Go clear(%s)."), name); break;
	default: builder_add(w, _(", in Go for k, v := range %s."), name); break;
	}
}

/* A loop's items are taken when it has begun, in this operation or before. */
static bool loop_began(const struct scene *s)
{
	if (s->run.kind == OP_NEXT)
		return true;
	for (size_t i = s->log->count - 1; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_ITERINIT)
			return true;
	return false;
}

CLASSIC_SENTENCE(phase)
{
	static const char *const sentence[PHASES] = {
		[PHASE_LOOKUP] = N_("Phase lookup: which bucket, which slot?"),
		[PHASE_GROW] = N_("Phase grow: a new array is made. Not one entry moves yet."),
		[PHASE_EVACUATE] = N_(
			"Phase evacuate: an old bucket is moved before the map is used any further."),
		[PHASE_INSERT] = N_("Phase insert: the key is new, it takes the first free slot."),
		[PHASE_UPDATE] = N_("Phase update: the key is there already, count stays."),
		[PHASE_DELETE] = N_("Phase delete: the slot is cleared and marked empty."),
		[PHASE_ITERATE] = N_("Phase iterate: the loop walks the buckets."),
		[PHASE_CLEAR] = N_("Phase clear: everything goes, the array stays."),
		[PHASE_STORE] = N_(
			"Phase store: mapassign has returned the elem's address; now the caller stores there."),
	};
	if (e->a == PHASE_ITERATE && (!s->live || classic_of(s)->hmap.count == 0) && s->run.kind != OP_NEXT)
		builder_add(w,
			_("Phase iterate: the map is empty, so the loop is over before it began. Nothing is drawn."));
	else if (e->a == PHASE_ITERATE && !loop_began(s))
		builder_add(
			w, _("Phase iterate: Go draws where to begin, so that nobody relies on an order."));
	else if (e->a < PHASES && sentence[e->a])
		builder_add(w, "%s", _(sentence[e->a]));
}

CLASSIC_SENTENCE(header)
{
	char flags[64];
	flags_phrase((unsigned)e->b, flags, sizeof flags);
	builder_add(w,
		e->c ? _("The hmap is read: count %" PRIu64 ", flags %s, B %" PRIu64 ": %" PRIu64
			 " buckets. ")
		     : _("The hmap is read: count %" PRIu64 ", flags %s, B %" PRIu64 ": one bucket. "),
		e->a, flags, e->c, UINT64_C(1) << (e->c & 63));
	if (classic_of(s)->hmap.oldbuckets)
		builder_add(
			w, scene_growth_left(s) ? _("A growth was left open.") : _("A growth is under way."));
	else if (!classic_of(s)->hmap.buckets)
		builder_add(w, _("There is no array yet."));
}

CLASSIC_SENTENCE(map)
{
	if (!s->map->header)
		builder_add(w, _("%s is a nil map[%s]%s: it may be read; a write would be a panic."),
			s->map->name, s->map->key.name, s->map->elem.name);
	else
		builder_add(w, _("%s is made: map[%s]%s, its hmap at %" PRIx64 "; Go %s, seed %" PRIu64 "."),
			s->map->name, s->map->key.name, s->map->elem.name, e->addr, s->map->go, s->map->seed);
}

/* Reads of the map's memory that are no look at a slot. */
CLASSIC_SENTENCE(read)
{
	char what[96];
	place_phrase(s, &s->place, what, sizeof what);
	if (place_in(&s->place, "hiter"))
		builder_add(w,
			_("mapiternext reads the loop's own memory: %" PRIu64 " bytes at %" PRIx64
			  ", where it goes on."),
			e->size, e->addr);
	else if (place_in(&s->place, "hmap") && s->phase == PHASE_ITERATE)
		builder_add(w,
			classic_of(s)->hmap.flags & FLAG_WRITING
				? _("%s is read: is another goroutine writing? Flag 4 is set: yes.")
				: _("%s is read: is another goroutine writing? Flag 4 is not set: no."),
			what);
	else if (place_in(&s->place, "mapextra"))
		builder_add(w, _("%s is read: is there a spare bucket?"), what);
	else if (s->place.kind == PLACE_GROUP && classic_of(s)->type.indirect_key)
		builder_add(w, _("%s is read: the pointer to the key, which lies outside."), what);
}

/* The step at which the first goroutine of a race set hashWriting; 0: nobody has in this operation. */
static uint64_t writing_since(const struct scene *s)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;) {
		const struct event *e = &s->log->event[i];
		if (e->kind == EV_WRITE && s->live && e->addr == classic_of(s)->hmap.addr + HMAP_FLAGS &&
			~e->old.v & e->new.v &FLAG_WRITING)
			return s->log->first + i;
	}
	return 0;
}

CLASSIC_SENTENCE(fault)
{
	uint64_t since = e->b ? writing_since(s) : 0;
	if (since)
		builder_add(w,
			_("%s. The first goroutine set \"writing\" in step %" PRIu64
			  "; %s of the second has just read it. No recover helps."),
			fault_text[e->a < FAULTS ? e->a : 0], since, op_kind_name[s->run.kind]);
}

CLASSIC_SENTENCE(second)
{
	if (!(classic_of(s)->hmap.flags & FLAG_WRITING))
		return;
	builder_add(w, "%s", _("The second goroutine comes, while the first is writing: "));
	sentence_add_second(w, s);
}
