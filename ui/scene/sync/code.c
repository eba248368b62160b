/* Pseudo-code of sync.Map; see code_sync.h.
 *
 * The operation's events are walked once: each of the sync.Map's own leads to a stage, and a table tells
 * which line of which function a stage is.  Events of the two maps leave the stage as it is: it is the line
 * that called them.
 *
 * Facts: sync/map.go of Go 1.19.8, 1.22.12 and 1.23.5.  What differs: read is an atomic.Value up to 1.19 and
 * an atomic pointer from 1.20 on; Store has a body of its own (tryStore) up to 1.19 and is Swap from 1.20 on;
 * Clear came with 1.23.
 */
#include "ui/scene/sync/code.h"
#include "ui/grid/text.h"

#include <string.h>

enum stage {
	ST_BEGIN,
	ST_VALUE,
	ST_READ,
	ST_FIND,
	ST_LOCK,
	ST_AGAIN,
	ST_FIND_AGAIN,
	ST_FIND_DIRTY,
	ST_REMOVE,
	ST_UNEXPUNGE,
	ST_ENTRY,
	ST_RESULT,
	ST_SET,
	ST_SET_LOCKED,
	ST_AMENDED,
	ST_NEW,
	ST_PUT,
	ST_UNLOCK,
	ST_NOTHING,
	ST_RETURN,
	ST_PROMOTE,
	ST_RESET,
	ST_EMPTY,
	ST_CLEAR,
	ST_WALK,
	ST_ITEM,
	ST_END,
	ST_MISS,
	ST_MISS_CHECK,
	ST_MISS_PROMOTE,
	ST_MISS_DIRTY,
	ST_MISS_ZERO,
	ST_COPY_READ,
	ST_COPY_MAKE,
	ST_COPY_WALK,
	ST_COPY_ENTRY,
	ST_COPY_EXPUNGE,
	ST_COPY_LEAVE,
	ST_COPY_PUT,
	STAGES
};

/* The line of each stage; those of missLocked and dirtyLocked are in their own rows, and in the callers' the
 * call. */
#define CALL_MISS(n) \
	[ST_MISS] = n, [ST_MISS_CHECK] = n, [ST_MISS_PROMOTE] = n, [ST_MISS_DIRTY] = n, [ST_MISS_ZERO] = n
#define CALL_DIRTY(n) \
	[ST_COPY_READ] = n, [ST_COPY_MAKE] = n, [ST_COPY_WALK] = n, [ST_COPY_ENTRY] = n, \
	[ST_COPY_EXPUNGE] = n, [ST_COPY_LEAVE] = n, [ST_COPY_PUT] = n

static const struct code codes[SYNC_FUNCTIONS] = {
	[SYNC_LOAD] = { N_("Load"),
		{ N_("load read"), N_("look the key up in read's map"), N_("there, or not amended: go to 10"),
			N_("lock the mutex"), N_("load read again; look up again"),
			N_("not there, and amended:"), N_("  look the key up in dirty"), N_("  missLocked"),
			N_("unlock the mutex"), N_("no entry: not found"),
			N_("load its p: nil, expunged: not found"),
			N_("return the value that p points to") } },
	[SYNC_STORE] = { N_("Store (Swap, trySwap)"),
		{ N_("the value becomes an any of its own"), N_("load read; look the key up in it"),
			N_("there, not expunged: set p; return"), N_("lock the mutex"),
			N_("load read again; look up again"), N_("there, expunged: p = nil; into dirty"),
			N_("not there: look it up in dirty"), N_("in one of them: set p; go to 13"),
			N_("read not amended: dirtyLocked, and"), N_("  read = the same map, amended"),
			N_("new entry with the value"), N_("into dirty's map"), N_("unlock the mutex") } },
	[SYNC_DELETE] = { N_("Delete (LoadAndDelete)"),
		{ N_("load read; look the key up in it"), N_("there, or not amended: go to 10"),
			N_("lock the mutex"), N_("load read again; look up again"),
			N_("not there, and amended:"), N_("  look the key up in dirty"),
			N_("  delete it from dirty's map"), N_("  missLocked"), N_("unlock the mutex"),
			N_("no entry: nothing to delete"), N_("load its p: nil, expunged: nothing"),
			N_("p = nil, if it still is the same"), N_("return what p pointed to") } },
	[SYNC_LOADORSTORE] = { N_("LoadOrStore (tryLoadOrStore)"),
		{ N_("load read; look the key up in it"), N_("there: try, 12; done: return"),
			N_("lock the mutex"), N_("load read again; look up again"),
			N_("there, expunged: p = nil; into dirty"), N_("not there: look it up in dirty"),
			N_("there: try, 12; in dirty: missLocked"), N_("else read not amended: dirtyLocked,"),
			N_("  read = the same map, amended"), N_("new entry, into dirty's map"),
			N_("unlock the mutex"), N_("try: load p: expunged: not done;"),
			N_("  a value: return it; nil: set p") } },
	[SYNC_CAS] = { N_("CompareAndSwap"),
		{ N_("load read; look the key up in it"), N_("there: try, 10, and return"),
			N_("not amended: false"), N_("lock the mutex"), N_("load read again; look up again"),
			N_("there: try, 10"), N_("not there: look it up in dirty"),
			N_("  there: try, 10; missLocked"), N_("unlock the mutex"),
			N_("try: load p: nil, expunged: false"), N_("  another value than old: false"),
			N_("  set p, if it still is the same") } },
	[SYNC_CAD] = { N_("CompareAndDelete"),
		{ N_("load read; look the key up in it"), N_("there, or not amended: go to 9"),
			N_("lock the mutex"), N_("load read again; look up again"),
			N_("not there, and amended:"), N_("  look the key up in dirty"), N_("  missLocked"),
			N_("unlock the mutex"), N_("no entry: false"), N_("load its p: nil, expunged: false"),
			N_("another value than old: false"), N_("p = nil, if it still is the same") } },
	[SYNC_CLEAR] = { N_("Clear"),
		{ N_("load read"), N_("no keys, not amended: return"), N_("lock the mutex"),
			N_("load read again"), N_("keys, or amended: read = empty"), N_("clear dirty's map"),
			N_("misses = 0"), N_("unlock the mutex") } },
	[SYNC_RANGE] = { N_("Range"),
		{ N_("load read"), N_("not amended: go to 8"), N_("lock the mutex"),
			N_("load read again; still amended:"), N_("  read = dirty's map, not amended"),
			N_("  dirty = nil; misses = 0"), N_("unlock the mutex"),
			N_("each key of read's map:"), N_("  load its p: nil, expunged: next"),
			N_("  call f with key and value"), N_("no key is left: return") } },
	[SYNC_MISSLOCKED] = { N_("missLocked (promotion)"),
		{ N_("misses + 1"), N_("fewer than len(dirty): return"),
			N_("read = dirty's map, not amended"), N_("dirty = nil"), N_("misses = 0") } },
	[SYNC_DIRTYLOCKED] = { N_("dirtyLocked (copy, expunge)"),
		{ N_("dirty is not nil: return"), N_("load read"), N_("dirty = make, for len(read) keys"),
			N_("each key of read's map:"), N_("  load its p"),
			N_("  nil: p = expunged, next key"), N_("  expunged: next key"),
			N_("  else the same entry into dirty") } },
};

static const uint8_t lines[SYNC_FUNCTIONS][STAGES] = {
	[SYNC_LOAD] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_FIND] = 2,
		[ST_LOCK] = 4,
		[ST_AGAIN] = 5,
		[ST_FIND_AGAIN] = 5,
		[ST_FIND_DIRTY] = 7,
		CALL_MISS(8),
		[ST_UNLOCK] = 9,
		[ST_NOTHING] = 10,
		[ST_RETURN] = 10,
		[ST_ENTRY] = 11,
		[ST_RESULT] = 12 },
	[SYNC_STORE] = { [ST_BEGIN] = 1,
		[ST_VALUE] = 1,
		[ST_READ] = 2,
		[ST_FIND] = 2,
		[ST_ENTRY] = 3,
		[ST_SET] = 3,
		[ST_RESULT] = 3,
		[ST_LOCK] = 4,
		[ST_AGAIN] = 5,
		[ST_FIND_AGAIN] = 5,
		[ST_UNEXPUNGE] = 6,
		[ST_FIND_DIRTY] = 7,
		[ST_SET_LOCKED] = 8,
		CALL_DIRTY(9),
		[ST_AMENDED] = 10,
		[ST_NEW] = 11,
		[ST_PUT] = 12,
		[ST_UNLOCK] = 13,
		[ST_RETURN] = 13 },
	[SYNC_DELETE] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_FIND] = 1,
		[ST_LOCK] = 3,
		[ST_AGAIN] = 4,
		[ST_FIND_AGAIN] = 4,
		[ST_FIND_DIRTY] = 6,
		[ST_REMOVE] = 7,
		CALL_MISS(8),
		[ST_UNLOCK] = 9,
		[ST_NOTHING] = 10,
		[ST_RETURN] = 10,
		[ST_ENTRY] = 11,
		[ST_SET] = 12,
		[ST_RESULT] = 13 },
	[SYNC_LOADORSTORE] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_FIND] = 1,
		[ST_LOCK] = 3,
		[ST_AGAIN] = 4,
		[ST_FIND_AGAIN] = 4,
		[ST_UNEXPUNGE] = 5,
		[ST_FIND_DIRTY] = 6,
		CALL_MISS(7),
		CALL_DIRTY(8),
		[ST_AMENDED] = 9,
		[ST_NEW] = 10,
		[ST_PUT] = 10,
		[ST_UNLOCK] = 11,
		[ST_RETURN] = 11,
		[ST_ENTRY] = 12,
		[ST_RESULT] = 13,
		[ST_SET] = 13,
		[ST_SET_LOCKED] = 13 },
	[SYNC_CAS] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_FIND] = 1,
		[ST_NOTHING] = 3,
		[ST_LOCK] = 4,
		[ST_AGAIN] = 5,
		[ST_FIND_AGAIN] = 5,
		[ST_FIND_DIRTY] = 7,
		CALL_MISS(8),
		[ST_UNLOCK] = 9,
		[ST_RETURN] = 9,
		[ST_ENTRY] = 10,
		[ST_RESULT] = 11,
		[ST_SET] = 12,
		[ST_SET_LOCKED] = 12 },
	[SYNC_CAD] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_FIND] = 1,
		[ST_LOCK] = 3,
		[ST_AGAIN] = 4,
		[ST_FIND_AGAIN] = 4,
		[ST_FIND_DIRTY] = 6,
		CALL_MISS(7),
		[ST_UNLOCK] = 8,
		[ST_NOTHING] = 9,
		[ST_RETURN] = 9,
		[ST_ENTRY] = 10,
		[ST_RESULT] = 11,
		[ST_SET] = 12 },
	[SYNC_CLEAR] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_NOTHING] = 2,
		[ST_LOCK] = 3,
		[ST_AGAIN] = 4,
		[ST_EMPTY] = 5,
		[ST_CLEAR] = 6,
		[ST_RESET] = 7,
		[ST_UNLOCK] = 8,
		[ST_RETURN] = 8 },
	[SYNC_RANGE] = { [ST_BEGIN] = 1,
		[ST_READ] = 1,
		[ST_LOCK] = 3,
		[ST_AGAIN] = 4,
		[ST_PROMOTE] = 5,
		[ST_RESET] = 6,
		[ST_UNLOCK] = 7,
		[ST_WALK] = 8,
		[ST_ENTRY] = 9,
		[ST_RESULT] = 9,
		[ST_ITEM] = 10,
		[ST_END] = 11 },
	[SYNC_MISSLOCKED] = { [ST_MISS] = 1,
		[ST_MISS_CHECK] = 2,
		[ST_MISS_PROMOTE] = 3,
		[ST_MISS_DIRTY] = 4,
		[ST_MISS_ZERO] = 5 },
	[SYNC_DIRTYLOCKED] = { [ST_COPY_READ] = 2,
		[ST_COPY_MAKE] = 3,
		[ST_COPY_WALK] = 4,
		[ST_COPY_ENTRY] = 5,
		[ST_COPY_EXPUNGE] = 6,
		[ST_COPY_LEAVE] = 7,
		[ST_COPY_PUT] = 8 },
};

static enum sync_function function_of(enum op_kind op)
{
	switch (op) {
	case OP_PUT:
	case OP_SWAP: return SYNC_STORE;
	case OP_DEL:
	case OP_LOADANDDELETE: return SYNC_DELETE;
	case OP_LOADORSTORE: return SYNC_LOADORSTORE;
	case OP_CAS: return SYNC_CAS;
	case OP_CAD: return SYNC_CAD;
	case OP_CLEAR: return SYNC_CLEAR;
	case OP_RANGE: return SYNC_RANGE;
	default: return SYNC_LOAD;
	}
}

struct walk {
	const struct scene *s;
	const struct sync_layout *layout;
	enum sync_function own;
	enum stage stage;
	bool locked, again, copying;
};

static void walk_use(struct walk *w, uint64_t part)
{
	if (part == 1)
		w->stage = w->copying          ? ST_COPY_WALK
			: w->own == SYNC_RANGE ? ST_WALK
			: w->again             ? ST_FIND_AGAIN
					       : ST_FIND;
	else if (part == 2 && w->copying)
		w->stage = w->stage == ST_COPY_MAKE ? ST_COPY_MAKE : ST_COPY_PUT;
	else if (part == 2)
		w->stage = w->own == SYNC_CLEAR     ? ST_CLEAR
			: w->stage == ST_UNEXPUNGE  ? ST_UNEXPUNGE
			: w->stage == ST_FIND_AGAIN ? ST_FIND_DIRTY
			: w->stage == ST_FIND_DIRTY ? ST_REMOVE
						    : ST_PUT;
}

static void walk_read(struct walk *w, const struct event *e)
{
	if (e->c == 1) {
		w->stage = ST_READ;
	} else {
		w->copying = w->again;
		w->stage = w->copying ? ST_COPY_READ : ST_AGAIN;
		w->again = true;
	}
}

static void walk_alloc(struct walk *w, const struct event *e)
{
	if (e->b == ROLE_HITER)
		w->stage = w->copying ? ST_COPY_WALK : ST_WALK;
	else if (e->b == ROLE_READONLY && w->own == SYNC_CLEAR)
		w->stage = ST_EMPTY;
	else if (e->b == ROLE_ENTRY)
		w->stage = ST_NEW;
	else if (e->b == ROLE_VALUE)
		w->stage = w->stage == ST_BEGIN                         ? ST_VALUE
			: w->stage == ST_ENTRY || w->stage == ST_RESULT ? ST_SET
									: ST_NEW;
}

static void walk_write(struct walk *w, const struct event *e)
{
	uint64_t at = e->addr - w->s->outer->header;
	bool missed = w->stage == ST_MISS_PROMOTE || w->stage == ST_MISS_DIRTY;
	if (at == w->layout->dirty && missed)
		w->stage = ST_MISS_DIRTY;
	else if (at == w->layout->misses)
		w->stage = missed                                      ? ST_MISS_ZERO
			: w->own == SYNC_RANGE || w->own == SYNC_CLEAR ? ST_RESET
								       : ST_MISS;
	else if (at == w->layout->dirty && w->stage == ST_PROMOTE)
		w->stage = ST_RESET;
}

static void walk_entry(struct walk *w, const struct event *e)
{
	bool stores = w->own == SYNC_STORE || w->own == SYNC_LOADORSTORE;
	if (w->copying)
		w->stage = e->b == ENTRY_EXPUNGED ? ST_COPY_LEAVE : ST_COPY_ENTRY;
	else
		w->stage = stores && w->stage == ST_FIND_AGAIN ? ST_UNEXPUNGE : ST_ENTRY;
}

static void walk_own(struct walk *w, const struct event *e)
{
	switch (e->kind) {
	case EV_SYNCREAD: walk_read(w, e); break;
	case EV_MUTEX:
		w->locked = e->a != 0;
		w->stage = e->a ? ST_LOCK : ST_UNLOCK;
		break;
	case EV_ATOMIC:
		if (e->addr == w->s->outer->header + SYNC_MUTEX && w->stage != ST_LOCK)
			w->stage = ST_UNLOCK;
		break;
	case EV_ALLOC: walk_alloc(w, e); break;
	case EV_WRITE: walk_write(w, e); break;
	case EV_READ:
		if (w->stage == ST_ENTRY || (w->stage == ST_SET && w->own == SYNC_DELETE))
			w->stage = ST_RESULT;
		else if (w->stage == ST_MISS)
			w->stage = ST_MISS_CHECK;
		break;
	case EV_MISS: w->stage = ST_MISS_CHECK; break;
	case EV_PROMOTE: w->stage = e->b == PROMOTE_RANGE ? ST_PROMOTE : ST_MISS_PROMOTE; break;
	case EV_DIRTYCOPY: w->stage = ST_COPY_MAKE; break;
	case EV_ENTRY: walk_entry(w, e); break;
	case EV_EXPUNGE: w->stage = ST_COPY_EXPUNGE; break;
	case EV_UNEXPUNGE: w->stage = ST_UNEXPUNGE; break;
	case EV_CAS: w->stage = w->locked ? ST_SET_LOCKED : ST_SET; break;
	case EV_AMENDED:
		w->copying = false;
		w->stage = ST_AMENDED;
		break;
	case EV_ITEM: w->stage = ST_ITEM; break;
	case EV_END: w->stage = ST_END; break;
	case EV_GOT:
		w->stage = w->stage == ST_FIND || w->stage == ST_READ ? ST_NOTHING
			: w->stage == ST_UNLOCK                       ? ST_RETURN
								      : w->stage;
		break;
	default: break;
	}
}

/* A long operation's first events are not in the log any more.  Only loops are as long. */
static void walk_begin(struct walk *w)
{
	bool whole = w->s->log->first <= w->s->op.first;
	w->locked = w->again = w->copying = !whole && w->own != SYNC_RANGE;
	w->stage = whole ? ST_BEGIN : w->copying ? ST_COPY_WALK : ST_WALK;
}

static enum op_kind inner_op(enum stage stage)
{
	switch (stage) {
	case ST_FIND:
	case ST_FIND_AGAIN:
	case ST_FIND_DIRTY: return OP_GET;
	case ST_REMOVE: return OP_DEL;
	case ST_WALK:
	case ST_COPY_WALK: return OP_RANGE;
	case ST_CLEAR: return OP_CLEAR;
	case ST_COPY_MAKE: return OP_NONE;
	default: return OP_PUT;
	}
}

struct sync_code sync_code_at(const struct scene *s)
{
	struct sync_code at = { .own = function_of(s->op.kind), .nested = -1 };
	struct walk w = { .s = s, .layout = sync_layout(s->outer->go), .own = at.own };
	unsigned outer = s->outer->map;
	if (!s->op.op || s->op.map != outer || s->after || s->event.kind == EV_COUNT || s->step < s->op.first)
		return at;
	walk_begin(&w);
	for (size_t i = 0; i < s->log->count && s->log->first + i <= s->step; i++) {
		const struct event *e = &s->log->event[i];
		if (s->log->first + i < s->op.first)
			continue;
		if (e->kind == EV_USE)
			walk_use(&w, e->a - outer);
		else if (e->map == outer)
			walk_own(&w, e);
	}
	at.own_line = lines[at.own][w.stage];
	at.nested = lines[SYNC_MISSLOCKED][w.stage] ? SYNC_MISSLOCKED
		: lines[SYNC_DIRTYLOCKED][w.stage]  ? SYNC_DIRTYLOCKED
						    : -1;
	at.nested_line = at.nested < 0 ? 0 : lines[at.nested][w.stage];
	if (s->event.map == outer + 1u || s->event.map == outer + 2u) {
		at.inner = s->event.map == outer + 1u ? SYNC_READ : SYNC_DIRTY;
		at.inner_op = inner_op(w.stage);
	}
	return at;
}

static bool before_1_20(const struct scene *s)
{
	return sync_layout(s->outer->go)->read_size == 16;
}

const char *sync_code_title(const struct scene *s, enum sync_function fn)
{
	if (fn == SYNC_STORE && s->op.kind == OP_SWAP)
		return _("Swap (trySwap)");
	if (fn == SYNC_STORE && before_1_20(s))
		return _("Store (tryStore)");
	return _(codes[fn].title);
}

const char *sync_code_line(const struct scene *s, enum sync_function fn, int line)
{
	const char *text = line >= 1 && line <= CODE_LINES ? codes[fn].line[line - 1] : NULL;
	if (!text)
		return NULL;
	if (strcmp(text, "load read") == 0)
		return before_1_20(s) ? _("load read (an atomic.Value)") : _("load read (an atomic pointer)");
	return _(text);
}
