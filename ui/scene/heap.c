/* Sentences of the allocator and the collector; see sentence.h. */
#include "ui/scene/sentence_private.h"
#include "ui/grid/text.h"

#include "trace/go/sizeclass.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void sentence_add_bytes(struct builder *w, const struct event *e)
{
	const char *role = _(block_role_name[e->b < ROLES ? e->b : 0]);
	if (e->size == 1)
		builder_add(w, _("1 byte (%s) is allocated at %" PRIx64 ", zero. "), role, e->addr);
	else
		builder_add(w, _("%" PRIu64 " bytes (%s) are allocated at %" PRIx64 ", all zero. "), e->size,
			role, e->addr);
}

static void add_class(struct builder *w, const struct event *e)
{
	unsigned class = (unsigned)(e->c / 2);
	bool tiny = e->c == 5 && e->size < 16; /* the span class of 16 bytes without pointers */
	if (e->c >= SPAN_STACK)
		builder_add(w, _("It does not escape, so it lies on the goroutine's stack."));
	else if (class == 0)
		builder_add(w,
			_("over 32 KiB, so %" PRIu64 " pages are a span of its own, %" PRIu64
			  " bytes unused."),
			e->a / PAGE_SIZE, e->a - e->size);
	else if (tiny && e->a)
		builder_add(w,
			_("too small for a class of its own: it begins a 16-byte block that others will share."));
	else if (tiny)
		builder_add(w,
			_("it shares a 16-byte block, from its byte %" PRIu64
			  " on, with what the tiny allocator gave before."),
			e->addr % 16);
	else if (class < SIZE_CLASSES && e->addr % 64 == MALLOC_HEADER && class_size[class] > HEADER_OVER &&
		!(e->c & 1))
		builder_add(w,
			_("class %u, %u bytes, 8 for the malloc header before it; object %" PRIu64 "."),
			class, class_size[class], e->d);
	else if (e->a > e->size)
		builder_add(w,
			_("class %u gives %" PRIu64 ", %" PRIu64 " unused: object %" PRIu64 " of its span."),
			class, e->a, e->a - e->size, e->d);
	else
		builder_add(w, _("class %u, object %" PRIu64 " of its span."), class, e->d);
}

/* Behind "makemap: " it goes on; behind a full stop it is a sentence. */
void sentence_add_class(struct builder *w, const struct event *e)
{
	size_t n = builder_length(w);
	add_class(w, e);
	if (w->text && n >= 2 && w->text[n - 2] == '.' && w->text[n] >= 'a' && w->text[n] <= 'z')
		w->text[n] = (char)(w->text[n] - 'a' + 'A');
}

SHARED_SENTENCE(alloc)
{
	sentence_add_bytes(w, e);
	if (e->c < SPAN_STACK)
		builder_add(w, "mallocgc: ");
	sentence_add_class(w, e);
}

SHARED_SENTENCE(free)
{
	const char *role = _(block_role_name[e->b < ROLES ? e->b : 0]);
	if (e->c >= SPAN_STACK)
		builder_add(w,
			_("The loop is over: its %s, %" PRIu64 " bytes at %" PRIx64
			  " on the stack, is gone."),
			role, e->size, e->addr);
	else if (e->c == 5 && e->size < 16)
		builder_add(w,
			P_("%" PRIu64 " of a tiny block's 16 bytes (%s) at %" PRIx64
			   " is freed: nothing reached any part of the block.",
				"%" PRIu64 " of a tiny block's 16 bytes (%s) at %" PRIx64
				" are freed: nothing reached any part of the block.",
				e->size),
			e->size, role, e->addr);
	else
		builder_add(w,
			P_("%" PRIu64 " byte (%s) at %" PRIx64
			   " is freed: nothing reached it any more. Object %" PRIu64
			   " of the span may be used again.",
				"%" PRIu64 " bytes (%s) at %" PRIx64
				" are freed: nothing reached them any more. Object %" PRIu64
				" of the span may be used again.",
				e->size),
			e->size, role, e->addr, e->d);
}

SHARED_SENTENCE(span)
{
	unsigned class = (unsigned)(e->a / 2);
	const char *kind = e->a & 1 ? _("without pointers") : _("with pointers");
	if (e->a >= SPAN_STACK)
		builder_add(w,
			P_("The goroutine's stack: %" PRIu64 " page at %" PRIx64
			   ". Frames grow downwards from its end.",
				"The goroutine's stack: %" PRIu64 " pages at %" PRIx64
				". Frames grow downwards from its end.",
				e->b),
			e->b, e->addr);
	else if (class == 0)
		builder_add(w,
			_("The page heap gives %" PRIu64 " pages of 8 KiB at %" PRIx64
			  ", a span for one large object (%s)."),
			e->b, e->addr, kind);
	else if (class >= SIZE_CLASSES)
		builder_add(w, _("A span of the unknown class %u at %" PRIx64 "."), class, e->addr);
	else if (e->c == SPAN_MCENTRAL)
		builder_add(w,
			_("mcache has no free object of class %u, %u bytes, %s. mcentral has a swept span with room, at %" PRIx64
			  "."),
			class, class_size[class], kind, e->addr);
	else
		builder_add(w,
			P_("mcache has no free object of class %u, %u bytes, %s, mcentral no span: %" PRIu64
			   " x 8 KiB at %" PRIx64 " come from mheap, for %" PRIu64 " object.",
				"mcache has no free object of class %u, %u bytes, %s, mcentral no span: %" PRIu64
				" x 8 KiB at %" PRIx64 " come from mheap, for %" PRIu64 " objects.",
				e->d),
			class, class_size[class], kind, e->b, e->addr, e->d);
}

SHARED_SENTENCE(barrier)
{
	char what[96], was[20] = "nil", will[20] = "nil";
	place_phrase(s, &s->place, what, sizeof what);
	if (e->a)
		snprintf(was, sizeof was, "%" PRIx64, e->a);
	if (e->b)
		snprintf(will, sizeof will, "%" PRIx64, e->b);
	builder_add(
		w, _("Write barrier at %" PRIx64 " (%s), before %s becomes %s. "), e->addr, what, was, will);
	switch (e->c & 3) {
	case 0: builder_add(w, _("Neither is white: nothing is shaded.")); break;
	case 1: builder_add(w, _("The old one is white: it is shaded, lest it hide.")); break;
	case 2: builder_add(w, _("The new one is white: it is shaded.")); break;
	default: builder_add(w, _("Both are white: both are shaded.")); break;
	}
}

SHARED_SENTENCE(shade)
{
	struct block b = { .role = ROLE_NONE };
	const char *what = s->mem->block(s->mem, e->addr, &b) && b.role < ROLES ? _(block_role_name[b.role])
										  : _("An object");
	switch ((enum shade_reason)e->b) {
	case SHADE_ROOT:
		builder_add(w,
			_("%s at %" PRIx64
			  " is a root: a variable of the program refers to it. It is marked and will be scanned."),
			what, e->addr);
		break;
	case SHADE_SCAN:
		builder_add(w, _("%s at %" PRIx64 " is reached by the pointer at %" PRIx64 ": it is marked."),
			what, e->addr, e->a);
		break;
	case SHADE_TINY:
		builder_add(w,
			_("The block at %" PRIx64
			  " that the tiny allocator is filling is marked: what it gives from now on must be born marked."),
			e->addr & ~UINT64_C(15));
		break;
	case SHADE_OLD:
		builder_add(w,
			_("%s at %" PRIx64
			  " is shaded: the pointer that led to it is about to go, and a marker may not have come by."),
			what, e->addr);
		break;
	case SHADE_NEW:
		builder_add(w,
			_("%s at %" PRIx64
			  " is shaded: a new pointer leads to it, perhaps out of an object that is scanned already."),
			what, e->addr);
		break;
	case SHADE_REASONS: break;
	}
}

SHARED_SENTENCE(unspan)
{
	builder_add(w,
		_("No object of the span at %" PRIx64 " is live: its pages (%" PRIu64
		  " of 8 KiB) go back to the page heap."),
		e->addr, e->b);
}

SHARED_SENTENCE(swept)
{
	builder_add(w,
		P_("The span at %" PRIx64 " is swept: %" PRIu64 " object freed, %" PRIu64
		   " live. It waits in mcentral, %s.",
			"The span at %" PRIx64 " is swept: %" PRIu64 " objects freed, %" PRIu64
			" live. It waits in mcentral, %s.",
			e->b),
		e->addr, e->b, e->c, e->d == LIST_PARTIAL ? _("partly free") : _("full"));
}

SHARED_SENTENCE(marking)
{
	builder_add(w, "%s",
		e->a ? _("Marking begins: all is white, new objects are born marked, and every pointer write passes the write barrier. "
			 "Tophash bytes are no pointers and need none.")
		     : _("Marking ends: what is still white is garbage. mcache gives its spans up, and all spans are swept."));
}

/* ---- what is folded ---- */

bool event_of_allocator(const struct event *e)
{
	return e->kind == EV_SPAN ||
		(e->kind == EV_ALLOC &&
			(e->b == ROLE_KEY_TEXT || e->b == ROLE_ELEM_TEXT || e->b == ROLE_BOX));
}

unsigned scene_folded(const struct scene *s)
{
	const struct log *l = s->log;
	unsigned n = 0;
	for (size_t i = l->count; i > 1 && event_of_allocator(&l->event[i - 2]); i--)
		n++;
	return n;
}
