/* What can be watched; see target.h. */
#include "ui/scene/target.h"
#include "ui/grid/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void target_bucket(struct watch *w, const struct scene *s, const struct bucket_view *b, int slot)
{
	const struct map_type *t = &s->type;
	char name[WATCH_NAME];
	bucket_label(s, b, true, name, sizeof name);
	if (slot < 0) {
		watch_range(w, b->addr, t->bucketsize, name);
		return;
	}
	*w = (struct watch){ .parts = 3, .part = { { b->addr + (uint64_t)slot, 1 },
		{ b->addr + t->keys + (uint64_t)slot * t->keysize, t->keysize },
		{ b->addr + t->elems + (uint64_t)slot * t->elemsize, t->elemsize } } };
	snprintf(w->name, sizeof w->name, "%.50s:%d", name, slot);
}

bool target_field(struct watch *w, const struct scene *s, const char *name)
{
	/* an ordinary map can be watched before it is made: its place is known */
	uint64_t hmap = s->live ? s->hmap.addr : s->map && s->map->kind == MAP_CLASSIC ? s->map->hmap : 0;
	if (!hmap)
		return false;
	for (const struct field *f = hmap_fields; f->name; f++)
		if (strcmp(f->name, name) == 0) {
			watch_range(w, hmap + f->offset, (uint64_t)f->size * f->count, name);
			return true;
		}
	return false;
}

static bool fail(char *error, size_t cap, const char *why, const char *text)
{
	snprintf(error, cap, why, text);
	return false;
}

/* "3", "3.1", "3.1:2", "old 3:2". */
static bool parse_bucket(struct watch *w, const struct scene *s, const char *text, char *error, size_t cap)
{
	const char *p = text;
	char *end;
	unsigned long depth = 0, slot = SLOTS;
	struct bucket_view b;
	enum which_array array = ARRAY_NEW;
	if (strncmp(p, "old ", 4) == 0 || strncmp(p, "new ", 4) == 0) {
		array = *p == 'o' ? ARRAY_OLD : ARRAY_NEW;
		p += 4;
	}
	uint64_t index = strtoull(p, &end, 10);
	bool ok = *p >= '0' && *p <= '9';
	if (ok && *end == '.')
		depth = strtoul(end + 1, &end, 10);
	if (ok && *end == ':')
		slot = strtoul(end + 1, &end, 10);
	if (!ok || *end || slot > SLOTS)
		return fail(error, cap, _("cannot be watched: %s; try count, 3, 3.1:2, old 3, c0000040d2+8"), text);
	if (!s->live || !s->type_ok || !bucket_first(s->mem, &s->type, &s->hmap, array, index, &b))
		return fail(error, cap, _("there is no such bucket here: %s"), text);
	for (; depth > 0; depth--)
		if (!bucket_next(s->mem, &s->type, &s->hmap, &b))
			return fail(error, cap, _("there is no such bucket here: %s"), text);
	target_bucket(w, s, &b, slot == SLOTS ? -1 : (int)slot);
	return true;
}

/* "c0000040d2+8"; a short number is a bucket, addresses of Go's heap have ten digits. */
static bool parse_address(struct watch *w, const char *text)
{
	char *end;
	size_t digits = strspn(text, "0123456789abcdefABCDEF");
	if (digits < 6 || digits > 16)
		return false;
	uint64_t addr = strtoull(text, &end, 16), size = 1;
	if (*end == '+' && end[1] >= '1' && end[1] <= '9')
		size = strtoull(end + 1, &end, 10);
	if (*end || size > UINT64_MAX - addr)
		return false;
	watch_range(w, addr, size, NULL);
	return true;
}

bool target_parse(struct watch *w, const struct scene *s, const char *text, char *error, size_t cap)
{
	if (strncmp(text, "hmap.", 5) == 0)
		text += 5;
	return target_field(w, s, text) || parse_address(w, text) || parse_bucket(w, s, text, error, cap);
}
