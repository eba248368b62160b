/* Sentences of sync.Map: what it does around its two maps, and why; see sentence.h. */
#include "ui/scene/sync/sync.h"
#include "ui/grid/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* Which maps have an entry: SYNC_IN_READ and SYNC_IN_DIRTY, 0: neither; or there are too many to say. */
enum { UNKNOWN = 4 };

/* The key of an entry, as it stands in a sentence; which maps have it, ret_where may be NULL.  One that neither has is
 * that of the operation's key: it has been deleted from dirty. */
static struct quoted sync_entry_key(const struct scene *s, uint64_t entry, unsigned *ret_where)
{
	struct sync_entry *all = NULL;
	struct go_type any = go_type_basic(GO_ANY);
	struct quoted q = wanted_key(s);
	char text[SCENE_TEXT], clean[SCENE_TEXT];
	size_t n = 0;
	sync_entries(s->mem, sync_of(s), SYNC_SHOWN, &all, &n);
	unsigned where = n < SYNC_SHOWN ? 0 : UNKNOWN;
	for (size_t i = 0; i < n; i++)
		if (all[i].entry == entry) {
			value_print(s->mem, &any, all[i].key, VALUE_HUMAN, text, sizeof text);
			scene_clean(s, text, clean, sizeof clean);
			q = quote(s, clean);
			where = all[i].where;
		}
	free(all);
	if (ret_where)
		*ret_where = where;
	return q;
}

/* Has this operation taken the entry back into dirty, where it has a new slot then? */
static bool came_back(const struct scene *s, uint64_t entry)
{
	for (size_t i = s->log->count; i-- > 0 && s->log->first + i >= s->op.first;)
		if (s->log->event[i].kind == EV_UNEXPUNGE && s->log->event[i].addr == entry)
			return true;
	return false;
}

/* What an entry's pointer leads to. */
static void holds(const struct scene *s, uint64_t p, char *out, size_t cap)
{
	struct go_type any = go_type_basic(GO_ANY);
	char text[SCENE_TEXT], clean[SCENE_TEXT];
	if (entry_state_of(p) != ENTRY_LIVE) {
		snprintf(out, cap, "%s", entry_state_name[entry_state_of(p)]);
		return;
	}
	value_print(s->mem, &any, p, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, clean, sizeof clean);
	text_fit(clean, 24, out, cap);
}

SYNC_SENTENCE(syncread)
{
	if (e->c == 2)
		builder_add(w,
			_("The mutex is held now, so read is loaded again: another goroutine may have changed it in between. "));
	else
		builder_add(w, _("read is loaded in one atomic step, without the mutex. "));
	if (!e->a)
		builder_add(w, _("There is none yet; an empty one stands for it."));
	else if (e->b)
		builder_add(w, _("Keys: %" PRId64 "; amended: dirty has keys that it lacks."),
			sync_of(s)->read_count);
	else
		builder_add(w, _("Keys: %" PRId64 "; not amended: a key that is not here is nowhere."),
			sync_of(s)->read_count);
}

SYNC_SENTENCE(mutex)
{
	bool looks = s->op.kind == OP_GET || s->op.kind == OP_DEL || s->op.kind == OP_LOADANDDELETE ||
		s->op.kind == OP_CAD || s->op.kind == OP_CAS;
	if (!e->a)
		builder_add(w, _("The mutex is free again."));
	else if (s->op.kind == OP_RANGE)
		builder_add(w, _("Range must see dirty's keys too: it takes the mutex to promote dirty."));
	else if (s->op.kind == OP_CLEAR)
		builder_add(w, _("Clear takes the mutex: both maps are to be emptied."));
	else if (looks)
		builder_add(w,
			_("read lacks the key and is amended, so dirty must be asked: that takes the mutex, and every other such goroutine waits."));
	else
		builder_add(w,
			_("read has no entry that could take the value: without one, or with an expunged one, dirty must take it, and that takes the mutex."));
}

/* What becomes of the slot of a deleted entry. */
static void say_slot(struct builder *w, unsigned where)
{
	if (where & SYNC_IN_READ)
		builder_add(w, " %s", _("Its slot stays, since read is never written."));
	else if (where & SYNC_IN_DIRTY)
		builder_add(w, " %s", _("Its slot in dirty stays: this function removes none."));
	else if (!where)
		builder_add(w, " %s", _("Its slot in dirty has been removed before."));
}

static void say_sharers(struct builder *w, unsigned where)
{
	if (where == (SYNC_IN_READ | SYNC_IN_DIRTY))
		builder_add(w, " %s", _("Both maps share the entry, so both have it at once."));
	else if (where == SYNC_IN_READ)
		builder_add(w, " %s", _("Only read has the entry."));
	else if (where == SYNC_IN_DIRTY)
		builder_add(w, " %s", _("Only dirty has the entry."));
}

SYNC_SENTENCE(cas)
{
	unsigned where;
	struct quoted key = sync_entry_key(s, e->addr, &where);
	if (e->b == ENTRY_NIL) {
		builder_add(w, _("The entry of %s becomes nil in one compare-and-swap: deleted."), key.text);
		say_slot(w, where);
	} else if (e->a == ENTRY_NIL) {
		builder_add(w,
			came_back(s, e->addr)
				? _("The entry of %s was nil, deleted; it gets a value again, in its old slot of read and its new one of dirty.")
				: _("The entry of %s was nil, deleted; it gets a value again, in its old slot."),
			key.text);
	} else {
		builder_add(w, _("The entry of %s gets another value."), key.text);
		say_sharers(w, where);
	}
	builder_add(w, " %s", sync_of(s)->mutex ? _("The mutex is held.") : _("No mutex is needed."));
}

static bool dirty_grows(const struct scene *s)
{
	struct map_type t = sync_map_type();
	struct hmap_view h;
	return sync_of(s)->dirty && hmap_read(s->mem, &t, sync_of(s)->dirty, &h) && h.oldbuckets;
}

SYNC_SENTENCE(miss)
{
	builder_add(w,
		_("A miss: the mutex was taken because read lacks a key. misses %" PRIu64
		  ", keys of dirty %" PRIu64 ". "),
		e->a, e->b);
	builder_add(w,
		e->a < e->b ? _("When misses reach them, dirty becomes read.")
			    : _("The misses have cost as much as copying dirty would: it becomes read."));
}

SYNC_SENTENCE(promote)
{
	builder_add(w,
		P_("Promotion: dirty, %" PRIu64
		   " key, becomes read as it is, and dirty nil. One pointer moves, nothing is copied. ",
			"Promotion: dirty, %" PRIu64
			" keys, becomes read as it is, and dirty nil. One pointer moves, nothing is copied. ",
			e->a),
		e->a);
	builder_add(w,
		dirty_grows(s) ? _("It is growing; nobody goes on with that: read is never written.")
			: e->b == PROMOTE_RANGE ? _("Range walks all keys anyway.")
						: _("From now on its keys are found without the mutex."));
}

SYNC_SENTENCE(amended)
{
	builder_add(w,
		_("read gets a new readOnly of the same map, with amended set: who misses a key there must ask dirty."));
}

SYNC_SENTENCE(dirtycopy)
{
	if (e->a)
		builder_add(w,
			_("dirty is nil: it is made anew with the keys of read (%" PRIu64
			  "), but for deleted ones. The entries are shared, not copied."),
			e->a);
	else
		builder_add(w, _("dirty is nil: it is made. read has no keys that it should have."));
}

SYNC_SENTENCE(entry)
{
	char what[SCENE_TEXT];
	holds(s, e->a, what, sizeof what);
	builder_add(w, _("The entry of %s is looked at, atomically: "), sync_entry_key(s, e->addr, NULL).text);
	builder_add(w,
		e->b == ENTRY_NIL                ? _("nil, deleted. A value may still be put here.")
			: e->b == ENTRY_EXPUNGED ? _("expunged: deleted, and dirty was made without it.")
						 : _("it holds %s."),
		what);
}

SYNC_SENTENCE(expunge)
{
	builder_add(w,
		_("The entry of %s is nil, deleted: it becomes expunged, and dirty is made without it. With the next promotion the key is gone."),
		sync_entry_key(s, e->addr, NULL).text);
}

SYNC_SENTENCE(unexpunge)
{
	builder_add(w,
		_("The entry of %s is expunged: it becomes nil first, and goes into dirty, or the next promotion would lose it."),
		sync_entry_key(s, e->addr, NULL).text);
}

/* ---- events that other maps have too ---- */

SYNC_SENTENCE(use)
{
	uint64_t part = e->a - s->outer->map;
	builder_add(w,
		part == 1
			? _("The next steps are those of read's map. Nobody writes it, so no mutex is needed for it.")
			: part == 2
			? _("The next steps are those of dirty's map, an ordinary one: only who holds the mutex may come here.")
			: _("Back to the sync.Map itself."));
}

SYNC_SENTENCE(got)
{
	char text[SCENE_TEXT] = "", clean[SCENE_TEXT], fit[64];
	if (e->map != s->outer->map)
		return;
	if (s->op.kind == OP_CAS || s->op.kind == OP_CAD) {
		builder_add(w,
			e->a ? _("It was the old value: true.")
			     : _("There is no such value: false, nothing is changed."));
		return;
	}
	value_print(s->mem, &s->outer->elem, e->addr, VALUE_HUMAN, text, sizeof text);
	scene_clean(s, text, clean, sizeof clean);
	text_fit(clean, 32, fit, sizeof fit);
	builder_add(w, e->a ? _("The caller gets %s, true.") : _("The caller gets %s, false."), fit);
}

static void say_struct(
	struct builder *w, const struct scene *s, const struct event *e, const struct sync_layout *l)
{
	uint64_t at = e->addr - s->outer->header;
	if (at == SYNC_MUTEX)
		builder_add(w,
			e->new.v ? _("The mutex's state goes from 0 to 1: locked.")
				 : _("The mutex's state goes from 1 to 0: free."));
	else if (at == l->misses)
		builder_add(w, _("misses goes from %" PRIu64 " to %" PRIu64 "."), e->old.v, e->new.v);
	else if (at == l->dirty)
		builder_add(w,
			e->new.v
				? _("dirty is the map at %" PRIx64 ".")
				: _("dirty becomes nil: its map is read's now. The next new key makes another.%.0" PRIx64),
			e->new.v);
	else if (at == l->pointer)
		builder_add(w,
			_("read points at the readOnly at %" PRIx64 ", for everybody, in one atomic step."),
			e->new.v);
	else
		builder_add(w,
			e->new.v == SYNC_STORING
				? _("read is an atomic.Value: while its first value is stored, its type word says so.")
				: _("The atomic.Value's type word: a readOnly, from now on."));
}

SYNC_SENTENCE(write)
{
	const struct sync_layout *l = sync_layout(s->outer->go);
	if (e->addr >= s->outer->header && e->addr < s->outer->header + l->size) {
		say_struct(w, s, e, l);
		return;
	}
	if (s->place.kind != PLACE_OTHER)
		return;
	char what[SCENE_TEXT];
	switch (s->place.role) {
	case ROLE_ENTRY:
		holds(s, e->new.v, what, sizeof what);
		builder_add(w, _("The entry at %" PRIx64 " now points to: %s."), e->addr, what);
		break;
	case ROLE_READONLY:
		builder_add(w, _("A new readOnly, which nobody sees yet: its %s is written."),
			e->size > 8            ? _("map and amended")
				: e->size == 1 ? "amended"
					       : _("map"));
		break;
	case ROLE_VALUE:
		builder_add(w,
			_("The value as an any of its own, 16 bytes: type and pointer. Entries point to such, so that one word can be swapped."));
		break;
	default: break;
	}
}

static void say_elem_read(struct builder *w, const struct scene *s, const struct event *e)
{
	uint64_t entry = 0;
	unsigned where = 0;
	if (s->mem->read(s->mem, e->addr, &entry, sizeof entry))
		sync_entry_key(s, entry, &where);
	if (where == (SYNC_IN_READ | SYNC_IN_DIRTY))
		builder_add(w, "%s",
			_("The slot's elem is read: the pointer to the entry, which both maps share."));
	else if (where == SYNC_IN_READ || where == SYNC_IN_DIRTY)
		builder_add(w, "%s",
			_("The slot's elem is read: the pointer to the entry, which only this map has."));
	else
		builder_add(w, "%s", _("The slot's elem is read: the pointer to the entry."));
}

SYNC_SENTENCE(read)
{
	const struct place *p = &s->place;
	if (p->kind == PLACE_GROUP && p->part == AT_ELEM)
		say_elem_read(w, s, e);
	else if (p->kind == PLACE_OTHER && p->role == ROLE_READONLY)
		builder_add(w,
			_("What it points to, the readOnly, is read: the map, and whether it is amended. It never changes; another takes its place."));
	else if (p->kind == PLACE_OTHER && p->role == ROLE_VALUE)
		builder_add(w,
			_("The value is read, %" PRIu64
			  " bytes: an any, which never changes while an entry points to it."),
			e->size);
	else if (place_in(p, "hmap") && p->field && p->field->offset == HMAP_COUNT)
		builder_add(w, _("count is read: len() of this map."));
}

SYNC_SENTENCE(op)
{
	static const char *const call[OP_KINDS] = { [OP_PUT] = "%s.Store(%s, %s)",
		[OP_GET] = "v, ok := %s.Load(%s)",
		[OP_DEL] = "%s.Delete(%s)",
		[OP_CLEAR] = "%s.Clear()",
		[OP_RANGE] = "%s.Range(f)",
		[OP_SWAP] = "v, ok := %s.Swap(%s, %s)",
		[OP_LOADORSTORE] = "v, ok := %s.LoadOrStore(%s, %s)",
		[OP_LOADANDDELETE] = "v, ok := %s.LoadAndDelete(%s)",
		[OP_CAS] = "ok := %s.CompareAndSwap(%s, %s)",
		[OP_CAD] = "ok := %s.CompareAndDelete(%s, %s)" };
	char elem[SCENE_TEXT], go[3 * SCENE_TEXT];
	scene_clean(s, s->op.elem, elem, sizeof elem);
	for (char *p = elem; s->op.kind == OP_CAS && *p; p++) /* "old new", as a workload has it */
		if (*p == ' ')
			*p = ',';
	sentence_add_operation(w, s);
	if (call[s->op.kind]) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(go, sizeof go, call[s->op.kind], s->outer->name, wanted_key(s).text, elem);
#pragma GCC diagnostic pop
		builder_add(w, _(", in Go %s."), go);
	} else {
		builder_add(w, ".");
	}
}

SYNC_SENTENCE(map)
{
	builder_add(w,
		_("%s is made: a sync.Map at %" PRIx64 ", Go %s, seed %" PRIu64 ". Both its maps are nil."),
		s->outer->name, e->addr, s->outer->go, s->outer->seed);
}

SYNC_SENTENCE(absent)
{
	builder_add(w,
		map_part(s->map) == SYNC_READ ? _("read does not have %s.") : _("dirty does not have %s."),
		wanted_key(s).text);
}

SYNC_SENTENCE(found)
{
	builder_add(w,
		map_part(s->map) == SYNC_READ
			? _("%s is in read, slot %" PRIu64 ": its elem is a pointer to the entry.")
			: _("%s is in dirty, slot %" PRIu64 ": its elem is a pointer to the entry."),
		wanted_key(s).text, e->a);
}

SYNC_SENTENCE(item)
{
	if (e->map == s->outer->map)
		builder_add(w, "%s", _("Range calls its function with this key and value."));
}

SYNC_SENTENCE(end)
{
	if (e->map == s->outer->map)
		builder_add(w, "%s", _("Range ends."));
}
