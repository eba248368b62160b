/* The model of several cores' caches; see mesi.h.
 *
 * Lines, cells and holders are arrays with numbers for links, so that a copy of the model is four copies of
 * memory.  A holder is what is known of a core and a line that it has used at least once.
 */
#include "trace/base/grown.h"
#include "trace/cache/mesi.h"

#include <stdlib.h>
#include <string.h>

enum { MASK_WORDS = LINE_MOST / 64 };

/* A bit for each byte of a line. */
struct mask {
	uint64_t w[MASK_WORDS];
};

struct mesi_holder {
	uint8_t core;
	bool judged; /* its last transfer was true sharing, or it had none */
	uint32_t next;
	uint32_t cell;       /* that its last transfer is counted in */
	struct mask written; /* by others, since it used the byte */
	struct mask read;    /* by others, since it wrote the byte */
};

char mesi_letter(enum mesi_state s)
{
	return "ISEM"[s];
}

/* ---- memory ---- */

void mesi_init(struct mesi *m, uint32_t line_size, uint32_t most, const struct source *source)
{
	*m = (struct mesi){ .line_size = line_size, .most = most, .types.source = source, .last = MESI_END };
}

void mesi_release(struct mesi *m)
{
	free(m->line);
	free(m->cell);
	free(m->holder);
	addresses_release(&m->index);
	*m = (struct mesi){ 0 };
}

/* The array at to, of room for *cap items, with from's n items in it. */
static void *copy_array(void *to, size_t *cap, const void *from, size_t n, size_t item)
{
	if (*cap < n || !to) {
		*cap = n + n / 4 + 64;
		to = memory_resize(to, *cap * item);
	}
	if (n)
		memcpy(to, from, n * item);
	return to;
}

size_t mesi_bytes(const struct mesi *m)
{
	return sizeof *m + m->lines * sizeof *m->line + m->cells * sizeof *m->cell +
		m->holders * sizeof *m->holder + addresses_bytes(&m->index);
}

void mesi_copy(struct mesi *to, const struct mesi *from)
{
	struct mesi kept = *to;
	kept.line = copy_array(kept.line, &kept.lines_cap, from->line, from->lines, sizeof *kept.line);
	kept.cell = copy_array(kept.cell, &kept.cells_cap, from->cell, from->cells, sizeof *kept.cell);
	kept.holder = copy_array(
		kept.holder, &kept.holders_cap, from->holder, from->holders, sizeof *kept.holder);
	addresses_copy(&kept.index, &from->index);
	*to = *from;
	to->line = kept.line, to->lines_cap = kept.lines_cap;
	to->cell = kept.cell, to->cells_cap = kept.cells_cap;
	to->holder = kept.holder, to->holders_cap = kept.holders_cap;
	to->index = kept.index;
}

/* ---- lines ---- */

const struct mesi_line *mesi_find(const struct mesi *m, uint64_t addr)
{
	const uint64_t *number = addresses_find(&m->index, addr);
	return number ? &m->line[*number] : NULL;
}

/* A number, MESI_END: it is not followed. */
static uint32_t line_of(struct mesi *m, uint64_t addr)
{
	const uint64_t *number = addresses_find(&m->index, addr);
	if (number)
		return (uint32_t)*number;
	if (m->lines >= m->most) {
		m->passed++;
		return MESI_END;
	}
	m->line = grown(m->line, &m->lines_cap, m->lines, sizeof *m->line);
	m->line[m->lines] = (struct mesi_line){ .addr = addr,
		.owner = MESI_NOBODY,
		.writer = MESI_NOBODY,
		.cells = MESI_END,
		.holders = MESI_END };
	*addresses_add(&m->index, addr) = m->lines;
	return (uint32_t)m->lines++;
}

static uint32_t holder_of(struct mesi *m, struct mesi_line *l, unsigned core)
{
	for (uint32_t i = l->holders; i != MESI_END; i = m->holder[i].next)
		if (m->holder[i].core == core)
			return i;
	m->holder = grown(m->holder, &m->holders_cap, m->holders, sizeof *m->holder);
	struct mesi_holder *h = &m->holder[m->holders];
	*h = (struct mesi_holder){
		.core = (uint8_t)core, .judged = true, .next = l->holders, .cell = MESI_END
	};
	/* what others did before it came is news to it */
	for (uint32_t i = l->cells; i != MESI_END; i = m->cell[i].next) {
		const struct mesi_cell *c = &m->cell[i];
		for (unsigned b = c->offset; b < c->offset + c->size && b < LINE_MOST; b++) {
			h->written.w[b / 64] |= (uint64_t)(c->n.writes != 0) << b % 64;
			h->read.w[b / 64] |= (uint64_t)(c->n.reads != 0) << b % 64;
		}
	}
	l->holders = (uint32_t)m->holders++;
	return l->holders;
}

static uint32_t cell_of(struct mesi *m, struct mesi_line *l, unsigned core, unsigned offset)
{
	uint32_t before = MESI_END;
	for (uint32_t i = l->cells; i != MESI_END; before = i, i = m->cell[i].next) {
		const struct mesi_cell *c = &m->cell[i];
		if (c->offset == offset && c->core == core)
			return i;
		if (c->offset > offset || (c->offset == offset && c->core > core))
			break;
	}
	m->cell = grown(m->cell, &m->cells_cap, m->cells, sizeof *m->cell);
	uint32_t *link = before == MESI_END ? &l->cells : &m->cell[before].next, at = (uint32_t)m->cells++;
	m->cell[at] = (struct mesi_cell){ .offset = (uint16_t)offset, .core = (uint8_t)core, .next = *link };
	*link = at;
	return at;
}

/* ---- one access ---- */

enum mesi_state mesi_state(const struct mesi_line *l, unsigned core)
{
	if (core >= CORES || !(l->present >> core & 1))
		return MESI_INVALID;
	return l->owner != core ? MESI_SHARED : l->modified ? MESI_MODIFIED : MESI_EXCLUSIVE;
}

/* What an access adds to the counts; to the cell, to the line and to all lines alike. */
static void count(struct mesi *m, struct mesi_line *l, uint32_t cell, const struct mesi_counts *n)
{
	struct mesi_counts *to[] = { &m->n, &l->n, &m->cell[cell].n };
	for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
		to[i]->reads += n->reads;
		to[i]->writes += n->writes;
		to[i]->hits += n->hits;
		to[i]->transfers += n->transfers;
		to[i]->hitm += n->hitm;
		to[i]->true_sharing += n->true_sharing;
		to[i]->invalidated += n->invalidated;
		to[i]->flips += n->flips;
	}
}

static void changed(
	struct mesi *m, const struct mesi_line *l, unsigned core, enum mesi_state from, enum mesi_state to)
{
	if (from != to && m->changes < MESI_CHANGES)
		m->change[m->changes++] = (struct mesi_change){ (uint32_t)(l - m->line), (uint8_t)core,
			(uint8_t)from, (uint8_t)to };
}

/* The copies go from state to state, as the head of mesi.h has it. */
static void move_states(struct mesi *m, struct mesi_line *l, unsigned core, bool write, struct mesi_counts *n)
{
	uint64_t me = UINT64_C(1) << core, others = l->present & ~me;
	enum mesi_state before = mesi_state(l, core);
	bool modified_elsewhere = l->owner != core && l->owner != MESI_NOBODY && l->modified;
	if (write ? before >= MESI_EXCLUSIVE : before != MESI_INVALID) {
		n->hits = 1;
	} else if (write) {
		n->invalidated = (uint64_t)__builtin_popcountll(others);
		n->transfers = others != 0;
		n->hitm = modified_elsewhere;
	} else {
		n->hitm = n->transfers = modified_elsewhere;
	}
	for (unsigned c = 0; c < CORES && others >> c; c++)
		if (others >> c & 1 && (write || l->owner == c))
			changed(m, l, c, mesi_state(l, c), write ? MESI_INVALID : MESI_SHARED);
	if (write) {
		n->flips = l->writer != core && l->writer != MESI_NOBODY && before != MESI_MODIFIED;
		l->present = me;
		l->owner = l->writer = (uint8_t)core;
		l->modified = true;
	} else if (before == MESI_INVALID) {
		l->owner = l->present ? MESI_NOBODY : (uint8_t)core;
		l->modified = false;
		l->present |= me;
	}
	changed(m, l, core, before, mesi_state(l, core));
}

static bool overlaps(const struct mask *a, const struct mask *b)
{
	uint64_t any = 0;
	for (int i = 0; i < MASK_WORDS; i++)
		any |= a->w[i] & b->w[i];
	return any != 0;
}

/* Has this access met news, and what is news to the others now? */
static bool exchange_news(struct mesi *m, struct mesi_line *l, struct mesi_holder *h,
	const struct mask *bytes, bool reads, bool writes)
{
	bool met = overlaps(&h->written, bytes) || (writes && overlaps(&h->read, bytes));
	for (int i = 0; i < MASK_WORDS; i++) {
		h->written.w[i] &= ~bytes->w[i];
		if (writes)
			h->read.w[i] &= ~bytes->w[i];
	}
	for (uint32_t k = l->holders; k != MESI_END; k = m->holder[k].next)
		for (int i = 0; &m->holder[k] != h && i < MASK_WORDS; i++) {
			m->holder[k].written.w[i] |= writes ? bytes->w[i] : 0;
			m->holder[k].read.w[i] |= reads ? bytes->w[i] : 0;
		}
	return met;
}

/* size bytes that lie in one line. */
static void touch(struct mesi *m, unsigned core, enum mesi_access access, uint64_t addr, unsigned size)
{
	uint32_t at = line_of(m, line_start(addr, m->line_size));
	if (at == MESI_END)
		return;
	struct mesi_line *l = &m->line[at];
	unsigned offset = (unsigned)(addr - l->addr);
	uint32_t holder = holder_of(m, l, core), cell = cell_of(m, l, core, offset);
	if (holder == MESI_END || cell == MESI_END)
		return;
	struct mesi_holder *h = &m->holder[holder];
	struct mesi_counts n = { .reads = access != MESI_WRITE, .writes = access == MESI_WRITE };
	struct mask bytes = { { 0 } };
	for (unsigned b = offset; b < offset + size; b++)
		bytes.w[b / 64] |= UINT64_C(1) << b % 64;
	move_states(m, l, core, access != MESI_READ, &n);
	if (n.transfers) {
		h->judged = false;
		h->cell = cell;
	}
	bool met = exchange_news(m, l, h, &bytes, access != MESI_WRITE, access == MESI_WRITE);
	count(m, l, cell, &n);
	if (met && !h->judged) {
		h->judged = true;
		count(m, l, h->cell, &(struct mesi_counts){ .true_sharing = 1 });
	}
	if (m->cell[cell].size < size)
		m->cell[cell].size = (uint8_t)(size < 255 ? size : 255);
	m->cell[cell].step = l->step = m->step;
	m->last = at;
	l->users |= UINT64_C(1) << core;
	m->cores |= UINT64_C(1) << core;
}

void mesi_access(struct mesi *m, unsigned core, enum mesi_access access, uint64_t addr, uint64_t size)
{
	while (size > 0 && core < CORES) {
		uint64_t left = line_start(addr, m->line_size) + m->line_size - addr,
			 n = size < left ? size : left;
		touch(m, core, access, addr, (unsigned)n);
		addr += n;
		size -= n;
	}
}

/* ---- a recording ---- */

void mesi_forget_changes(struct mesi *m)
{
	m->changes = 0;
}

struct taking {
	struct mesi *m;
	bool atomic;
};

static void take(void *context, uint64_t addr, unsigned size, bool write)
{
	struct taking *t = context;
	mesi_access(t->m, t->m->core, write ? MESI_WRITE : t->atomic ? MESI_ATOMIC : MESI_READ, addr, size);
}

void mesi_event(struct mesi *m, const struct event *e, uint64_t step)
{
	m->step = step;
	mesi_forget_changes(m);
	switch (e->kind) {
	case EV_OP:
		m->in_operation = true;
		m->core = 0;
		return;
	case EV_CORE: m->core = (uint8_t)(e->a < CORES ? e->a : 0); return;
	case EV_DONE: m->in_operation = false; return;
	default: break;
	}
	if (m->in_operation && e->addr)
		access_each(&m->types, e, take, &(struct taking){ m, e->kind == EV_ATOMIC });
}
