/* Through which functions of package sync a program comes to an allocation; see engine.h.
 *
 * Facts: sync/map.go of Go 1.19.8, 1.22.12 and 1.23.5, and the stacks that their runtime.MemProfile has.
 */
#include "src/engine/sync/map.h"

/* What has happened in the operation so far. */
enum {
	COPYING = 1, /* dirtyLocked is at work */
	LOADED = 2,  /* an entry was looked at: what is allocated then is for it */
	MISSED = 4   /* missLocked promotes */
};

void sync_follow(struct call_path *p, const struct event *e)
{
	switch (e->kind) {
	case EV_DIRTYCOPY: p->state |= COPYING; break;
	case EV_AMENDED: p->state &= ~(unsigned)(COPYING | LOADED); break;
	case EV_ENTRY: p->state |= LOADED; break;
	case EV_PROMOTE: p->state |= e->b == PROMOTE_MISSES ? MISSED : 0; break;
	case EV_ALLOC: p->state &= e->b == ROLE_READONLY ? ~(unsigned)MISSED : ~0U; break;
	default: break;
	}
}

/* An any that an entry is to point to.  That of newEntry is a variable of whoever calls it, since it is
 * inlined. */
static const char *of_value(const struct call_path *p)
{
	switch (p->kind) {
	case OP_CAS: return "runtime.newobject sync.(*entry).tryCompareAndSwap";
	case OP_LOADORSTORE:
		return p->state & LOADED ? "runtime.newobject sync.(*entry).tryLoadOrStore"
					 : "runtime.newobject";
	default: return "runtime.newobject";
	}
}

static const char *of_read_only(const struct call_path *p)
{
	bool missed = p->state & MISSED;
	if (p->release->sync_value) /* an interface of it */
		return missed ? "runtime.convT sync.(*Map).missLocked" : "runtime.convT";
	return missed ? "runtime.newobject sync.(*Map).missLocked" : "runtime.newobject";
}

static const char *method(const struct call_path *p)
{
	switch (p->kind) {
	case OP_PUT:
		return p->release->sync_value ? "sync.(*Map).Store" : "sync.(*Map).Swap sync.(*Map).Store";
	case OP_GET: return "sync.(*Map).Load";
	case OP_DEL: return "sync.(*Map).LoadAndDelete sync.(*Map).Delete";
	case OP_CLEAR: return "sync.(*Map).Clear";
	case OP_RANGE: return "sync.(*Map).Range";
	case OP_SWAP: return "sync.(*Map).Swap";
	case OP_LOADORSTORE: return "sync.(*Map).LoadOrStore";
	case OP_LOADANDDELETE: return "sync.(*Map).LoadAndDelete";
	case OP_CAS: return "sync.(*Map).CompareAndSwap";
	case OP_CAD: return "sync.(*Map).CompareAndDelete";
	default: return "";
	}
}

void sync_functions(const struct call_path *p, const struct event *e, const char *ret[2])
{
	ret[0] = "";
	ret[1] = method(p);
	switch (e->b) {
	case ROLE_BOX:
	case ROLE_KEY_TEXT:
	case ROLE_ELEM_TEXT: ret[1] = ""; break; /* before the method is called */
	case ROLE_SYNC: ret[0] = "runtime.newobject"; break;
	case ROLE_VALUE: ret[0] = of_value(p); break;
	case ROLE_ENTRY: ret[0] = "runtime.newobject sync.newEntry"; break;
	case ROLE_READONLY: ret[0] = of_read_only(p); break;
	default:
		if (p->state & COPYING)
			ret[0] = "sync.(*Map).dirtyLocked";
	}
}
